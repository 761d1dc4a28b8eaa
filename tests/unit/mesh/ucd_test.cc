#include "mesh/ucd.hpp"
#include "unit/mesh/file_support.hpp"

#include <catch2/catch.hpp>

using namespace calcar;
using namespace calcar::mesh;
using namespace calcar::mesh::test;
using Catch::Contains;

namespace
{

const FormatReader ucd = {read_ucd, "femur.ucd"};

const std::string two_cells = "# made by hand\n"
                              "#\n"
                              "5 6 0 0 0\n"
                              "1  0 0 0\n"
                              "2  1 0 0\n"
                              "3  0 1 0\n"
                              "10 0 0 1\n"
                              "11 0 0 -1.5e0\n"
                              "1 2 tet 1 2 3 10\n"
                              "2 7 tet 1 3 2 11\n"
                              "3 0 line 1 2\n"
                              "4 0 pt 1\n"
                              "5 4 tri 1 2 10\n"
                              "6 0 tri 2 3 10\n";

} // namespace

TEST_CASE("UCD materials become regions, its triangles surfaces", "[ucd]")
{
  const ReadMesh read = ucd.read(two_cells);
  CHECK(read.mesh.regions == std::vector<std::string>{"material 2", "material 7"});
  CHECK(read.mesh.point_tags == std::vector<std::uint64_t>{1, 2, 3, 10, 11});
  CHECK(read.mesh.corners == std::vector<std::uint32_t>{0, 1, 2, 3, 0, 2, 1, 4});
  CHECK(volume(read.mesh, 0) == Approx(1.0 / 6));
  CHECK(volume(read.mesh, 1) == Approx(1.5 / 6));
  REQUIRE(read.mesh.face_sets.size() == 1);
  CHECK(read.mesh.face_sets[0].name == "material 4");
  CHECK(read.mesh.face_sets[0].faces == std::vector<FaceOfCell>{{0, 1}});
  REQUIRE(read.warnings.size() == 3);
  CHECK(read.warnings[0].text == "1 line cells left out");
  CHECK(read.warnings[2].text == "1 tri cells of material 0 left out");
}

TEST_CASE("UCD hexahedra are read in either order of top and bottom", "[ucd]")
{
  const std::string nodes = "8 1 0 1 0\n1 0 0 0\n2 1 0 0\n3 1 1 0\n4 0 1 0\n"
                            "5 0 0 2\n6 1 0 2\n7 1 1 2\n8 0 1 2\n";
  const auto volume_of = [&](const std::string& cell)
  {
    const FileMesh mesh = read_ucd(nodes + cell + "1 1\ndensity, g/cm3\n1 0.5\n", "f.ucd", 10);
    CHECK(mesh.ignored == std::vector<std::string>{"data of nodes and cells"});
    return volume(assemble(mesh, {}).mesh, 0);
  };
  CHECK(volume_of("1 1 hex 1 2 3 4 5 6 7 8\n") == Approx(2000));
  // inside out: for the checks of the mesh to find
  CHECK(volume_of("1 1 hex 5 6 7 8 1 2 3 4\n") == Approx(-2000));
}

TEST_CASE("a spoiled UCD file is refused with its line", "[ucd]")
{
  const auto spoiled = [](const std::string& what, const std::string& by)
  { return ucd.refused(replaced(two_cells, what, by)); };
  CHECK_THAT(spoiled("2  1 0 0", "2  1 0"), Contains("femur.ucd:5: the line ends where the z"));
  CHECK_THAT(spoiled("2  1 0 0", "2  1 O 0"),
             Contains("femur.ucd:5: \"O\" where the y coordinate"));
  CHECK_THAT(spoiled("2  1 0 0", "-2  1 0 0"),
             Contains("femur.ucd:5: -2 for the number of a node"));
  CHECK_THAT(spoiled("2 7 tet 1 3 2 11", "2 7 prism 1 3 2 11 1 1"),
             Contains("femur.ucd:10: cell 2 is of type \"prism\"; allowed: tet, hex"));
  CHECK_THAT(spoiled("2 7 tet 1 3 2 11", "2 7 tet 1 3 2"), Contains("femur.ucd:10: the line ends"));
  CHECK_THAT(spoiled("2 7 tet 1 3 2 11", "2 7 tet 1 3 2 12"), Contains("element 2 uses node 12"));
  CHECK_THAT(spoiled("5 6 0 0 0", "5 5 0 0 0"),
             Contains("femur.ucd:14: more lines than 5 nodes and 5 cells"));
  CHECK_THAT(spoiled("5 6 0 0 0", "5 6 0"),
             Contains("femur.ucd:3: the line ends where the number"));
  CHECK_THAT(spoiled("5 6 0 0 0", "500000 6 0 0 0"),
             Contains("femur.ucd:3: 500000 nodes announced, but only"));
  CHECK_THAT(ucd.refused("\x07"
                         "abc"),
             Contains("a binary UCD file; allowed: UCD as text"));
  CHECK_THAT(ucd.refused(""), Contains("the file ends where the number of nodes should stand"));
}

TEST_CASE("UCD files cut off or with changed bytes are read or refused, nothing else", "[ucd]")
{
  CHECK(survive(ucd, two_cells, 3000) > two_cells.size());
}
