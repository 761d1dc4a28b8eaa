#include "base/files.hpp"
#include "mesh/vtk_mesh.hpp"
#include "unit/mesh/file_support.hpp"
#include "unit/mesh/vtk_files.hpp"

#include <catch2/catch.hpp>

using namespace calcar;
using namespace calcar::mesh;
using namespace calcar::mesh::test;

TEST_CASE("VTK files cut off or with changed bytes are read or refused, nothing else", "[vtk]")
{
  CHECK(survive(legacy_vtk, legacy_2, 2000) > 500);
  CHECK(survive(legacy_vtk, legacy_5, 2000) > 500);
  CHECK(survive(legacy_vtk, legacy_binary(), 2000) > 500);
  CHECK(survive(vtu, two_tetrahedra_as_vtu(Habit::ascii), 1000) > 500);
  CHECK(survive(vtu, two_tetrahedra_as_vtu(Habit::base64_inline), 1000) > 500);
  const TemporaryFolder folder;
  write_vtu(folder / "compressed.vtu", two_tetrahedra());
  CHECK(survive(vtu, read_text(folder / "compressed.vtu"), 1000) > 500);
  CHECK(survive(vtu, two_tetrahedra_as_vtu(Habit::raw_appended), 1000) > 500);
}
