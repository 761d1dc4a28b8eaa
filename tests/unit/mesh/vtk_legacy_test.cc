#include "mesh/vtk_mesh.hpp"
#include "unit/mesh/file_support.hpp"
#include "unit/mesh/vtk_files.hpp"

#include <catch2/catch.hpp>

using namespace calcar;
using namespace calcar::mesh;
using namespace calcar::mesh::test;
using Catch::Contains;

TEST_CASE("the legacy VTK format of old and new habit is read", "[vtk]")
{
  const std::vector<Vec3> points = {{0, 0, 0}, {1, 0, 0}, {0, 1, 0}, {0, 0, 1}, {0, 0, -1}};
  const std::vector<std::uint32_t> corners = {0, 1, 2, 3, 0, 2, 1, 4};
  const ReadMesh old = legacy_vtk.read(legacy_2);
  CHECK(old.mesh.points == points);
  CHECK(old.mesh.corners == corners);
  CHECK(old.mesh.regions == std::vector<std::string>{"material 3", "material 1"});
  CHECK(old.mesh.point_tags.empty());
  REQUIRE(old.mesh.face_sets.size() == 1);
  CHECK(old.mesh.face_sets[0].name == "material 8");
  CHECK(old.mesh.face_sets[0].faces == std::vector<FaceOfCell>{{0, 1}});
  REQUIRE(old.warnings.size() == 1);
  CHECK(old.warnings[0].text == "1 points and lines left out");

  const ReadMesh recent = legacy_vtk.read(legacy_5);
  CHECK(recent.mesh.points == points);
  CHECK(recent.mesh.corners == corners);
  CHECK(recent.mesh.regions == std::vector<std::string>{"CellEntityIds 2", "CellEntityIds 4"});
  CHECK(recent.warnings.empty());

  const ReadMesh binary = legacy_vtk.read(legacy_binary());
  CHECK(binary.mesh.points == points);
  CHECK(binary.mesh.corners == corners);
  CHECK(binary.mesh.regions == std::vector<std::string>{"region 3", "region 1"});
}

TEST_CASE("regions come from the first array of whole numbers with a known name", "[vtk]")
{
  const std::string two = replaced(legacy_5, "density 1 2 double\n", "material 1 2 double\n");
  const ReadMesh fractions = legacy_vtk.read(two); // 0.5 and 0.25 are no numbers of materials
  CHECK(fractions.mesh.regions == std::vector<std::string>{"CellEntityIds 2", "CellEntityIds 4"});
  REQUIRE(fractions.warnings.size() == 1);
  CHECK(fractions.warnings[0].text ==
        "regions are taken from cell data \"CellEntityIds\", not from \"material\"");
  const ReadMesh both = legacy_vtk.read(replaced(two, "0.5 0.25", "-1 7"));
  CHECK(both.mesh.regions == std::vector<std::string>{"material -1", "material 7"});
  CHECK(has_warning(both.warnings, "mesh_region_arrays"));
  const ReadMesh none = legacy_vtk.read(replaced(legacy_2, "SCALARS material", "SCALARS colour"));
  CHECK(none.mesh.regions == std::vector<std::string>{"all"});
  CHECK(none.mesh.face_sets.empty());
  CHECK_THAT(none.warnings.back().text,
             Contains("1 triangles and quadrilaterals without cell data"));
}

TEST_CASE("VTK's voxels are hexahedra that count otherwise", "[vtk]")
{
  const std::string head = "# vtk DataFile Version 3.0\nv\nASCII\nDATASET UNSTRUCTURED_GRID\n"
                           "POINTS 8 double\n0 0 0 1 0 0 0 1 0 1 1 0 0 0 1 1 0 1 0 1 1 1 1 1\n"
                           "CELLS 1 9\n8 0 1 2 3 4 5 6 7\nCELL_TYPES 1\n";
  const Mesh mesh = assemble(read_vtk(head + "11\n", "v.vtk", 2), {}).mesh;
  CHECK(mesh.shape == CellShape::hexahedron);
  CHECK(volume(mesh, 0) == Approx(8));
  CHECK(volume(assemble(read_vtk(head + "12\n", "v.vtk", 2), {}).mesh, 0) != Approx(8));
  CHECK_THAT(legacy_vtk.refused(head + "13\n"), Contains("cell 1 is of VTK type 13 (wedge)"));
  CHECK_THAT(legacy_vtk.refused(head + "10\n"),
             Contains("cell 1 of VTK type 10 has 8 nodes; allowed: 4"));
}

TEST_CASE("a spoiled legacy VTK file is refused with its line", "[vtk]")
{
  const auto spoiled = [](const std::string& what, const std::string& by)
  { return legacy_vtk.refused(replaced(legacy_2, what, by)); };
  CHECK_THAT(spoiled("# vtk", "# ply"), Contains("femur.vtk:1: no head of a VTK file"));
  CHECK_THAT(spoiled("Version 2.0", "Version 6.0"),
             Contains("femur.vtk:1: a VTK file of version 6.0; allowed: 1 to 5"));
  CHECK_THAT(spoiled("ASCII", "ASKII"), Contains("femur.vtk:3: \"askii\" for the coding"));
  CHECK_THAT(spoiled("UNSTRUCTURED_GRID", "POLYDATA"),
             Contains("femur.vtk:4: \"dataset polydata\"; allowed: DATASET UNSTRUCTURED_GRID"));
  CHECK_THAT(spoiled("POINTS 5", "POINTS 5000"),
             Contains("femur.vtk:5: 15000 numbers announced, but only"));
  CHECK_THAT(spoiled("POINTS 5", "POINTS 4"),
             Contains("femur.vtk:7: \"0\" where a keyword should"));
  CHECK_THAT(spoiled("POINTS 5", "POINTS 6"),
             Contains("femur.vtk:8: \"CELLS\" where a coordinate of a point should stand"));
  CHECK_THAT(spoiled("POINTS 5 float", "POINTS 5 quad"), Contains("numbers of type \"quad\""));
  CHECK_THAT(spoiled("CELLS 4 17", "CELLS 4 18"), Contains("femur.vtk:13: \"CELL_TYPES\" where"));
  CHECK_THAT(spoiled("CELLS 4 17", "CELLS 4 16"),
             Contains("16 numbers make 4 cells and a piece; allowed: 4 cells"));
  CHECK_THAT(spoiled("4 0 1 2 3\n", "-4 0 1 2 3\n"), Contains("femur.vtk:9: a cell of -4 nodes"));
  CHECK_THAT(spoiled("4 0 2 1 4\n", "4 0 2 1 5\n"),
             Contains("femur.vtk: cell 2 uses point 5 (from 0); allowed: 0 to 5 - 1"));
  CHECK_THAT(spoiled("4 0 2 1 4\n", "4 0 2 1 -1\n"), Contains("cell 2 uses point -1"));
  CHECK_THAT(spoiled("0 1 0 0 0 1", "0 1 0 x 0 1"), Contains("femur.vtk:7: \"x\" where"));
  CHECK_THAT(spoiled("0 1 0 0 0 1", "0 1 0 nan 0 1"), Contains("femur.vtk:7: a coordinate of a"));
  CHECK_THAT(spoiled("10\n10\n5\n3\n", "10\n14\n5\n3\n"), Contains("cell 2 is of VTK type 14"));
  CHECK_THAT(spoiled("CELL_DATA 4", "CELL_DATA 3"), Contains("data of 3 cells; allowed: 4"));
  CHECK_THAT(spoiled("CELL_DATA 4", "CELL_TYPES 4"), Contains("cell_types a second time"));
  CHECK_THAT(spoiled("LOOKUP_TABLE default", "LOOKUP default"),
             Contains("femur.vtk:20: no LOOKUP_TABLE behind SCALARS"));
  CHECK_THAT(spoiled("SCALARS density", "SKALARS density"),
             Contains("femur.vtk:19: \"skalars\" where a keyword should stand"));
  CHECK_THAT(spoiled("material float 1", "material float 4000000000"),
             Contains("4 times 4000000000 numbers"));
  CHECK_THAT(
      legacy_vtk.refused(replaced(legacy_5, "OFFSETS vtktypeint64\n0 4", "OFFSETS float\n0 4.5")),
      Contains("no whole number; allowed: whole numbers"));
  CHECK_THAT(legacy_vtk.refused(legacy_binary().substr(0, 150)),
             Contains("femur.vtk, byte") && Contains("numbers announced, but only"));
  CHECK_THAT(legacy_vtk.refused(legacy_2.substr(0, legacy_2.find("CELL_TYPES"))),
             Contains("the file ends without cell_types"));
  CHECK_THAT(legacy_vtk.refused(replaced(legacy_5, "OFFSETS", "OFFSET")),
             Contains("no offsets behind"));
  CHECK_THAT(legacy_vtk.refused(replaced(legacy_5, "\n0 4 8", "\n0 9 8")),
             Contains("the nodes of cell 1 end at 9 of 8"));
}

TEST_CASE("data of all kinds in a legacy VTK file are passed over", "[vtk]")
{
  std::string zeros;
  for (int n = 0; n < 36; ++n)
    zeros += "0 ";
  const std::string data = "CELL_DATA 4\n"
                           "VECTORS v float\n1 2 3 nan 5 6\n7 8 9 10 11 12\n"
                           "TENSORS t double\n" +
                           zeros +
                           "\n"
                           "COLOR_SCALARS c 2\n0 0 1 1 0 0 1 1\n"
                           "LOOKUP_TABLE rainbow 2\n0 0 0 1 1 1 1 1\n"
                           "TEXTURE_COORDINATES x 2 float\n0 0 1 1 0 0 1 1\n"
                           "METADATA\nINFORMATION 1\nNAME a LOCATION b\nDATA 3\n\n"
                           "FIELD f 2\n"
                           "a%20name 1 2 string\none\ntwo words\n"
                           "mat%5fid 1 4 int\n5 6 0 0\n"
                           "POINT_DATA 5\nNORMALS n float\n0 0 0 0 0 0 0 0 0 0 0 0 0 0 0\n"
                           "SCALARS material int\nLOOKUP_TABLE default\n9 9 9 9 9\n";
  const std::string text = legacy_2.substr(0, legacy_2.find("CELL_DATA")) + data;
  CHECK(legacy_vtk.read(replaced(text, "5 6 0 0", "5 6 5 0")).mesh.regions ==
        std::vector<std::string>{"mat_id 5", "mat_id 6"});
}
