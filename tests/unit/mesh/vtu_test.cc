#include "mesh/read_mesh.hpp"
#include "mesh/vtk_mesh.hpp"
#include "unit/mesh/file_support.hpp"
#include "unit/mesh/vtk_files.hpp"

#include <catch2/catch.hpp>

using namespace calcar;
using namespace calcar::mesh;
using namespace calcar::mesh::test;
using Catch::Contains;

TEST_CASE("a .vtu is read as text, base64 and appended", "[vtk]")
{
  for (const Habit habit :
       {Habit::ascii, Habit::base64_inline, Habit::big_endian, Habit::raw_appended})
  {
    const Mesh mesh = vtu.read(two_tetrahedra_as_vtu(habit)).mesh;
    CHECK(mesh.points == std::vector<Vec3>{{0, 0, 0}, {1, 0, 0}, {0, 1, 0}, {0, 0, 1}, {0, 0, -1}});
    CHECK(mesh.corners == std::vector<std::uint32_t>{0, 1, 2, 3, 0, 2, 1, 4});
    CHECK(mesh.regions == std::vector<std::string>{"gmsh:physical 3", "gmsh:physical 1"});
  }
}

TEST_CASE("what is written as .vtu is read back to the last bit", "[vtk]")
{
  const TemporaryFolder folder;
  for (Mesh mesh : {two_tetrahedra(), two_hexahedra()})
    for (const int degree : {1, 2})
    {
      mesh.degree = degree;
      mesh.cell_tags = mesh.point_tags = {}; // not written
      write_vtu(folder / "mesh.vtu", mesh);
      const ReadMesh back = read_mesh(folder / "mesh.vtu");
      CHECK(back.mesh.points == mesh.points);
      CHECK(back.mesh.corners == mesh.corners);
      CHECK(back.mesh.degree == degree);
      CHECK(back.mesh.region == mesh.region);
      CHECK(back.mesh.regions == mesh.regions);
      CHECK(back.warnings.empty());
    }
}

TEST_CASE("a spoiled .vtu is refused", "[vtk]")
{
  const std::string good = two_tetrahedra_as_vtu(Habit::ascii);
  const auto spoiled = [&](const std::string& what, const std::string& by)
  { return vtu.refused(replaced(good, what, by)); };
  CHECK_THAT(vtu.refused("<html>"), Contains("femur.vtu:1: the file ends inside <html>"));
  CHECK_THAT(vtu.refused("hello"), Contains("femur.vtu:1: no element"));
  CHECK_THAT(spoiled("type=\"UnstructuredGrid\"", "type=\"PolyData\""),
             Contains("femur.vtu:2: <VTKFile type=\"PolyData\">; allowed: <VTKFile "
                      "type=\"UnstructuredGrid\">"));
  CHECK_THAT(spoiled("NumberOfPoints=\"5\"", "NumberOfPoints=\"50000000\""),
             Contains("femur.vtu:4: NumberOfPoints=\"50000000\"; allowed: a count that the file"));
  CHECK_THAT(spoiled("NumberOfPoints=\"5\"", "NumberOfPoints=\"6\""),
             Contains("femur.vtu:6: 15 numbers in array \"\"; allowed: 18"));
  CHECK_THAT(spoiled("0 1 2 3 0 2 1 4", "0 1 2 3 0 2 1 9"), Contains("a cell uses point 9"));
  CHECK_THAT(spoiled(">4 8 <", ">4 9 <"), Contains("the last cell ends at 9 of 8 nodes"));
  CHECK_THAT(spoiled(">4 8 <", ">9 8 <"), Contains("the nodes of cell 1 end at 9 of 8"));
  CHECK_THAT(spoiled(">4 8 <", ">4 x <"), Contains("femur.vtu:10: \"x\" where a number of an"));
  CHECK_THAT(spoiled(">10 10 <", ">10 71 <"),
             Contains("cell 2 is of VTK type 71 (Lagrange tetrahedron)"));
  CHECK_THAT(spoiled("</Cells>", "</Cell>"),
             Contains("a closing tag that closes nothing; allowed: </Cells>"));
  CHECK_THAT(spoiled("gmsh:physical", "vtkGhostType"), Contains("cell 1 is a ghost cell"));
  CHECK_THAT(spoiled("LittleEndian", "MiddleEndian"), Contains("byte_order \"MiddleEndian\""));
  CHECK_THAT(spoiled("format=\"ascii\"", "format=\"octal\""), Contains("the format \"octal\""));
  CHECK_THAT(spoiled("Float32", "Float16"), Contains("numbers of type \"Float16\""));
  CHECK_THAT(spoiled("Name=\"types\"", "Name=\"type\""), Contains("without an array \"types\""));
  CHECK_THAT(spoiled("Name=\"types\"", "Name=types"), Contains("has no value in quotes"));
  const std::string coded = two_tetrahedra_as_vtu(Habit::base64_inline);
  CHECK_THAT(vtu.refused(replaced(coded, "format=\"binary\">", "format=\"binary\">?")),
             Contains("data that are no base64"));
  CHECK_THAT(vtu.refused(replaced(coded, "version=\"0.1\"", "compressor=\"vtkMagic\"")),
             Contains("data compressed by \"vtkMagic\"; allowed: zlib, LZ4, LZMA"));
  const std::string raw = two_tetrahedra_as_vtu(Habit::raw_appended);
  CHECK_THAT(vtu.refused(replaced(raw, "offset=\"0\"", "offset=\"9999\"")),
             Contains("femur.vtu:6: appended data at offset \"9999\""));
}

TEST_CASE("pieces of a .vtu are put together", "[vtk]")
{
  const std::string good = two_tetrahedra_as_vtu(Habit::ascii);
  const std::size_t begin = good.find("<Piece"), end = good.find("</UnstructuredGrid");
  const Mesh mesh =
      vtu.read(good.substr(0, end) + good.substr(begin, end - begin) + good.substr(end)).mesh;
  CHECK(mesh.points.size() == 10);
  CHECK(mesh.corners == std::vector<std::uint32_t>{0, 1, 2, 3, 0, 2, 1, 4, 5, 6, 7, 8, 5, 7, 6, 9});
  CHECK(mesh.region == std::vector<std::uint16_t>{0, 1, 0, 1});
}
