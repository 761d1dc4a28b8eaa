// Every message that a deck can cause.

#include "unit/mesh/abaqus_texts.hpp"

#include <catch2/catch.hpp>

using namespace calcar;
using namespace calcar::mesh;
using namespace calcar::mesh::test::decks;

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
  CHECK(nodes_in(inp.parse(two + "*NSET, NSET=N, GENERATE\n2, 999999999, 2\n"), "N") ==
        Numbers{2, 4});
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
    CHECK(inp.parse(two + card + "\n1, 2, 3\n").blocks.at(0).tags.size() == 2);
}

TEST_CASE("parts, instances and the assembly must be closed and in order")
{
  const std::string part = "*PART, NAME=P\n" + two + "*END PART\n";                 // lines 1 to 12
  const std::string open = part + "*ASSEMBLY, NAME=A\n*INSTANCE, NAME=I, PART=p\n"; // 13, 14
  CHECK(inp.parse(part).regions == std::vector<std::string>{"A", "B"});
  CHECK(inp.parse(open + "*END INSTANCE\n*END ASSEMBLY\n").regions ==
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
