#include "base/files.hpp"
#include "mesh/read_mesh.hpp"
#include "mesh/vtk_mesh.hpp"
#include "unit/mesh/file_support.hpp"

#include <catch2/catch.hpp>

#include <algorithm>
#include <cstring>
#include <sstream>

using namespace calcar;
using namespace calcar::mesh;
using namespace calcar::mesh::test;
using Catch::Contains;

namespace
{

FileMesh parse_vtk(const std::string& text)
{
  return read_vtk(text, "femur.vtk", 1);
}
FileMesh parse_vtu(const std::string& text)
{
  return read_vtu(text, "femur.vtu", 1);
}
ReadMesh read(const FileMesh& mesh)
{
  return assemble(mesh, {"femur", ""});
}
std::string refused_vtk(const std::string& text)
{
  return refusal_of([&] { read(parse_vtk(text)); });
}
std::string refused_vtu(const std::string& text)
{
  return refusal_of([&] { read(parse_vtu(text)); });
}

/// The habit of version 2: cells with their counts, a table of colours, labels that are real.
const std::string legacy_2 = "# vtk DataFile Version 2.0\n"
                             "femur\n"
                             "ASCII\n"
                             "DATASET UNSTRUCTURED_GRID\n"
                             "POINTS 5 float\n"
                             "0 0 0 1 0 0\n"
                             "0 1 0 0 0 1 0 0 -1\n"
                             "CELLS 4 17\n"
                             "4 0 1 2 3\n"
                             "4 0 2 1 4\n"
                             "3 0 1 3\n"
                             "2 0 1\n"
                             "CELL_TYPES 4\n"
                             "10\n10\n5\n3\n"
                             "CELL_DATA 4\n"
                             "SCALARS density float 1\n"
                             "LOOKUP_TABLE default\n"
                             "0.5 0.25 0 0\n"
                             "SCALARS material float 1\n"
                             "LOOKUP_TABLE default\n"
                             "3 1 8 0\n";

/// Version 5: offsets and connectivity, labels in a field.
const std::string legacy_5 = "# vtk DataFile Version 5.1\n"
                             "femur\n"
                             "ASCII\n"
                             "DATASET UNSTRUCTURED_GRID\n"
                             "POINTS 5 double\n"
                             "0 0 0 1 0 0 0 1 0 0 0 1 0 0 -1 \n"
                             "\n"
                             "CELLS 3 8\n"
                             "OFFSETS vtktypeint64\n"
                             "0 4 8 \n"
                             "CONNECTIVITY vtktypeint64\n"
                             "0 1 2 3 0 2 1 4 \n"
                             "CELL_TYPES 2\n"
                             "10\n10\n"
                             "\n"
                             "CELL_DATA 2\n"
                             "FIELD FieldData 2\n"
                             "density 1 2 double\n"
                             "0.5 0.25\n"
                             "CellEntityIds 1 2 int\n"
                             "2 4\n";

template <typename T>
void put(std::string& bytes, T value, bool swapped = false)
{
  char raw[sizeof(T)];
  std::memcpy(raw, &value, sizeof(T));
  if (swapped)
    std::reverse(raw, raw + sizeof(T));
  bytes.append(raw, sizeof(T));
}

/// The legacy format in binary: most significant byte first.
std::string legacy_binary()
{
  std::string text = "# vtk DataFile Version 3.0\nfemur\nBINARY\nDATASET UNSTRUCTURED_GRID\n"
                     "POINTS 5 double\n";
  for (const double x : {0, 0, 0, 1, 0, 0, 0, 1, 0, 0, 0, 1, 0, 0, -1})
    put(text, x, true);
  text += "\nCELLS 2 10\n";
  for (const int n : {4, 0, 1, 2, 3, 4, 0, 2, 1, 4})
    put(text, n, true);
  text += "\nCELL_TYPES 2\n";
  for (const int n : {10, 10})
    put(text, n, true);
  text += "\nCELL_DATA 2\nSCALARS region int 1\nLOOKUP_TABLE default\n";
  for (const int n : {3, 1})
    put(text, n, true);
  return text + "\n";
}

std::string base64(const std::string& bytes)
{
  const char* digits = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
  std::string text;
  for (std::size_t n = 0; n < bytes.size(); n += 3)
  {
    std::uint32_t three = 0;
    for (std::size_t k = 0; k < 3; ++k)
      three = 256 * three + (n + k < bytes.size() ? static_cast<unsigned char>(bytes[n + k]) : 0);
    for (int k = 3; k >= 0; --k)
      text += static_cast<std::size_t>(3 - k) <= std::min<std::size_t>(bytes.size() - n, 3)
                  ? digits[(three >> (6 * k)) & 63]
                  : '=';
  }
  return text;
}

enum class Habit
{
  ascii,
  base64_inline,
  big_endian, ///< base64
  raw_appended
};

/// A .vtu of two tetrahedra in one of the ways of writing its arrays.
class Vtu
{
public:
  explicit Vtu(Habit habit) : habit_(habit) {}
  template <typename T>
  void array(const std::string& attributes, const std::vector<T>& values)
  {
    std::string bytes;
    const bool swapped = habit_ == Habit::big_endian;
    put(bytes, static_cast<std::uint32_t>(values.size() * sizeof(T)), swapped);
    std::ostringstream words;
    for (const T value : values)
    {
      put(bytes, value, swapped);
      words << +value << " ";
    }
    text_ << "<DataArray " << attributes;
    if (habit_ == Habit::ascii)
      text_ << " format=\"ascii\">" << words.str() << "</DataArray>\n";
    if (habit_ == Habit::base64_inline || swapped)
      text_ << " format=\"binary\">" << base64(bytes) << "</DataArray>\n";
    if (habit_ == Habit::raw_appended)
      text_ << " format=\"appended\" offset=\"" << appended_.size() << "\"/>\n";
    appended_ += bytes;
  }
  std::string two_tetrahedra()
  {
    text_ << "<?xml version=\"1.0\"?>\n<VTKFile type=\"UnstructuredGrid\" version=\"0.1\" "
             "byte_order=\""
          << (habit_ == Habit::big_endian ? "BigEndian" : "LittleEndian")
          << "\">\n<UnstructuredGrid>\n"
             "<Piece NumberOfPoints=\"5\" NumberOfCells=\"2\">\n<Points>\n";
    array<float>("type=\"Float32\" NumberOfComponents=\"3\"",
                 {0, 0, 0, 1, 0, 0, 0, 1, 0, 0, 0, 1, 0, 0, -1});
    text_ << "</Points>\n<Cells>\n";
    array<std::int32_t>("type=\"Int32\" Name=\"connectivity\"", {0, 1, 2, 3, 0, 2, 1, 4});
    array<std::int32_t>("type=\"Int32\" Name=\"offsets\"", {4, 8});
    array<std::uint8_t>("type=\"UInt8\" Name=\"types\"", {10, 10});
    text_ << "</Cells>\n<CellData>\n";
    array<std::int32_t>("type=\"Int32\" Name=\"gmsh:physical\"", {3, 1});
    text_ << "</CellData>\n</Piece>\n</UnstructuredGrid>\n";
    if (habit_ == Habit::raw_appended)
      text_ << "<AppendedData encoding=\"raw\">\n_" << appended_ << "\n</AppendedData>\n";
    text_ << "</VTKFile>\n";
    return text_.str();
  }

private:
  Habit habit_;
  std::ostringstream text_;
  std::string appended_;
};

} // namespace

TEST_CASE("the legacy VTK format of old and new habit is read", "[vtk]")
{
  const std::vector<Vec3> points = {{0, 0, 0}, {1, 0, 0}, {0, 1, 0}, {0, 0, 1}, {0, 0, -1}};
  const std::vector<std::uint32_t> corners = {0, 1, 2, 3, 0, 2, 1, 4};
  const ReadMesh old = read(parse_vtk(legacy_2));
  CHECK(old.mesh.points == points);
  CHECK(old.mesh.corners == corners);
  CHECK(old.mesh.regions == std::vector<std::string>{"material 3", "material 1"});
  CHECK(old.mesh.point_tags.empty());
  REQUIRE(old.mesh.face_sets.size() == 1);
  CHECK(old.mesh.face_sets[0].name == "material 8");
  CHECK(old.mesh.face_sets[0].faces == std::vector<FaceOfCell>{{0, 1}});
  REQUIRE(old.warnings.size() == 1);
  CHECK(old.warnings[0].text == "1 points and lines left out");

  const ReadMesh recent = read(parse_vtk(legacy_5));
  CHECK(recent.mesh.points == points);
  CHECK(recent.mesh.corners == corners);
  CHECK(recent.mesh.regions == std::vector<std::string>{"CellEntityIds 2", "CellEntityIds 4"});
  CHECK(recent.warnings.empty());

  const ReadMesh binary = read(parse_vtk(legacy_binary()));
  CHECK(binary.mesh.points == points);
  CHECK(binary.mesh.corners == corners);
  CHECK(binary.mesh.regions == std::vector<std::string>{"region 3", "region 1"});
}

TEST_CASE("regions come from the first array of whole numbers with a known name", "[vtk]")
{
  const std::string two = replaced(legacy_5, "density 1 2 double\n", "material 1 2 double\n");
  const ReadMesh fractions = read(parse_vtk(two)); // 0.5 and 0.25 are no numbers of materials
  CHECK(fractions.mesh.regions == std::vector<std::string>{"CellEntityIds 2", "CellEntityIds 4"});
  REQUIRE(fractions.warnings.size() == 1);
  CHECK(fractions.warnings[0].text ==
        "regions are taken from cell data \"CellEntityIds\", not from \"material\"");
  const ReadMesh both = read(parse_vtk(replaced(two, "0.5 0.25", "-1 7")));
  CHECK(both.mesh.regions == std::vector<std::string>{"material -1", "material 7"});
  CHECK(has_warning(both.warnings, "mesh_region_arrays"));
  const ReadMesh none = read(parse_vtk(replaced(legacy_2, "SCALARS material", "SCALARS colour")));
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
  CHECK_THAT(refused_vtk(head + "13\n"), Contains("cell 1 is of VTK type 13 (wedge)"));
  CHECK_THAT(refused_vtk(head + "10\n"), Contains("cell 1 of VTK type 10 has 8 nodes; allowed: 4"));
}

TEST_CASE("a .vtu is read as text, base64 and appended", "[vtk]")
{
  for (const Habit habit :
       {Habit::ascii, Habit::base64_inline, Habit::big_endian, Habit::raw_appended})
  {
    const Mesh mesh = read(parse_vtu(Vtu(habit).two_tetrahedra())).mesh;
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

TEST_CASE("a spoiled legacy VTK file is refused with its line", "[vtk]")
{
  const auto spoiled = [](const std::string& what, const std::string& by)
  { return refused_vtk(replaced(legacy_2, what, by)); };
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
  CHECK_THAT(refused_vtk(replaced(legacy_5, "OFFSETS vtktypeint64\n0 4", "OFFSETS float\n0 4.5")),
             Contains("no whole number; allowed: whole numbers"));
  CHECK_THAT(refused_vtk(legacy_binary().substr(0, 150)),
             Contains("femur.vtk, byte") && Contains("numbers announced, but only"));
  CHECK_THAT(refused_vtk(legacy_2.substr(0, legacy_2.find("CELL_TYPES"))),
             Contains("the file ends without cell_types"));
  CHECK_THAT(refused_vtk(replaced(legacy_5, "OFFSETS", "OFFSET")), Contains("no offsets behind"));
  CHECK_THAT(refused_vtk(replaced(legacy_5, "\n0 4 8", "\n0 9 8")),
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
  CHECK(read(parse_vtk(replaced(text, "5 6 0 0", "5 6 5 0"))).mesh.regions ==
        std::vector<std::string>{"mat_id 5", "mat_id 6"});
}

TEST_CASE("a spoiled .vtu is refused", "[vtk]")
{
  const std::string good = Vtu(Habit::ascii).two_tetrahedra();
  const auto spoiled = [&](const std::string& what, const std::string& by)
  { return refused_vtu(replaced(good, what, by)); };
  CHECK_THAT(refused_vtu("<html>"), Contains("femur.vtu:1: the file ends inside <html>"));
  CHECK_THAT(refused_vtu("hello"), Contains("femur.vtu:1: no element"));
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
  const std::string coded = Vtu(Habit::base64_inline).two_tetrahedra();
  CHECK_THAT(refused_vtu(replaced(coded, "format=\"binary\">", "format=\"binary\">?")),
             Contains("data that are no base64"));
  CHECK_THAT(refused_vtu(replaced(coded, "version=\"0.1\"", "compressor=\"vtkMagic\"")),
             Contains("data compressed by \"vtkMagic\"; allowed: zlib, LZ4, LZMA"));
  const std::string raw = Vtu(Habit::raw_appended).two_tetrahedra();
  CHECK_THAT(refused_vtu(replaced(raw, "offset=\"0\"", "offset=\"9999\"")),
             Contains("femur.vtu:6: appended data at offset \"9999\""));
}

TEST_CASE("pieces of a .vtu are put together", "[vtk]")
{
  const std::string good = Vtu(Habit::ascii).two_tetrahedra();
  const std::size_t begin = good.find("<Piece"), end = good.find("</UnstructuredGrid");
  const Mesh mesh =
      read(parse_vtu(good.substr(0, end) + good.substr(begin, end - begin) + good.substr(end)))
          .mesh;
  CHECK(mesh.points.size() == 10);
  CHECK(mesh.corners == std::vector<std::uint32_t>{0, 1, 2, 3, 0, 2, 1, 4, 5, 6, 7, 8, 5, 7, 6, 9});
  CHECK(mesh.region == std::vector<std::uint16_t>{0, 1, 0, 1});
}

TEST_CASE("VTK files cut off or with changed bytes are read or refused, nothing else", "[vtk]")
{
  CHECK(survive(parse_vtk, legacy_2, 2000) > 500);
  CHECK(survive(parse_vtk, legacy_5, 2000) > 500);
  CHECK(survive(parse_vtk, legacy_binary(), 2000) > 500);
  CHECK(survive(parse_vtu, Vtu(Habit::ascii).two_tetrahedra(), 1000) > 500);
  CHECK(survive(parse_vtu, Vtu(Habit::base64_inline).two_tetrahedra(), 1000) > 500);
  const TemporaryFolder folder;
  write_vtu(folder / "compressed.vtu", two_tetrahedra());
  CHECK(survive(parse_vtu, read_text(folder / "compressed.vtu"), 1000) > 500);
  CHECK(survive(parse_vtu, Vtu(Habit::raw_appended).two_tetrahedra(), 1000) > 500);
}
