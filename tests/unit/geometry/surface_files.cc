#include "unit/geometry/surface_files.hpp"

#include "put_bytes.hpp"

#include <cstdint>
#include <fstream>
#include <sstream>

namespace calcar::geometry::test
{
namespace
{

using calcar::test::put;

std::string number(double value)
{
  std::ostringstream words;
  words.precision(17);
  words << value;
  return words.str();
}

std::string words_of(const Vec3& x)
{
  return number(x.x) + " " + number(x.y) + " " + number(x.z);
}

std::string ply_header(const TriangleSurface& surface, const std::string& format)
{
  return "ply\nformat " + format + " 1.0\ncomment made for a test\nelement vertex " +
         std::to_string(surface.points.size()) +
         "\nproperty double x\nproperty double y\nproperty double z\nproperty uchar red\nelement "
         "face " +
         std::to_string(surface.triangles.size()) +
         "\nproperty list uchar int vertex_indices\nend_header\n";
}

} // namespace

std::string stl_text(const TriangleSurface& surface)
{
  std::string text = "solid a name with facet in it\n";
  for (const auto& t : surface.triangles)
  {
    text += "  facet normal 0 0 0\n    outer loop\n";
    for (const auto p : t)
      text += "      vertex " + words_of(surface.points[p]) + "\n";
    text += "    endloop\n  endfacet\n";
  }
  return text + "endsolid a name\n";
}

std::string stl_bytes(const TriangleSurface& surface, std::string header)
{
  header.resize(80, ' ');
  put(header, static_cast<std::uint32_t>(surface.triangles.size()));
  for (const auto& t : surface.triangles)
  {
    header.append(12, '\0');
    for (const auto p : t)
      for (std::size_t axis = 0; axis < 3; ++axis)
        put(header, static_cast<float>(surface.points[p][axis]));
    header.append(2, '\0');
  }
  return header;
}

std::string obj_text(const TriangleSurface& surface)
{
  std::string text = "# a comment\nmtllib none.mtl\no thing\n";
  for (const Vec3& x : surface.points)
    text += "v " + words_of(x) + "\n";
  text += "vn 0 0 1\ns off\n";
  for (const auto& t : surface.triangles)
    text += "f " + std::to_string(t[0] + 1) + "//1 " + std::to_string(t[1] + 1) + "/1/1 " +
            std::to_string(t[2] + 1) + "\n";
  return text;
}

std::string ply_text(const TriangleSurface& surface)
{
  std::string text = ply_header(surface, "ascii");
  for (const Vec3& x : surface.points)
    text += words_of(x) + " 7\n";
  for (const auto& t : surface.triangles)
    text += "3 " + std::to_string(t[0]) + " " + std::to_string(t[1]) + " " + std::to_string(t[2]) +
            "\n";
  return text;
}

std::string ply_bytes(const TriangleSurface& surface, bool big)
{
  std::string text = ply_header(surface, big ? "binary_big_endian" : "binary_little_endian");
  for (const Vec3& x : surface.points)
  {
    for (std::size_t axis = 0; axis < 3; ++axis)
      put(text, x[axis], big);
    put(text, std::uint8_t{7});
  }
  for (const auto& t : surface.triangles)
  {
    put(text, std::uint8_t{3});
    for (const auto p : t)
      put(text, static_cast<std::int32_t>(p), big);
  }
  return text;
}

std::string vtp_text(const TriangleSurface& surface)
{
  std::string text = "<?xml version=\"1.0\"?>\n<VTKFile type=\"PolyData\" version=\"1.0\" "
                     "byte_order=\"LittleEndian\">\n<PolyData>\n<Piece NumberOfPoints=\"" +
                     std::to_string(surface.points.size()) +
                     "\" NumberOfVerts=\"0\" "
                     "NumberOfLines=\"0\" NumberOfStrips=\"0\" NumberOfPolys=\"" +
                     std::to_string(surface.triangles.size()) +
                     "\">\n<Points>\n<DataArray type=\"Float64\" NumberOfComponents=\"3\" "
                     "format=\"ascii\">\n";
  for (const Vec3& x : surface.points)
    text += words_of(x) + "\n";
  text += "</DataArray>\n</Points>\n<Polys>\n<DataArray type=\"Int64\" Name=\"connectivity\" "
          "format=\"ascii\">\n";
  for (const auto& t : surface.triangles)
    text += std::to_string(t[0]) + " " + std::to_string(t[1]) + " " + std::to_string(t[2]) + "\n";
  text += "</DataArray>\n<DataArray type=\"Int64\" Name=\"offsets\" format=\"ascii\">\n";
  for (std::size_t n = 1; n <= surface.triangles.size(); ++n)
    text += std::to_string(3 * n) + " ";
  return text + "\n</DataArray>\n</Polys>\n</Piece>\n</PolyData>\n</VTKFile>\n";
}

std::vector<Written> in_all_formats(const TriangleSurface& surface)
{
  return {{"text.stl", stl_text(surface)},
          {"bytes.stl", stl_bytes(surface)},
          {"solid.stl", stl_bytes(surface, "solid yet binary")},
          {"text.obj", obj_text(surface)},
          {"text.ply", ply_text(surface)},
          {"little.ply", ply_bytes(surface, false)},
          {"big.ply", ply_bytes(surface, true)},
          {"text.vtp", vtp_text(surface)}};
}

std::filesystem::path write(const TemporaryFolder& folder, const Written& file)
{
  std::ofstream(folder / file.name, std::ios::binary) << file.bytes;
  return folder / file.name;
}

std::filesystem::path write(const TemporaryFolder& folder, const std::string& name,
                            const std::string& bytes)
{
  return write(folder, Written{name, bytes});
}

} // namespace calcar::geometry::test
