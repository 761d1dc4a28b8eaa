#include "base/provenance.hpp"
#include "geometry/byte_order_mark.hpp"
#include "mesh/read_mesh.hpp"
#include "temporary_folder.hpp"
#include "unit/mesh/file_support.hpp"

#include <catch2/catch.hpp>

#include <fstream>
#include <iterator>

using namespace calcar;
using namespace calcar::mesh;
using calcar::test::TemporaryFolder;

namespace
{
const std::string mark = "\xEF\xBB\xBF";

std::string bytes_of(const std::filesystem::path& file)
{
  std::ifstream stream(file, std::ios::binary);
  return {std::istreambuf_iterator<char>(stream), {}};
}

void write(const std::filesystem::path& file, const std::string& bytes)
{
  std::ofstream(file, std::ios::binary) << bytes;
}
} // namespace

TEST_CASE("a byte order mark before a text is passed over, and stays in the hash", "[bom]")
{
  const TemporaryFolder folder;
  const Mesh mesh = mesh::test::two_tetrahedra();
  for (const char* name : {"mesh.msh", "mesh.inp", "mesh.vtu"})
  {
    const auto plain = folder.path() / name;
    const auto marked = folder.path() / ("marked_" + std::string(name));
    write_mesh(plain, mesh);
    write(marked, mark + bytes_of(plain));
    const ReadMesh read = read_mesh(marked);
    INFO(name);
    CHECK(read.mesh.points == mesh.points);
    CHECK(read.mesh.corners == mesh.corners);
    CHECK(read.mesh.source.sha256 == sha256_of(marked));
    CHECK(read.mesh.source.sha256 != sha256_of(plain));
  }
}

TEST_CASE("a byte order mark before an included file is passed over, and its source is handed out",
          "[bom][abaqus]")
{
  const TemporaryFolder folder;
  const auto nodes = folder.path() / "nodes.inc";
  write(nodes, mark + "*NODE\n1, 0, 0, 0\n2, 1, 0, 0\n3, 0, 1, 0\n4, 0, 0, 1\n");
  write(folder.path() / "deck.inp",
        "*INCLUDE, INPUT=nodes.inc\n*ELEMENT, TYPE=C3D4, ELSET=bone\n1, 1, 2, 3, 4\n");
  const ReadMesh read = read_mesh(folder.path() / "deck.inp");
  CHECK(read.mesh.cells() == 1);
  REQUIRE(read.included.size() == 1);
  CHECK(read.included[0].path == nodes.string());
  CHECK(read.included[0].sha256 == sha256_of(nodes));
}

TEST_CASE("the bytes of a mark are data in a binary file", "[bom]")
{
  using geometry::without_byte_order_mark;
  CHECK(without_byte_order_mark(mark + "solid") == "solid");
  CHECK(without_byte_order_mark("solid") == "solid");
  CHECK(without_byte_order_mark(mark + std::string(5, '\0')) == mark + std::string(5, '\0'));
  CHECK(without_byte_order_mark("") == "");
  CHECK(without_byte_order_mark(mark).empty());
}
