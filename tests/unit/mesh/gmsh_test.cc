#include "mesh/gmsh.hpp"
#include "mesh/read_mesh.hpp"
#include "unit/mesh/file_support.hpp"
#include "unit/mesh/gmsh_bytes.hpp"
#include "unit/mesh/gmsh_texts.hpp"

#include <catch2/catch.hpp>

#include <algorithm>
#include <numeric>

using namespace calcar;
using namespace calcar::mesh;
using namespace calcar::mesh::test;
using Catch::Contains;

TEST_CASE("Gmsh 4.1 gives regions and surfaces by their physical names", "[gmsh]")
{
  const ReadMesh read_mesh = gmsh.read(plain_4);
  const Mesh& mesh = read_mesh.mesh;
  CHECK(mesh.degree == 1);
  CHECK(mesh.points == std::vector<Vec3>{{0, 0, 0}, {1, 0, 0}, {0, 1, 0}, {0, 0, 1}, {0, 0, -1}});
  CHECK(mesh.corners == std::vector<std::uint32_t>{0, 1, 2, 3, 0, 2, 1, 4});
  CHECK(mesh.regions == std::vector<std::string>{"Cortex", "the \"soft\" part"});
  CHECK(mesh.region == std::vector<std::uint16_t>{0, 1});
  CHECK(mesh.cell_tags == std::vector<std::uint64_t>{4, 5});
  CHECK(mesh.point_tags.empty());
  REQUIRE(mesh.face_sets.size() == 1);
  CHECK(mesh.face_sets[0].name == "head load");
  CHECK(mesh.face_sets[0].faces == std::vector<FaceOfCell>{{0, 0}});
  REQUIRE(read_mesh.warnings.size() == 3);
  CHECK(read_mesh.warnings[0].code == "mesh_inner_surface");
  CHECK(read_mesh.warnings[1].text == "1 2-node lines (Gmsh type 1) left out");
  CHECK(read_mesh.warnings[2].text == "1 points (Gmsh type 15) left out");
}

TEST_CASE("a file in metres is read in millimetres", "[gmsh]")
{
  const FileMesh mesh = read_gmsh(replaced(plain_4, "\n1 0 0\n0 1", "\n0.45 0 0\n0 1"), "f", 1000);
  CHECK(mesh.points[1] == Vec3{450, 0, 0});
}

TEST_CASE("Gmsh 2.2 with partitions, comments, empty lines and CRLF is read", "[gmsh]")
{
  const ReadMesh read_mesh = gmsh.read(replaced(habits_2, "4000000000", "2147483647"));
  const Mesh& mesh = read_mesh.mesh;
  CHECK(mesh.point_tags == std::vector<std::uint64_t>{1000000, 17, 3, 2147483647, 5});
  CHECK(mesh.cell_tags == std::vector<std::uint64_t>{12, 11});
  CHECK(mesh.corners == std::vector<std::uint32_t>{0, 1, 2, 3, 0, 2, 1, 4});
  CHECK(mesh.regions == std::vector<std::string>{"physical volume 2"});
  REQUIRE(mesh.face_sets.size() == 1);
  CHECK(mesh.face_sets[0].name == "physical surface 8");
  CHECK(volume(mesh, 0) == Approx(1.0 / 6));
}

TEST_CASE("partitions of Gmsh 4.1 are one mesh, cells in several groups a region of their own",
          "[gmsh]")
{
  const std::string partitions = "$PartitionedEntities\n"
                                 "2\n"
                                 "1\n"
                                 "77 1\n"
                                 "0 0 0 2\n"
                                 "5 3 1 1 1 0 0 0 1 1 1 2 2 1 0\n"
                                 "6 3 2 2 1 2 0 0 -1 1 1 0 0 0\n"
                                 "$EndPartitionedEntities\n"
                                 "$Nodes\n";
  std::string text = replaced(plain_4, "$Nodes\n", partitions);
  text = replaced(text, "3 1 4 1\n", "3 5 4 1\n");
  text = replaced(text, "3 2 4 1\n", "3 6 4 1\n");
  text += "$GhostElements\n1\n4 1 1 2\n$EndGhostElements\n"
          "$Periodic\n0\n$EndPeriodic\n"
          "$ElementData\n1\n\"density\"\n0\n0\n$EndElementData\n";
  const ReadMesh read_mesh = gmsh.read(text);
  CHECK(read_mesh.mesh.regions ==
        std::vector<std::string>{"Cortex + the \"soft\" part", "volume 2"});
  const auto said = [&](const std::string& words)
  {
    return std::any_of(read_mesh.warnings.begin(), read_mesh.warnings.end(),
                       [&](const Warning& w) { return w.text.find(words) != std::string::npos; });
  };
  CHECK(said("1 cells are in several physical volumes; they are the region \"Cortex + the"));
  CHECK(said("1 cells are in no physical volume; they are kept as region \"volume 2\""));
  CHECK(said("section $ElementData left out"));
}

TEST_CASE("without physical groups every volume of Gmsh is a region, surfaces are left out",
          "[gmsh]")
{
  std::string text = replaced(plain_4, "4 0 0 0 1 1 0 1 9 0 ", "4 0 0 0 1 1 0 0 0 ");
  text = replaced(text, "1 0 0 0 1 1 1 1 1 1 4 ", "1 0 0 0 1 1 1 0 1 4 ");
  text = replaced(text, "2 0 0 -1 1 1 0 1 2 0 ", "2 0 0 -1 1 1 0 0 0 ");
  const ReadMesh whole = gmsh.read(text);
  CHECK(whole.mesh.regions == std::vector<std::string>{"volume 1", "volume 2"});
  CHECK(whole.mesh.face_sets.empty());
  REQUIRE(!whole.warnings.empty());
  CHECK(whole.warnings[0].text == "1 triangles in no physical surface left out");
  CHECK_FALSE(has_warning(whole.warnings, "mesh_no_physical_group"));

  // also when there is no $Entities, as some programs write
  const std::size_t begin = plain_4.find("$Entities"), end = plain_4.find("$Nodes");
  CHECK(gmsh.read(plain_4.substr(0, begin) + plain_4.substr(end)).mesh.regions ==
        std::vector<std::string>{"volume 1", "volume 2"});

  const ReadMesh without_tags = gmsh.read(
      "$MeshFormat\n2 0 8\n$EndMeshFormat\n$Nodes\n4\n1 0 0 0\n2 1 0 0\n3 0 1 0\n4 0 0 1\n"
      "$EndNodes\n$Elements\n1\n1 4 0 1 2 3 4\n$EndElements\n");
  CHECK(without_tags.mesh.regions == std::vector<std::string>{"volume 0"});
}

TEST_CASE("parametric coordinates of Gmsh 4.1 are passed over", "[gmsh]")
{
  std::string text = replaced(plain_4, "2 4 0 3\n", "2 4 1 3\n");
  text = replaced(text, "\n0 0 0\n1 0 0\n0 1 0\n", "\n0 0 0 0.1 0.2\n1 0 0 0.3 0.4\n0 1 0 .5 -6\n");
  CHECK(gmsh.read(text).mesh.points == gmsh.read(plain_4).mesh.points);
  CHECK_THAT(gmsh.refused(replaced(text, " 0.3 0.4\n", " 0.3\n")),
             Contains("femur.msh:25: the line ends where a parametric coordinate should stand"));
}

TEST_CASE("binary Gmsh files of either byte order are what the text is", "[gmsh]")
{
  for (const bool swapped : {false, true})
  {
    const Mesh expected = two_tetrahedra();
    check_same(gmsh.read(gmsh_4_bytes(expected, swapped)).mesh, expected, true);
    check_same(gmsh.read(gmsh_2_bytes(expected, swapped)).mesh, expected, true);
  }
  const std::string bytes = gmsh_4_bytes(two_tetrahedra(), false);
  CHECK_THAT(gmsh.refused(replaced(bytes, "4.1 1 8", "4.1 1 4")),
             Contains("numbers of 4 bytes; allowed: 8"));
  std::string odd = bytes;
  odd[odd.find("4.1 1 8\n") + 8] = 3;
  CHECK_THAT(gmsh.refused(odd), Contains("femur.msh, byte 20: the order of bytes cannot be told"));
  CHECK_THAT(gmsh.refused(bytes.substr(0, bytes.find("$Elements") + 20)),
             Contains("femur.msh, byte") && Contains("the file ends"));
}

TEST_CASE("Gmsh lists mid-edge nodes in its own order", "[gmsh]")
{
  struct Element
  {
    int type;
    std::vector<std::vector<int>> middles; ///< corners around each further node, as the manual says
    std::vector<Vec3> corners;
    std::size_t other; ///< another node to swap the last one of the edges with
  };
  const std::vector<Vec3> tetrahedron = {{0, 0, 0}, {2, 0.1, 0}, {0.3, 3, 0.2}, {0.1, 0.4, 5}};
  const std::vector<Vec3> hexahedron = {{0, 0, 0},       {2, 0, 0.1},   {2.2, 3, 0.3},
                                        {-0.1, 3.1, 0},  {0.2, 0.1, 5}, {2, -0.2, 5.5},
                                        {2.3, 3.3, 5.1}, {0, 3, 4.9}};
  const std::vector<std::vector<int>> edges = {{0, 1}, {0, 3}, {0, 4}, {1, 2}, {1, 5}, {2, 3},
                                               {2, 6}, {3, 7}, {4, 5}, {4, 7}, {5, 6}, {6, 7}};
  auto all = edges;
  for (const auto& face : std::vector<std::vector<int>>{{0, 3, 2, 1},
                                                        {0, 1, 5, 4},
                                                        {0, 4, 7, 3},
                                                        {1, 2, 6, 5},
                                                        {2, 3, 7, 6},
                                                        {4, 5, 6, 7},
                                                        {0, 1, 2, 3, 4, 5, 6, 7}})
    all.push_back(face);
  const std::vector<Element> elements = {
      {11, {{0, 1}, {1, 2}, {2, 0}, {3, 0}, {3, 2}, {3, 1}}, tetrahedron, 8},
      {17, edges, hexahedron, 10},
      {12, all, hexahedron, 10}};
  for (const Element& element : elements)
  {
    std::vector<Vec3> nodes = element.corners;
    for (const auto& around : element.middles)
    {
      Vec3 sum;
      for (const int corner : around)
        sum += element.corners[static_cast<std::size_t>(corner)];
      nodes.push_back(sum / static_cast<double>(around.size()));
    }
    std::vector<std::size_t> order(nodes.size());
    std::iota(order.begin(), order.end(), std::size_t{1});
    const Mesh mesh = gmsh.read(gmsh_2_element(element.type, nodes, order)).mesh;
    CHECK(mesh.degree == 2);
    CHECK(mesh.points == element.corners);
    std::swap(order.back(), order[element.other]);
    CHECK_THAT(gmsh.refused(gmsh_2_element(element.type, nodes, order)),
               Contains("a curved element: node") && Contains("of element 1") &&
                   Contains("Mesh.SecondOrderLinear = 1"));
  }
}

TEST_CASE("the real femur of tetrahedra is read", "[gmsh][real]")
{
  const std::filesystem::path file = CALCAR_REAL_DATA "/femur_whole_tet/femur.msh";
  if (!std::filesystem::exists(file))
  {
    WARN("skipped, there is no " << file);
    return;
  }
  const ReadMesh femur = read_mesh(file);
  CHECK(femur.mesh.points.size() == 13095);
  CHECK(femur.mesh.cells() == 75840);
  CHECK(femur.mesh.regions == std::vector<std::string>{"Femur"});
  // README: 118 x 63 x 466 mm
  const Box extent = box(femur.mesh);
  CHECK(extent.high.x - extent.low.x == Approx(118).margin(1));
  CHECK(extent.high.y - extent.low.y == Approx(63).margin(1));
  CHECK(extent.high.z - extent.low.z == Approx(466).margin(1));
}
