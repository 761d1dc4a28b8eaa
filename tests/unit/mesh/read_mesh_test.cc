#include "base/files.hpp"
#include "mesh/read_mesh.hpp"
#include "unit/mesh/file_support.hpp"

#include <catch2/catch.hpp>

using namespace calcar;
using namespace calcar::mesh;
using namespace calcar::mesh::test;
using Catch::Contains;

namespace
{

const std::string ucd = "4 1 0 0 0\n1 0 0 0\n2 1 0 0\n3 0 1 0\n4 0 0 1\n1 5 tet 1 2 3 4\n";
const std::string abaqus = "*NODE\n1, 0, 0, 0\n2, 1, 0, 0\n3, 0, 1, 0\n4, 0, 0, 1\n"
                           "*ELEMENT, TYPE=C3D4, ELSET=Bone\n1, 1, 2, 3, 4\n";

} // namespace

TEST_CASE("the extension of a mesh chooses its format, in any case", "[read_mesh]")
{
  const TemporaryFolder folder;
  write_mesh(folder / "a.msh", two_tetrahedra());
  std::filesystem::rename(folder / "a.msh", folder / "a.MSH");
  check_same(read_mesh(folder / "a.MSH").mesh, two_tetrahedra(), true);
  CHECK(mesh_extensions() == std::vector<std::string>{".inp", ".msh", ".ucd", ".vtk", ".vtu"});
  CHECK_THAT(refusal_of([&] { read_mesh(folder / "femur.stl"); }),
             Contains("femur.stl: a mesh with the extension \".stl\"; allowed: .inp, .msh, .ucd, "
                      ".vtk, .vtu"));
  CHECK_THAT(refusal_of([&] { read_mesh(folder / "none.msh"); }),
             Contains("none.msh: no such file"));
  CHECK_THAT(refusal_of([&] { write_mesh(folder / "a.vtk", two_tetrahedra()); }, Fault::command),
             Contains("a.vtk: a mesh cannot be written with the extension \".vtk\"; allowed: .inp, "
                      ".msh, .vtu"));
}

TEST_CASE("an .inp is Abaqus or UCD by its first line", "[read_mesh]")
{
  const TemporaryFolder folder;
  const auto regions_of_text = [&](const std::string& text)
  {
    write_bytes(folder / "mesh.inp", text);
    return read_mesh(folder / "mesh.inp").mesh.regions;
  };
  CHECK(regions_of_text(ucd) == std::vector<std::string>{"material 5"});
  CHECK(regions_of_text("# made by hand\n" + ucd) == std::vector<std::string>{"material 5"});
  CHECK(regions_of_text(abaqus) == std::vector<std::string>{"Bone"});
  CHECK(regions_of_text("\r\n** made by hand\n" + abaqus) == std::vector<std::string>{"Bone"});
  CHECK_THAT(refusal_of([&] { regions_of_text("solid femur\n"); }),
             Contains("mesh.inp: neither an Abaqus deck nor AVS UCD"));
  CHECK_THAT(refusal_of([&] { regions_of_text(""); }), Contains("neither an Abaqus deck"));
}

TEST_CASE("a mesh knows the file that it came from, and its unit", "[read_mesh]")
{
  const TemporaryFolder folder;
  write_bytes(folder / "mesh.ucd", ucd);
  const Mesh mesh = read_mesh(folder / "mesh.ucd", 1000).mesh;
  CHECK(mesh.points[1] == Vec3{1000, 0, 0});
  CHECK(mesh.source.path == (folder / "mesh.ucd").string());
  CHECK(mesh.source.sha256 == sha256_of_text(ucd));
}

TEST_CASE("one mesh is the same in every format that is written", "[read_mesh]")
{
  const TemporaryFolder folder;
  for (Mesh mesh : {two_tetrahedra(), two_hexahedra()})
    for (const int degree : {1, 2})
    {
      mesh.degree = degree;
      mesh.regions = {"CORTEX", "LESION"}; // names that every format can hold
      mesh.cell_tags = mesh.point_tags = {};
      for (const char* name : {"mesh.msh", "mesh.vtu", "mesh.inp"})
      {
        INFO(name);
        write_mesh(folder / name, mesh);
        const Mesh back = read_mesh(folder / name).mesh;
        check_same(back, mesh, std::string(name) != "mesh.vtu");
        CHECK(back.points == mesh.points);
      }
    }
}
