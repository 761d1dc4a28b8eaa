// What decks may look like, in small, and every message that a deck can cause.

#include "base/error.hpp"
#include "mesh/abaqus.hpp"
#include "mesh/abaqus_elements.hpp"
#include "temporary_folder.hpp"

#include <catch2/catch.hpp>

#include <algorithm>
#include <array>
#include <fstream>

using namespace calcar;
using namespace calcar::mesh;
using Catch::Contains;

namespace
{
const std::string nodes = "*NODE\n"
                          "1, 0, 0, 0\n"
                          "2, 1, 0, 0\n"
                          "3, 0, 1, 0\n"
                          "4, 0, 0, 1\n"
                          "5, 1, 1, 1\n"; // lines 1 to 6
const std::string two = nodes + "*ELEMENT, TYPE=C3D4, ELSET=A\n"
                                "1, 1, 2, 3, 4\n"
                                "*ELEMENT, TYPE=C3D4, ELSET=B\n"
                                "2, 2, 5, 3, 4\n"; // lines 7 to 10

FileMesh read(const std::string& text)
{
  return read_abaqus(text, "deck.inp", 1);
}

ReadMesh assembled(const std::string& text)
{
  return assemble(read(text), {"deck.inp", ""});
}

std::vector<std::uint64_t> nodes_in(const FileMesh& mesh, const std::string& name)
{
  for (const FileNodeSet& set : mesh.node_sets)
    if (set.name == name)
      return set.nodes;
  FAIL("no node set " << name);
  return {};
}

/// Refused with all of these words; the first is the place.
void check_refused(const std::string& text, const std::vector<std::string>& words)
{
  INFO(text);
  try
  {
    read(text);
    FAIL("it was read");
  }
  catch (const InputError& error)
  {
    CHECK(error.fault() == Fault::data);
    INFO(error.what());
    CHECK(std::string(error.what()).starts_with(words.front() + ": "));
    for (const std::string& word : words)
      CHECK(std::string(error.what()).find(word) != std::string::npos);
  }
}

using Numbers = std::vector<std::uint64_t>;
} // namespace

TEST_CASE("regions are the sets of sections, else those of *ELEMENT cards, else one")
{
  CHECK(assembled(two).mesh.regions == std::vector<std::string>{"A", "B"});
  CHECK(assembled(two + "*ELSET, ELSET=C\nA, B\n*SOLID SECTION, ELSET=c, MATERIAL=M\n")
            .mesh.regions == std::vector<std::string>{"C"});
  CHECK(assembled(nodes + "*ELEMENT, TYPE=C3D4\n1,1,2,3,4\n2,2,5,3,4\n").mesh.regions ==
        std::vector<std::string>{"all"});
  const Mesh mixed =
      assembled(nodes + "*ELEMENT, TYPE=C3D4\n1,1,2,3,4\n*ELEMENT,TYPE=C3D4,ELSET=B\n2,2,5,3,4\n")
          .mesh;
  CHECK(mixed.regions == std::vector<std::string>{"unnamed", "B"});
}

TEST_CASE("sections that overlap or leave elements out are refused")
{
  check_refused(two + "*ELSET, ELSET=C\nA, B\n*SOLID SECTION, ELSET=A, MATERIAL=M\n"
                      "*SOLID SECTION, ELSET=C, MATERIAL=M\n",
                {"deck.inp:14", "element 1 is in the sections of \"A\" and of \"C\""});
  check_refused(two + "*SOLID SECTION, ELSET=A, MATERIAL=M\n",
                {"deck.inp", "element 2 is in no section"});
  check_refused(two + "*SOLID SECTION, ELSET=Q, MATERIAL=M\n",
                {"deck.inp:11", "element set \"Q\", which is not defined"});
}

TEST_CASE("line ends, case, blanks and tabs do not matter")
{
  const FileMesh plain = read(two + "*NSET, NSET=Tip\n4\n");
  std::string other =
      "  *node\r\n1,0,0,0\r\n2\t,1.,0.,0.,\r\n\r\n3,0,1.E0,0\r\n** a comment\r\n4, , "
      ",+1\r\n5,1.D0,1,1\r\n*ele ment , type = \"C3D4\" , elset = A\r\n1,1,2,3,4\r\n"
      "*ELEMENT,TYPE=c3d4,\r\nELSET=B\r\n2,2,5,\r\n3,4\r\n*Nset, nset=Tip,\r\n4,";
  const FileMesh same = read(other);
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
  const FileMesh mesh = read(two + "*NSET, NSET=a\n1, 3\n*NSET, NSET=A, GENERATE\n2, 2\n"
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
  constexpr int tetrahedron[4][3] = {{1, 2, 3}, {1, 4, 2}, {2, 4, 3}, {3, 4, 1}};
  constexpr int hexahedron[6][4] = {{1, 2, 3, 4}, {5, 8, 7, 6}, {1, 5, 6, 2},
                                    {2, 6, 7, 3}, {3, 7, 8, 4}, {4, 8, 5, 1}};
  std::string surfaces;
  for (int f = 1; f <= 6; ++f)
    surfaces += "*SURFACE, NAME=F" + std::to_string(f) + "\n1, S" + std::to_string(f) + "\n";
  const Mesh hex = assembled("*NODE\n1,0,0,0\n2,1,0,0\n3,1,1,0\n4,0,1,0\n5,0,0,1\n6,1,0,1\n"
                             "7,1,1,1\n8,0,1,1\n*ELEMENT,TYPE=C3D8\n1,1,2,3,4,5,6,7,8\n" +
                             surfaces)
                       .mesh;
  const Mesh tet = assembled(nodes + "*ELEMENT,TYPE=C3D4\n1,1,2,3,4\n" +
                             surfaces.substr(0, surfaces.find("*SURFACE, NAME=F5")))
                       .mesh;
  const auto points = [](const Mesh& mesh, std::size_t f)
  {
    auto corners = face_corners(mesh, mesh.face_sets.at(f).faces.at(0));
    std::sort(corners.begin(), corners.end());
    return corners;
  };
  for (std::size_t f = 0; f < 6; ++f)
  {
    std::vector<std::uint32_t> expected;
    for (const int node : hexahedron[f])
      expected.push_back(static_cast<std::uint32_t>(node - 1));
    std::sort(expected.begin(), expected.end());
    CHECK(points(hex, f) == expected);
  }
  for (std::size_t f = 0; f < 4; ++f)
  {
    std::vector<std::uint32_t> expected;
    for (const int node : tetrahedron[f])
      expected.push_back(static_cast<std::uint32_t>(node - 1));
    std::sort(expected.begin(), expected.end());
    CHECK(points(tet, f) == expected);
  }
}

TEST_CASE("mid-edge nodes stand in the order of Abaqus: another order is refused as curved")
{
  // C3D10: 5 between 1 and 2, 6: 2-3, 7: 3-1, 8: 1-4, 9: 2-4, 10: 3-4.
  const std::string ten =
      "*NODE\n1,0,0,0\n2,2,0,0\n3,0,3,0\n4,0,0,4\n5,1,0,0\n6,1,1.5,0\n7,0,1.5,0\n"
      "8,0,0,2\n9,1,0,2\n10,0,1.5,2\n*ELEMENT, TYPE=C3D10\n";
  CHECK(assembled(ten + "1, 1,2,3,4,5,6,7,8,9,10\n").mesh.degree == 2);
  CHECK_THROWS_AS(assembled(ten + "1, 1,2,3,4,5,6,7,8,10,9\n"), InputError);
  CHECK_THROWS_AS(assembled(ten + "1, 1,2,3,4,6,5,7,8,9,10\n"), InputError);

  // C3D20: around the bottom 9 ... 12, around the top 13 ... 16, upright 17 ... 20.
  const std::string twenty =
      "*NODE\n1,0,0,0\n2,2,0,0\n3,2,4,0\n4,0,4,0\n5,0,0,6\n6,2,0,6\n7,2,4,6\n8,0,4,6\n9,1,0,0\n"
      "10,2,2,0\n11,1,4,0\n12,0,2,0\n13,1,0,6\n14,2,2,6\n15,1,4,6\n16,0,2,6\n17,0,0,3\n18,2,0,3\n"
      "19,2,4,3\n20,0,4,3\n*ELEMENT, TYPE=C3D20\n";
  CHECK(assembled(twenty + "1, 1,2,3,4,5,6,7,8,9,10,11,12,13,14,15,\n16,17,18,19,20\n")
            .mesh.cells() == 1);
  // Also when the first line is full but has no comma, and when it is short and has one.
  CHECK(
      assembled(twenty + "1, 1,2,3,4,5,6,7,8,9,10,11,12,13,14,15\n16,17,18,19,20\n").mesh.cells() ==
      1);
  CHECK(assembled(twenty + "1, 1,2,3,4,5,6,7,8,\n9,10,11,12,13,14,15,16,17,18,19,20\n")
            .mesh.cells() == 1);
  CHECK_THROWS_AS(assembled(twenty + "1, 1,2,3,4,5,6,7,8,9,10,11,12,17,18,19,\n20,13,14,15,16\n"),
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
  const FileMesh mesh = read(nodes + "*ELEMENT, TYPE=C3D4H\n1,1,2,3,4\n2,2,5,3,4\n");
  REQUIRE(mesh.warnings.size() == 1);
  CHECK(mesh.warnings[0].code == "mesh_element_variant");
  CHECK(mesh.warnings[0].text ==
        "2 elements C3D4H (hybrid, with the pressure as an unknown) are computed as fully "
        "integrated displacement elements");
}

TEST_CASE("trusses that a section makes carry load are refused, without one they are left out")
{
  const std::string truss = "*ELEMENT, TYPE=T3D2, ELSET=T\n7, 1, 5\n";
  const FileMesh mesh = read(two + truss);
  CHECK(mesh.ignored == std::vector<std::string>{"1 elements of type T3D2"});
  check_refused(two + truss + "*SOLID SECTION, ELSET=T, MATERIAL=M\n1.\n",
                {"deck.inp:13", "gives element 7 of type T3D2"});
}

TEST_CASE("numbers that are none are refused at their line")
{
  check_refused("*NODE\n1, 0, 0, zero\n", {"deck.inp:2", "\"zero\" is not a coordinate"});
  check_refused("*NODE\n1, 0, 0, nan\n", {"deck.inp:2", "not a coordinate"});
  check_refused("*NODE\n1, 0, 0, 1e999\n", {"deck.inp:2", "not a coordinate"});
  check_refused("*NODE\n1, 0, 0, inf\n", {"deck.inp:2", "not a coordinate"});
  check_refused("*NODE\n1, 0, 0, 1d2d3\n", {"deck.inp:2", "not a coordinate"});
  check_refused("*NODE\n1, 0, 0, 0x10\n", {"deck.inp:2", "not a coordinate"});
  check_refused("*NODE\n1, 0, 0\n", {"deck.inp:2", "node 1 has 2 coordinates", "three"});
  check_refused("*NODE\n1, 0 0 0\n", {"deck.inp:2", "\"0 0 0\" is not a coordinate"});
  check_refused("*NODE\n1 0 0 0\n", {"deck.inp:2", "is not the number of a node"});
  check_refused("*NODE\n0, 0, 0, 0\n", {"deck.inp:2", "\"0\" is not the number of a node"});
  check_refused("*NODE\n1000000000, 0, 0, 0\n", {"deck.inp:2", "1 to 999999999"});
  check_refused("*NODE\n-1, 0, 0, 0\n", {"deck.inp:2", "\"-1\" is not the number of a node"});
  check_refused("*NODE\n1,1,2,3,4,5,6,7,8\n", {"deck.inp:2", "node 1 has 8 coordinates"});
  check_refused(nodes + "*ELEMENT,TYPE=C3D4\n1,1,2,x,4\n",
                {"deck.inp:8", "\"x\" is not the number of a node or element"});
  check_refused(nodes + "*ELEMENT,TYPE=C3D4\n1,1,2,,4\n", {"deck.inp:8", "an empty field"});
  check_refused(nodes + "*ELEMENT,TYPE=C3D4\n,,\n", {"deck.inp:8", "a line of commas"});
}

TEST_CASE("elements with too few or too many nodes are refused at their line")
{
  check_refused(nodes + "*ELEMENT,TYPE=C3D4\n1,1,2,3\n2,2,5,3,4\n",
                {"deck.inp:8", "element 1 has 3 of 4 nodes", "TYPE="});
  check_refused(nodes + "*ELEMENT,TYPE=C3D4\n1,1,2,3,\n2,2,5,3,4\n",
                {"deck.inp:9", "element 1 has more than 4 nodes"});
  check_refused(nodes + "*ELEMENT,TYPE=C3D4\n1,1,2,3,4,5\n",
                {"deck.inp:8", "element 1 has more than 4 nodes"});
  check_refused(nodes + "*ELEMENT,TYPE=C3D4\n1,1,2,3,\n", {"deck.inp:8", "3 of 4 nodes"});
  check_refused(nodes + "*ELEMENT,TYPE=C3D4\n1,1,2,3,\n*NSET,NSET=A\n1\n",
                {"deck.inp:9", "3 of 4 nodes"});
}

TEST_CASE("cards that lack what they need are refused")
{
  check_refused("*ELEMENT\n1,1,2,3,4\n", {"deck.inp:1", "*ELEMENT lacks TYPE="});
  check_refused("*ELEMENT, TYPE=\n", {"deck.inp:1", "*ELEMENT gives TYPE without a value"});
  check_refused("*NSET\n1\n", {"deck.inp:1", "*NSET lacks NSET="});
  check_refused("*ELSET\n1\n", {"deck.inp:1", "*ELSET lacks ELSET="});
  check_refused("*SURFACE\n1, S1\n", {"deck.inp:1", "*SURFACE lacks NAME="});
  check_refused("*INCLUDE\n", {"deck.inp:1", "*INCLUDE lacks INPUT="});
  check_refused("*PART\n", {"deck.inp:1", "*PART lacks NAME="});
}

TEST_CASE("sets that name what is not there are refused; ranges may reach too far")
{
  check_refused(two + "*NSET, NSET=N\n1, 6\n",
                {"deck.inp:11", "node set \"N\" names node 6, which the deck does not have"});
  check_refused(two + "*ELSET, ELSET=E\n7\n*SURFACE, NAME=S\nE, S1\n",
                {"deck.inp:11", "element set \"E\" names element 7"});
  check_refused(two + "*NSET, NSET=N\nM\n", {"deck.inp:12", "\"M\" is neither a number nor a set"});
  check_refused(two + "*NSET, NSET=N, GENERATE\n5, 1\n",
                {"deck.inp:12", "\"5, 1\" is not a range"});
  check_refused(two + "*NSET, NSET=N, GENERATE\n1, 5, 0\n", {"deck.inp:12", "is not a range"});
  check_refused(two + "*NSET, NSET=N, GENERATE\n1\n", {"deck.inp:12", "is not a range"});
  check_refused(two + "*NSET, NSET=N, GENERATE\n1,2,3,4\n", {"deck.inp:12", "is not a range"});
  check_refused(two + "*NSET, NSET=N, ELSET=A\n", {"deck.inp:11", "*NSET with ELSET=A"});
  CHECK(nodes_in(read(two + "*NSET, NSET=N, GENERATE\n2, 999999999, 2\n"), "N") == Numbers{2, 4});
  check_refused(two + "*ELEMENT, TYPE=C3D4\n2,2,5,3,4\n",
                {"deck.inp:12", "element number 2 is given twice, first at deck.inp:10"});
  check_refused(two + "*NODE\n3, 0, 0, 0\n",
                {"deck.inp:12", "node number 3 is given twice, first at deck.inp:4"});
  check_refused(two + "*ELEMENT, TYPE=C3D4\n3,1,2,3,\n7\n",
                {"deck.inp:13", "element 3 uses node 7, which the deck does not have"});
}

TEST_CASE("surfaces that are not faces of solids are refused")
{
  check_refused(two + "*SURFACE, NAME=S\n1, S5\n", {"deck.inp:12", "names face S5 of element 1"});
  check_refused(two + "*SURFACE, NAME=S\n1, SPOS\n", {"deck.inp:12", "\"SPOS\" is not a face"});
  check_refused(two + "*SURFACE, NAME=S\nA\n", {"deck.inp:12", "a surface without a face"});
  check_refused(two + "*SURFACE, NAME=S\nQ, S1\n",
                {"deck.inp:12", "\"Q\", which is neither an element nor an element set"});
  check_refused(two + "*SURFACE, NAME=S\n9, S1\n", {"deck.inp:12", "names element 9"});
  check_refused(two + "*SURFACE, NAME=S, TYPE=CYLINDER\n",
                {"deck.inp:11", "*SURFACE of TYPE=CYLINDER", "ELEMENT, NODE"});
  check_refused(two + "*SURFACE, NAME=S, COMBINE=UNION\nA, B\n",
                {"deck.inp:11", "made of other surfaces"});
  check_refused(two + "*SURFACE, NAME=S\n1, S1\n*SURFACE, NAME=s\n1, S2\n",
                {"deck.inp:13", "surface \"s\" is defined twice"});
  check_refused(two + "*NSET, NSET=S\n1\n*SURFACE, NAME=s, TYPE=NODE\n2, 1.\n",
                {"deck.inp:13", "a surface and a node set are both named \"s\""});
}

TEST_CASE("cards that change the mesh and misspelt ones are refused, those of the analysis are not")
{
  for (const char* card : {"*NGEN", "*NFILL", "*NCOPY", "*ELGEN", "*ELCOPY", "*SYSTEM",
                           "*PARAMETER", "*IMPERFECTION", "*Model Change, remove", "*Import"})
    check_refused(two + card + "\n1\n", {"deck.inp:11", "makes or changes the mesh"});
  check_refused("*NODE, SYSTEM=C\n1,1,90,0\n", {"deck.inp:1", "SYSTEM=C", "rectangular"});
  check_refused(two + "*ELEMNT, TYPE=C3D4\n", {"deck.inp:11", "did you mean *ELEMENT?"});
  check_refused(two + "*NODES\n", {"deck.inp:11", "did you mean *NODE?"});
  check_refused(two + "*ELSETS, ELSET=A\n", {"deck.inp:11", "did you mean *ELSET?"});
  check_refused(two + "*SOLID SECTIONS, ELSET=A\n", {"deck.inp:11", "did you mean *SOLIDSECTION?"});
  for (const char* card : {"*AMPLITUDE",
                           "*BOUNDARY",
                           "*BUCKLE",
                           "*CHANGE FRICTION",
                           "*CLOAD",
                           "*CONDUCTIVITY",
                           "*CONTROLS",
                           "*COUPLED TEMPERATURE-DISPLACEMENT",
                           "*CREEP",
                           "*DAMPING",
                           "*DENSITY",
                           "*DEPVAR",
                           "*DFLUX",
                           "*DISTRIBUTION",
                           "*DISTRIBUTION TABLE",
                           "*DLOAD",
                           "*DSLOAD",
                           "*DYNAMIC",
                           "*ELASTIC",
                           "*END STEP",
                           "*EXPANSION",
                           "*FIELD",
                           "*FILM",
                           "*FREQUENCY",
                           "*FRICTION",
                           "*HYPERELASTIC",
                           "*INITIAL CONDITIONS",
                           "*MATERIAL",
                           "*NODAL THICKNESS",
                           "*NORMAL",
                           "*NO ANALYSIS",
                           "*ORIENTATION",
                           "*PHYSICAL CONSTANTS",
                           "*PLASTIC",
                           "*POST OUTPUT",
                           "*RADIATE",
                           "*SECTION CONTROLS",
                           "*SPECIFIC HEAT",
                           "*STATIC",
                           "*STEP",
                           "*SURFACE BEHAVIOR",
                           "*SURFACE INTERACTION",
                           "*TEMPERATURE",
                           "*TIME POINTS",
                           "*TRANSFORM",
                           "*USER MATERIAL",
                           "*VARIABLE MASS SCALING",
                           "*VISCO",
                           "*VISCOELASTIC",
                           "*MASS",
                           "*ROTARY INERTIA",
                           "*NODE FILE",
                           "*EL PRINT",
                           "*ELEMENT OUTPUT",
                           "*NODE OUTPUT",
                           "*TIE",
                           "*MPC",
                           "*EQUATION",
                           "*COUPLING",
                           "*RIGID BODY",
                           "*CONTACT PAIR",
                           "*SOLVER",
                           "*CONCRETE",
                           "*CONSTRAINT CONTROLS",
                           "*FILTER",
                           "*VALUES AT INFINITY",
                           "*SELECT CYCLIC SYMMETRY MODES"})
    CHECK(read(two + card + "\n1, 2, 3\n").blocks.at(0).tags.size() == 2);
}

TEST_CASE("parts, instances and the assembly must be closed and in order")
{
  const std::string part = "*PART, NAME=P\n" + two + "*END PART\n";                 // lines 1 to 12
  const std::string open = part + "*ASSEMBLY, NAME=A\n*INSTANCE, NAME=I, PART=p\n"; // 13, 14
  CHECK(read(part).regions == std::vector<std::string>{"A", "B"});
  CHECK(read(open + "*END INSTANCE\n*END ASSEMBLY\n").regions ==
        std::vector<std::string>{"I.A", "I.B"});
  check_refused("*PART, NAME=P\n" + two, {"deck.inp:11", "the deck ends within a part"});
  check_refused(open, {"deck.inp:14", "the deck ends within an instance"});
  check_refused(open + "*END INSTANCE\n", {"deck.inp:15", "the deck ends within an assembly"});
  check_refused("*PART, NAME=P\n" + part, {"deck.inp:2", "*PART before the end of the part"});
  check_refused(part + part, {"deck.inp:13", "part \"P\" is defined twice"});
  check_refused(two + part, {"deck.inp:11", "*PART in a deck with nodes outside of parts"});
  check_refused(part + two, {"deck.inp:13", "*NODE outside of the parts of a deck with parts"});
  check_refused("*END PART\n", {"deck.inp:1", "*END PART without *PART"});
  check_refused("*END INSTANCE\n", {"deck.inp:1", "*END INSTANCE without *INSTANCE"});
  check_refused("*END ASSEMBLY\n", {"deck.inp:1", "*END ASSEMBLY without *ASSEMBLY"});
  check_refused(open + "*END ASSEMBLY\n", {"deck.inp:15", "before *END INSTANCE"});
  check_refused(open + "*END PART\n", {"deck.inp:15", "*END PART without *PART"});
  check_refused(open + "*INSTANCE, NAME=J, PART=P\n", {"deck.inp:15", "before *END INSTANCE"});
  check_refused(part + "*INSTANCE, NAME=J, PART=P\n", {"deck.inp:13", "outside of *ASSEMBLY"});
  check_refused(part + "*ASSEMBLY\n*INSTANCE, NAME=J, PART=Q\n",
                {"deck.inp:14", "there is no part \"Q\""});
  check_refused(open + "*END INSTANCE\n*INSTANCE, NAME=i, PART=P\n",
                {"deck.inp:16", "instance \"i\" is defined twice"});
  check_refused(open + "*END INSTANCE\n*NSET, NSET=N, INSTANCE=Q\n1\n",
                {"deck.inp:16", "there is no instance \"Q\""});
  check_refused(part + "*NSET, NSET=N\nA\n", {"deck.inp:14", "neither a number nor a set"});
  check_refused(part + "*NSET, NSET=N\n", {"deck.inp:13", "outside of the part"});
  check_refused(part + "*PART, NAME=Q\n*END PART\n", {"deck.inp:14", "2 parts, and no *INSTANCE"});
}

TEST_CASE("positions of instances are refused when they are incomplete")
{
  const std::string open =
      "*PART, NAME=P\n" + two + "*END PART\n*ASSEMBLY\n*INSTANCE,NAME=I,PART=P\n";
  check_refused(open + "1, 2\n", {"deck.inp:15", "a position of an instance with 2 numbers"});
  check_refused(open + "1, 2, x\n", {"deck.inp:15", "is not a position of an instance"});
  check_refused(open + "1,2,3\n0,0,0,0,0,1\n", {"deck.inp:16", "with 6 numbers", "7 numbers"});
  check_refused(open + "1,2,3\n0,0,1,0,0,1,90\n",
                {"deck.inp:16", "the axis of rotation of instance \"I\" is a point"});
  check_refused(open + "1,2,3\n0,0,0,0,0,1,90\n1,2,3\n", {"deck.inp:17", "a third line"});
}

TEST_CASE("a part that no instance places is left out with a warning; sets reach into instances")
{
  const FileMesh mesh =
      read("*PART, NAME=P\n" + two +
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
  const test::TemporaryFolder folder;
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
