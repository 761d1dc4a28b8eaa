// Every message that a file of Gmsh can cause.

#include "unit/mesh/file_support.hpp"
#include "unit/mesh/gmsh_bytes.hpp"
#include "unit/mesh/gmsh_texts.hpp"

#include <catch2/catch.hpp>

using namespace calcar;
using namespace calcar::mesh;
using namespace calcar::mesh::test;
using Catch::Contains;

TEST_CASE("a spoiled Gmsh file is refused with its line", "[gmsh]")
{
  const auto spoiled = [](const std::string& what, const std::string& by)
  { return gmsh.refused(replaced(plain_4, what, by)); };
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
  CHECK_THAT(gmsh.refused("$NOD\n1\n1 0 0 0\n$ENDNOD\n"),
             Contains("Gmsh format 1; allowed: 2.2, 4.1"));
  CHECK_THAT(gmsh.refused("solid femur\n"), Contains("the file has no section $MeshFormat"));
  CHECK_THAT(gmsh.refused("$Nodes\n0\n$EndNodes\n"), Contains("section $Nodes before $MeshFormat"));
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
  CHECK_THAT(gmsh.refused(plain_4 + plain_4.substr(plain_4.find("$Nodes"))),
             Contains("section $Nodes a second time"));
  CHECK_THAT(gmsh.refused(replaced(plain_4, "$Nodes", "$Strange")),
             Contains("section $Strange has no"));
  CHECK_THAT(spoiled("4.1 0 8", "4.1 2 8"), Contains("file type 2; allowed: 0 (text), 1 (binary)"));
  CHECK_THAT(spoiled("3 2 \"the \"soft\" part\"", "3 1 \"marrow\""),
             Contains("femur.msh:8: physical group 1 is named twice"));
  CHECK_THAT(spoiled("2 4 0 3\n", "2 4 5 3\n"),
             Contains("femur.msh:20: 5 for parametric coordinates; allowed: 0, 1"));
  CHECK_THAT(gmsh.refused(plain_4 + "$Periodic\n0\n"),
             Contains("section $Periodic has no $EndPeriodic"));
  CHECK_THAT(gmsh.refused(replaced(habits_2, "\r\n17 1.0E", "\r\n-17 1.0E")),
             Contains("femur.msh:13: -17 for the number of a node; allowed: 0 or more"));
  CHECK_THAT(gmsh.refused(replaced(habits_2, "12 4 4 2 30", "12 4 -4 2 30")),
             Contains("a number of tags of -4; allowed: 0 or more"));
  CHECK_THAT(gmsh.refused(habits_2),
             Contains("element 12 uses node 2147483647, which the file does not have"));
}

TEST_CASE("elements that are neither tetrahedra nor hexahedra are refused by number and type",
          "[gmsh]")
{
  const auto of_type = [](const std::string& type, const std::string& nodes)
  {
    return gmsh.refused(
        replaced(plain_4, "3 2 4 1\n5 1 3 2 5 \n", "3 2 " + type + " 1\n5 " + nodes + "\n"));
  };
  CHECK_THAT(of_type("6", "1 2 3 1 2 4"),
             Contains("femur.msh:44: element 5 is one of the 6-node prisms (Gmsh type 6); allowed: "
                      "tetrahedra or hexahedra of first or second order"));
  CHECK_THAT(of_type("7", "1 2 3 4 5"), Contains("5-node pyramids (Gmsh type 7)"));
  CHECK_THAT(of_type("29", "1 2 3 4 5"), Contains("20-node tetrahedra of third order"));
  CHECK_THAT(of_type("140", "1 2 3"), Contains("elements of Gmsh type 140, which is not known"));
  CHECK_THAT(gmsh.refused("$MeshFormat\n2.2 0 8\n$EndMeshFormat\n$ParametricNodes\n"),
             Contains("Mesh.SaveParametric = 0"));
}

TEST_CASE("Gmsh files cut off or with changed bytes are read or refused, nothing else", "[gmsh]")
{
  // Only the end of the last word can be missed.
  CHECK(survive(gmsh, plain_4, 3000) > plain_4.size());
  CHECK(survive(gmsh, replaced(habits_2, "4000000000", "2147483647"), 3000) > 500);
  CHECK(survive(gmsh, gmsh_4_bytes(two_tetrahedra(), false), 3000) > 500);
  CHECK(survive(gmsh, gmsh_2_bytes(two_tetrahedra(), false), 3000) > 300);
}
