// What decks may look like, in small.

#include "base/error.hpp"
#include "mesh/abaqus.hpp"
#include "mesh/abaqus_elements.hpp"
#include "unit/mesh/abaqus_texts.hpp"

#include <catch2/catch.hpp>

#include <algorithm>
#include <cstdint>
#include <fstream>
#include <vector>

using namespace calcar;
using namespace calcar::mesh;
using namespace calcar::mesh::test;
using namespace calcar::mesh::test::decks;
using Catch::Contains;

TEST_CASE("regions are the sets of sections, else those of *ELEMENT cards, else one")
{
  CHECK(inp.read(two).mesh.regions == std::vector<std::string>{"A", "B"});
  CHECK(
      inp.read(two + "*ELSET, ELSET=C\nA, B\n*SOLID SECTION, ELSET=c, MATERIAL=M\n").mesh.regions ==
      std::vector<std::string>{"C"});
  CHECK(inp.read(nodes + "*ELEMENT, TYPE=C3D4\n1,1,2,3,4\n2,2,5,3,4\n").mesh.regions ==
        std::vector<std::string>{"all"});
  const Mesh mixed =
      inp.read(nodes + "*ELEMENT, TYPE=C3D4\n1,1,2,3,4\n*ELEMENT,TYPE=C3D4,ELSET=B\n2,2,5,3,4\n")
          .mesh;
  CHECK(mixed.regions == std::vector<std::string>{"unnamed", "B"});
}

TEST_CASE("line ends, case, blanks and tabs do not matter")
{
  const FileMesh plain = inp.parse(two + "*NSET, NSET=Tip\n4\n");
  std::string other =
      "  *node\r\n1,0,0,0\r\n2\t,1.,0.,0.,\r\n\r\n3,0,1.E0,0\r\n** a comment\r\n4, , "
      ",+1\r\n5,1.D0,1,1\r\n*ele ment , type = \"C3D4\" , elset = A\r\n1,1,2,3,4\r\n"
      "*ELEMENT,TYPE=c3d4,\r\nELSET=B\r\n2,2,5,\r\n3,4\r\n*Nset, nset=Tip,\r\n4,";
  const FileMesh same = inp.parse(other);
  CHECK(same.points == plain.points);
  CHECK(same.node_tags == plain.node_tags);
  CHECK(same.blocks.at(0).nodes == plain.blocks.at(0).nodes);
  CHECK(same.regions == plain.regions);
  CHECK(nodes_in(same, "Tip") == Numbers{4});
}

TEST_CASE("coordinates come in millimetres to the bit")
{
  const FileMesh mesh = read_abaqus("*NODE\n1, 0.1, -.25, 1.2345678901234567e-3\n", "d", 1000);
  CHECK(mesh.points.at(0) == Vec3{0.1 * 1000, -250, 1.2345678901234567e-3 * 1000});
}

TEST_CASE("sets add up, may be ranges, and may list sets and themselves")
{
  const FileMesh mesh =
      inp.parse(two + "*NSET, NSET=a\n1, 3\n*NSET, NSET=A, GENERATE\n2, 2\n"
                      "*NSET, NSET=b, GENERATE\n1, 5, 2\n4, 4, 1\n"
                      "*NSET, NSET=c, UNSORTED\nb, 2,\n*NSET, NSET=c\nc\n"
                      "*NSET, NSET=\"two words\"\n5\n*NSET, NSET=d\n\"two words\"\n"
                      "*NSET, NSET=hidden, INTERNAL\n5\n");
  CHECK(nodes_in(mesh, "a") == Numbers{1, 2, 3});
  CHECK(nodes_in(mesh, "b") == Numbers{1, 3, 4, 5});
  CHECK(nodes_in(mesh, "c") == Numbers{1, 2, 3, 4, 5});
  CHECK(nodes_in(mesh, "d") == Numbers{5});
  CHECK(mesh.node_sets.size() == 5);
}

TEST_CASE("faces S1 to S4 and S1 to S6 are those of Abaqus")
{
  // From the Abaqus manual: nodes of the faces, by the element's own nodes from 1.
  using Faces = std::vector<std::vector<std::uint32_t>>;
  const Faces tetrahedron = {{1, 2, 3}, {1, 4, 2}, {2, 4, 3}, {3, 4, 1}};
  const Faces hexahedron = {{1, 2, 3, 4}, {5, 8, 7, 6}, {1, 5, 6, 2},
                            {2, 6, 7, 3}, {3, 7, 8, 4}, {4, 8, 5, 1}};
  std::string surfaces;
  for (int f = 1; f <= 6; ++f)
    surfaces += "*SURFACE, NAME=F" + std::to_string(f) + "\n1, S" + std::to_string(f) + "\n";
  const Mesh hex = inp.read("*NODE\n1,0,0,0\n2,1,0,0\n3,1,1,0\n4,0,1,0\n5,0,0,1\n6,1,0,1\n"
                            "7,1,1,1\n8,0,1,1\n*ELEMENT,TYPE=C3D8\n1,1,2,3,4,5,6,7,8\n" +
                            surfaces)
                       .mesh;
  const Mesh tet = inp.read(nodes + "*ELEMENT,TYPE=C3D4\n1,1,2,3,4\n" +
                            surfaces.substr(0, surfaces.find("*SURFACE, NAME=F5")))
                       .mesh;
  const auto check_faces = [](const Mesh& mesh, Faces faces)
  {
    for (std::size_t f = 0; f < faces.size(); ++f)
    {
      auto corners = face_corners(mesh, mesh.face_sets.at(f).faces.at(0));
      std::sort(corners.begin(), corners.end());
      for (std::uint32_t& node : faces[f])
        --node; // points count from 0
      std::sort(faces[f].begin(), faces[f].end());
      CHECK(corners == faces[f]);
    }
  };
  check_faces(hex, hexahedron);
  check_faces(tet, tetrahedron);
}

TEST_CASE("mid-edge nodes stand in the order of Abaqus: another order is refused as curved")
{
  // C3D10: 5 between 1 and 2, 6: 2-3, 7: 3-1, 8: 1-4, 9: 2-4, 10: 3-4.
  const std::string ten =
      "*NODE\n1,0,0,0\n2,2,0,0\n3,0,3,0\n4,0,0,4\n5,1,0,0\n6,1,1.5,0\n7,0,1.5,0\n"
      "8,0,0,2\n9,1,0,2\n10,0,1.5,2\n*ELEMENT, TYPE=C3D10\n";
  CHECK(inp.read(ten + "1, 1,2,3,4,5,6,7,8,9,10\n").mesh.degree == 2);
  CHECK_THROWS_AS(inp.read(ten + "1, 1,2,3,4,5,6,7,8,10,9\n"), InputError);
  CHECK_THROWS_AS(inp.read(ten + "1, 1,2,3,4,6,5,7,8,9,10\n"), InputError);

  // C3D20: around the bottom 9 ... 12, around the top 13 ... 16, upright 17 ... 20.
  const std::string twenty =
      "*NODE\n1,0,0,0\n2,2,0,0\n3,2,4,0\n4,0,4,0\n5,0,0,6\n6,2,0,6\n7,2,4,6\n8,0,4,6\n9,1,0,0\n"
      "10,2,2,0\n11,1,4,0\n12,0,2,0\n13,1,0,6\n14,2,2,6\n15,1,4,6\n16,0,2,6\n17,0,0,3\n18,2,0,3\n"
      "19,2,4,3\n20,0,4,3\n*ELEMENT, TYPE=C3D20\n";
  CHECK(
      inp.read(twenty + "1, 1,2,3,4,5,6,7,8,9,10,11,12,13,14,15,\n16,17,18,19,20\n").mesh.cells() ==
      1);
  // Also when the first line is full but has no comma, and when it is short and has one.
  CHECK(
      inp.read(twenty + "1, 1,2,3,4,5,6,7,8,9,10,11,12,13,14,15\n16,17,18,19,20\n").mesh.cells() ==
      1);
  CHECK(
      inp.read(twenty + "1, 1,2,3,4,5,6,7,8,\n9,10,11,12,13,14,15,16,17,18,19,20\n").mesh.cells() ==
      1);
  CHECK_THROWS_AS(inp.read(twenty + "1, 1,2,3,4,5,6,7,8,9,10,11,12,17,18,19,\n20,13,14,15,16\n"),
                  InputError);
}

TEST_CASE("solids of other formulations are read with a warning, other elements refused")
{
  for (const char* name : {"C3D4", "C3D8", "C3D8R", "C3D8I", "C3D8H", "C3D10", "C3D10M", "C3D10MH",
                           "C3D10H", "C3D10I", "C3D20", "C3D20R", "C3D20RH"})
    CHECK(abaqus::element_type(name, "p").role == abaqus::Role::cell);
  for (const char* name : {"CPS3", "CPS4R", "S3", "S3R", "S4R", "S8R5", "M3D3", "M3D4R", "SFM3D4R",
                           "STRI65", "CPE6MH"})
    CHECK(abaqus::element_type(name, "p").role == abaqus::Role::surface);
  for (const char* name : {"T3D2", "B31", "B32H", "MASS"})
    CHECK(abaqus::element_type(name, "p").role == abaqus::Role::left_out);
  for (const char* name : {"C3D6",     "C3D15",   "C3D5",    "C3D27",   "C3D8X", "C3D",    "DC3D4",
                           "AC3D10",   "SPRINGA", "SPRING1", "CONN3D2", "R3D3",  "R3D4",   "GAPUNI",
                           "DASHPOTA", "COH3D8",  "SC8R",    "CAX4",    "",      "ROTARYI"})
    CHECK_THROWS_WITH(abaqus::element_type(name, "d:3"), Contains("d:3: elements of TYPE="));
  const FileMesh mesh = inp.parse(nodes + "*ELEMENT, TYPE=C3D4H\n1,1,2,3,4\n2,2,5,3,4\n");
  REQUIRE(mesh.warnings.size() == 1);
  CHECK(mesh.warnings[0].code == "mesh_element_variant");
  CHECK(mesh.warnings[0].text ==
        "2 elements C3D4H (hybrid, with the pressure as an unknown) are computed as fully "
        "integrated displacement elements");
}

TEST_CASE("trusses that a section makes carry load are refused, without one they are left out")
{
  const std::string truss = "*ELEMENT, TYPE=T3D2, ELSET=T\n7, 1, 5\n";
  const FileMesh mesh = inp.parse(two + truss);
  CHECK(mesh.ignored == std::vector<std::string>{"1 elements of type T3D2"});
  check_refused(two + truss + "*SOLID SECTION, ELSET=T, MATERIAL=M\n1.\n",
                {"deck.inp:13", "gives element 7 of type T3D2"});
}

TEST_CASE("a part that no instance places is left out with a warning; sets reach into instances")
{
  const FileMesh mesh =
      inp.parse("*PART, NAME=P\n" + two +
                "*NSET, NSET=N\n1,2\n*END PART\n*PART, NAME=Spare\n*END PART\n"
                "*ASSEMBLY\n*INSTANCE, NAME=I, PART=P\n*END INSTANCE\n"
                "*NSET, NSET=M\ni.n, I.5\n*NSET, NSET=O, INSTANCE=I\nN, 3\n"
                "*NODE, NSET=R\n1, 9, 9, 9\n*SURFACE, NAME=S\nI.A, S1\nI.2, S2\n*END ASSEMBLY\n");
  CHECK(nodes_in(mesh, "I.N") == Numbers{1, 2});
  CHECK(nodes_in(mesh, "M") == Numbers{1, 2, 5});
  CHECK(nodes_in(mesh, "O") == Numbers{1, 2, 3});
  CHECK(nodes_in(mesh, "R") == Numbers{1'000'000'000'001});
  CHECK(mesh.face_sets.at(0).faces.size() == 2);
  CHECK(mesh.warnings.at(0).text == "parts without an instance are left out: Spare");
}

TEST_CASE("files that a deck includes are entered, and refused where the deck names them")
{
  const TemporaryFolder folder;
  const std::string deck = (folder.path() / "deck.inp").string();
  const auto write = [&](const std::string& name, const std::string& text)
  { std::ofstream(folder.path() / name) << text; };
  write("elements", "1, 1, 2, 3, 4\n** end\n");
  const std::string cards = nodes + "*ELEMENT, TYPE=C3D4\n*INCLUDE, INPUT=elements\n2, 2,5,3,4\n";
  const FileMesh mesh = read_abaqus(cards, deck, 1);
  CHECK(mesh.blocks.at(0).tags == Numbers{1, 2});
  REQUIRE(mesh.warnings.size() == 1);
  CHECK(mesh.warnings[0].code == "mesh_included_files");
  CHECK(mesh.warnings[0].text.find(sha256_of(folder.path() / "elements")) != std::string::npos);

  write("elements", "1, 1, 2, 3, 4\n1, 1\n");
  CHECK_THROWS_WITH(read_abaqus(cards, deck, 1), Contains("elements:2: element 1 has 1 of 4"));
  CHECK_THROWS_WITH(read_abaqus("*HEADING\n*INCLUDE, INPUT=nothing\n", deck, 1),
                    Contains("deck.inp:2: no such file") && Contains("nothing"));
  write("loop", "*INCLUDE, INPUT=loop\n");
  CHECK_THROWS_WITH(read_abaqus("*INCLUDE, INPUT=loop\n", deck, 1),
                    Contains("loop:1: the deck includes") && Contains("within itself"));
}
