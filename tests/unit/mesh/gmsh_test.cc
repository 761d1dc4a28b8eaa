#include "mesh/gmsh.hpp"
#include "mesh/read_mesh.hpp"
#include "unit/mesh/file_support.hpp"
#include "unit/mesh/gmsh_bytes.hpp"

#include <catch2/catch.hpp>

#include <algorithm>
#include <numeric>

using namespace calcar;
using namespace calcar::mesh;
using namespace calcar::mesh::test;
using Catch::Contains;

namespace
{

FileMesh parse(const std::string& text)
{
  return read_gmsh(text, "femur.msh", 1);
}

ReadMesh read(const std::string& text)
{
  return assemble(parse(text), {"femur.msh", ""});
}

std::string refused(const std::string& text)
{
  return refusal_of([&] { read(text); });
}

/// Format 4.1 as Gmsh writes it: a point, a line, a named surface, two volumes in groups.
const std::string plain_4 = "$MeshFormat\n"
                            "4.1 0 8\n"
                            "$EndMeshFormat\n"
                            "$PhysicalNames\n"
                            "3\n"
                            "2 9 \"head load\"\n"
                            "3 1 \"Cortex\"\n"
                            "3 2 \"the \"soft\" part\"\n"
                            "$EndPhysicalNames\n"
                            "$Entities\n"
                            "1 1 1 2\n"
                            "1 0 0 0 0 \n"
                            "1 0 0 0 1 0 0 0 2 1 -2 \n"
                            "4 0 0 0 1 1 0 1 9 0 \n"
                            "1 0 0 0 1 1 1 1 1 1 4 \n"
                            "2 0 0 -1 1 1 0 1 2 0 \n"
                            "$EndEntities\n"
                            "$Nodes\n"
                            "2 5 1 5\n"
                            "2 4 0 3\n"
                            "1\n"
                            "2\n"
                            "3\n"
                            "0 0 0\n"
                            "1 0 0\n"
                            "0 1 0\n"
                            "3 1 0 2\n"
                            "4\n"
                            "5\n"
                            "0 0 1\n"
                            "0 0 -1\n"
                            "$EndNodes\n"
                            "$Elements\n"
                            "5 5 1 5\n"
                            "0 1 15 1\n"
                            "1 1 \n"
                            "1 1 1 1\n"
                            "2 1 2 \n"
                            "2 4 2 1\n"
                            "3 1 2 3 \n"
                            "3 1 4 1\n"
                            "4 1 2 3 4 \n"
                            "3 2 4 1\n"
                            "5 1 3 2 5 \n"
                            "$EndElements\n";

/// Format 2.2 with partitions as a third tag and more, comments, empty lines and CRLF.
const std::string habits_2 = "$Comments\r\n"
                             "made by hand, $Nodes is not a section here\r\n"
                             "$EndComments\r\n"
                             "a line between sections\r\n"
                             "$MeshFormat\r\n"
                             "2.2 0 8\r\n"
                             "$EndMeshFormat\r\n"
                             "\r\n"
                             "$Nodes\r\n"
                             "5\r\n"
                             "\r\n"
                             "1000000 0.0 0.0 0.0\r\n"
                             "17 1.0E+00 0 0\r\n"
                             "  3\t0 +1 0\r\n"
                             "4000000000 0 0 1\r\n"
                             "5 0 0 -1.0e0\r\n"
                             "$EndNodes\r\n"
                             "$Elements\r\n"
                             "3\r\n"
                             "12 4 4 2 30 1 2 1000000 17 3 2147483647\r\n"
                             "\r\n"
                             "11 4 3 -2 30 1 1000000 3 17 5\r\n"
                             "1 2 2 8 5 1000000 17 3\r\n"
                             "$EndElements\r\n";

} // namespace

TEST_CASE("Gmsh 4.1 gives regions and surfaces by their physical names", "[gmsh]")
{
  const ReadMesh read_mesh = read(plain_4);
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
  const ReadMesh read_mesh = read(replaced(habits_2, "4000000000", "2147483647"));
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
  const ReadMesh read_mesh = read(text);
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
  const ReadMesh whole = read(text);
  CHECK(whole.mesh.regions == std::vector<std::string>{"volume 1", "volume 2"});
  CHECK(whole.mesh.face_sets.empty());
  REQUIRE(!whole.warnings.empty());
  CHECK(whole.warnings[0].text == "1 triangles in no physical surface left out");
  CHECK_FALSE(has_warning(whole.warnings, "mesh_no_physical_group"));

  // also when there is no $Entities, as some programs write
  const std::size_t begin = plain_4.find("$Entities"), end = plain_4.find("$Nodes");
  CHECK(read(plain_4.substr(0, begin) + plain_4.substr(end)).mesh.regions ==
        std::vector<std::string>{"volume 1", "volume 2"});

  const ReadMesh without_tags =
      read("$MeshFormat\n2 0 8\n$EndMeshFormat\n$Nodes\n4\n1 0 0 0\n2 1 0 0\n3 0 1 0\n4 0 0 1\n"
           "$EndNodes\n$Elements\n1\n1 4 0 1 2 3 4\n$EndElements\n");
  CHECK(without_tags.mesh.regions == std::vector<std::string>{"volume 0"});
}

TEST_CASE("parametric coordinates of Gmsh 4.1 are passed over", "[gmsh]")
{
  std::string text = replaced(plain_4, "2 4 0 3\n", "2 4 1 3\n");
  text = replaced(text, "\n0 0 0\n1 0 0\n0 1 0\n", "\n0 0 0 0.1 0.2\n1 0 0 0.3 0.4\n0 1 0 .5 -6\n");
  CHECK(read(text).mesh.points == read(plain_4).mesh.points);
  CHECK_THAT(refused(replaced(text, " 0.3 0.4\n", " 0.3\n")),
             Contains("femur.msh:25: the line ends where a parametric coordinate should stand"));
}

TEST_CASE("binary Gmsh files of either byte order are what the text is", "[gmsh]")
{
  for (const bool swapped : {false, true})
  {
    const Mesh expected = two_tetrahedra();
    check_same(read(gmsh_4_bytes(expected, swapped)).mesh, expected, true);
    check_same(read(gmsh_2_bytes(expected, swapped)).mesh, expected, true);
  }
  const std::string bytes = gmsh_4_bytes(two_tetrahedra(), false);
  CHECK_THAT(refused(replaced(bytes, "4.1 1 8", "4.1 1 4")),
             Contains("numbers of 4 bytes; allowed: 8"));
  std::string odd = bytes;
  odd[odd.find("4.1 1 8\n") + 8] = 3;
  CHECK_THAT(refused(odd), Contains("femur.msh, byte 20: the order of bytes cannot be told"));
  CHECK_THAT(refused(bytes.substr(0, bytes.find("$Elements") + 20)),
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
    const Mesh mesh = read(gmsh_2_element(element.type, nodes, order)).mesh;
    CHECK(mesh.degree == 2);
    CHECK(mesh.points == element.corners);
    std::swap(order.back(), order[element.other]);
    CHECK_THAT(refused(gmsh_2_element(element.type, nodes, order)),
               Contains("a curved element: node") && Contains("of element 1") &&
                   Contains("Mesh.SecondOrderLinear = 1"));
  }
}

TEST_CASE("a spoiled Gmsh file is refused with its line", "[gmsh]")
{
  const auto spoiled = [](const std::string& what, const std::string& by)
  { return refused(replaced(plain_4, what, by)); };
  CHECK_THAT(spoiled("\n1 0 0\n0 1", "\n1.0D+00 0 0\n0 1"),
             Contains("femur.msh:25: \"1.0D+00\" where the x coordinate of a node should stand; "
                      "allowed: a number; write the exponent with E, not D\n1.0D+00 0 0\n^"));
  CHECK_THAT(spoiled("\n1 0 0\n0 1", "\n1,0 0 0\n0 1"), Contains("write a decimal point"));
  CHECK_THAT(spoiled("\n1 0 0\n0 1", "\nnan 0 0\n0 1"),
             Contains("femur.msh:25: the x coordinate of a node is not finite"));
  CHECK_THAT(spoiled("\n1 0 0\n0 1", "\n1 0\n0 1"),
             Contains("femur.msh:25: the line ends where the z coordinate of a node should stand"));
  CHECK_THAT(spoiled("\n1 0 0\n0 1", "\n1 0 0 7\n0 1"),
             Contains("femur.msh:25: \"7\" after the last number of the line"));
  CHECK_THAT(spoiled("4 1 2 3 4 \n", "4 1 2 3 \n"),
             Contains("femur.msh:42: the line ends where the node of an element should stand"));
  CHECK_THAT(spoiled("4 1 2 3 4 \n", "4 1 2 3 -4 \n"),
             Contains("femur.msh:42: \"-4\" where the node of an element should stand"));
  CHECK_THAT(spoiled("4 1 2 3 4 \n", "4 1 2 3 44 \n"),
             Contains("element 4 uses node 44, which the file does not have"));
  CHECK_THAT(spoiled("4.1 0 8", "4 0 8"), Contains("Gmsh format 4; allowed: 2.2, 4.1"));
  CHECK_THAT(refused("$NOD\n1\n1 0 0 0\n$ENDNOD\n"), Contains("Gmsh format 1; allowed: 2.2, 4.1"));
  CHECK_THAT(refused("solid femur\n"), Contains("the file has no section $MeshFormat"));
  CHECK_THAT(refused("$Nodes\n0\n$EndNodes\n"), Contains("section $Nodes before $MeshFormat"));
  CHECK_THAT(spoiled("2 5 1 5\n", "2 6 1 6\n"),
             Contains("5 nodes in the blocks, but 6 at the head of the section"));
  CHECK_THAT(spoiled("2 5 1 5\n", "2 4000000000 1 6\n"),
             Contains("femur.msh:19: 4000000000 nodes announced, but only"));
  CHECK_THAT(spoiled("3 1 0 2\n", "3 1 0 1\n"), Contains("femur.msh:"));
  CHECK_THAT(spoiled("3 1 0 2\n", "4 1 0 2\n"), Contains("an entity of dimension 4"));
  CHECK_THAT(spoiled("3 1 4 1\n", "2 1 4 1\n"),
             Contains("4-node tetrahedra (Gmsh type 4) in an entity of dimension 2"));
  CHECK_THAT(spoiled("$EndElements", "$EndElement"), Contains("no $EndElements behind"));
  CHECK_THAT(spoiled("3 2 \"the \"soft\" part\"", "3 2 Cortex"),
             Contains("femur.msh:8: physical group 2 has no name"));
  CHECK_THAT(spoiled("3 2 \"the \"soft\" part\"", "3 2 \"Cortex\""),
             Contains("physical groups 1 and 2 are both named \"Cortex\""));
  CHECK_THAT(refused(plain_4 + plain_4.substr(plain_4.find("$Nodes"))),
             Contains("section $Nodes a second time"));
  CHECK_THAT(refused(replaced(plain_4, "$Nodes", "$Strange")), Contains("section $Strange has no"));
  CHECK_THAT(spoiled("4.1 0 8", "4.1 2 8"), Contains("file type 2; allowed: 0 (text), 1 (binary)"));
  CHECK_THAT(spoiled("3 2 \"the \"soft\" part\"", "3 1 \"marrow\""),
             Contains("femur.msh:8: physical group 1 is named twice"));
  CHECK_THAT(spoiled("2 4 0 3\n", "2 4 5 3\n"),
             Contains("femur.msh:20: 5 for parametric coordinates; allowed: 0, 1"));
  CHECK_THAT(refused(plain_4 + "$Periodic\n0\n"),
             Contains("section $Periodic has no $EndPeriodic"));
  CHECK_THAT(refused(replaced(habits_2, "\r\n17 1.0E", "\r\n-17 1.0E")),
             Contains("femur.msh:13: -17 for the number of a node; allowed: 0 or more"));
  CHECK_THAT(refused(replaced(habits_2, "12 4 4 2 30", "12 4 -4 2 30")),
             Contains("a number of tags of -4; allowed: 0 or more"));
  CHECK_THAT(refused(habits_2),
             Contains("element 12 uses node 2147483647, which the file does not have"));
}

TEST_CASE("elements that are neither tetrahedra nor hexahedra are refused by number and type",
          "[gmsh]")
{
  const auto of_type = [](const std::string& type, const std::string& nodes)
  {
    return refused(
        replaced(plain_4, "3 2 4 1\n5 1 3 2 5 \n", "3 2 " + type + " 1\n5 " + nodes + "\n"));
  };
  CHECK_THAT(of_type("6", "1 2 3 1 2 4"),
             Contains("femur.msh:44: element 5 is one of the 6-node prisms (Gmsh type 6); allowed: "
                      "tetrahedra or hexahedra of first or second order"));
  CHECK_THAT(of_type("7", "1 2 3 4 5"), Contains("5-node pyramids (Gmsh type 7)"));
  CHECK_THAT(of_type("29", "1 2 3 4 5"), Contains("20-node tetrahedra of third order"));
  CHECK_THAT(of_type("140", "1 2 3"), Contains("elements of Gmsh type 140, which is not known"));
  CHECK_THAT(refused("$MeshFormat\n2.2 0 8\n$EndMeshFormat\n$ParametricNodes\n"),
             Contains("Mesh.SaveParametric = 0"));
}

TEST_CASE("what is written for Gmsh is read back to the last bit", "[gmsh]")
{
  const TemporaryFolder folder;
  for (Mesh mesh : {two_tetrahedra(), two_hexahedra()})
    for (const int degree : {1, 2})
    {
      mesh.degree = degree;
      write_gmsh(folder / "mesh.msh", mesh);
      const ReadMesh back = read_mesh(folder / "mesh.msh");
      check_same(back.mesh, mesh, true);
      CHECK(back.mesh.regions == mesh.regions);
      CHECK(back.mesh.point_tags == mesh.point_tags);
      CHECK(back.mesh.source.sha256.size() == 64);
      CHECK(back.warnings.size() == 1); // of the surface between the two cells
    }
}

TEST_CASE("names that Gmsh cannot hold are refused before anything is written", "[gmsh]")
{
  const TemporaryFolder folder;
  Mesh mesh = two_tetrahedra();
  mesh.regions[1] = "5\" nail";
  CHECK_THAT(refusal_of([&] { write_gmsh(folder / "m.msh", mesh); }, Fault::command),
             Contains("the name of a region or surface is \"5\" nail\""));
  CHECK_FALSE(std::filesystem::exists(folder / "m.msh"));
  CHECK_THAT(refusal_of([&] { write_gmsh(folder / "m.msh", Mesh()); }, Fault::command),
             Contains("a mesh without cells"));
}

TEST_CASE("numbers that begin with 0 become numbers from 1 for Gmsh", "[gmsh]")
{
  const TemporaryFolder folder;
  Mesh mesh = two_tetrahedra();
  mesh.point_tags = {0, 1, 2, 3, 4};
  mesh.cell_tags = {0, 1};
  write_gmsh(folder / "mesh.msh", mesh);
  const Mesh back = read_mesh(folder / "mesh.msh").mesh;
  CHECK(back.point_tags.empty());
  CHECK(back.cell_tags.empty());
  CHECK(back.points == mesh.points);
}

TEST_CASE("Gmsh files cut off or with changed bytes are read or refused, nothing else", "[gmsh]")
{
  // Only the end of the last word can be missed.
  CHECK(survive(parse, plain_4, 3000) > plain_4.size());
  CHECK(survive(parse, replaced(habits_2, "4000000000", "2147483647"), 3000) > 500);
  CHECK(survive(parse, gmsh_4_bytes(two_tetrahedra(), false), 3000) > 500);
  CHECK(survive(parse, gmsh_2_bytes(two_tetrahedra(), false), 3000) > 300);
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
