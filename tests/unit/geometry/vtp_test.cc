#include "base/error.hpp"
#include "geometry/read_surface.hpp"
#include "unit/geometry/surface_files.hpp"

#include <catch2/catch.hpp>
#include <zlib.h>

#include <array>
#include <cmath>
#include <cstring>
#include <random>

using namespace calcar;
using namespace calcar::geometry;
using namespace calcar::geometry::test;
using Catch::Contains;

namespace
{
constexpr std::array<float, 12> points = {0, 0, 0, 1, 0, 0, 0, 1, 0, 0, 0, 1};
constexpr std::array<std::int64_t, 12> corners = {0, 2, 1, 0, 1, 3, 1, 2, 3, 2, 0, 3};
constexpr std::array<std::int64_t, 4> ends = {3, 6, 9, 12};

template <typename T, std::size_t N>
std::string raw(const std::array<T, N>& values)
{
  return {reinterpret_cast<const char*>(values.data()), sizeof values};
}

std::string size_of(std::uint32_t bytes)
{
  return {reinterpret_cast<const char*>(&bytes), sizeof bytes};
}

std::string base64(const std::string& bytes)
{
  const std::string digits = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
  std::string text;
  for (std::size_t n = 0; n < bytes.size(); n += 3)
  {
    std::uint32_t bits = 0;
    for (std::size_t k = 0; k < 3; ++k)
      bits = bits << 8 | (n + k < bytes.size() ? static_cast<unsigned char>(bytes[n + k]) : 0U);
    for (std::size_t k = 0; k < 4; ++k)
      text += n + k > bytes.size() ? '=' : digits[bits >> (18 - 6 * k) & 63];
  }
  return text;
}

/// One block, as VTK packs small arrays: number of blocks, their size, the last one's, the packed.
std::string packed(const std::string& bytes, bool as_base64)
{
  uLongf length = compressBound(bytes.size());
  std::string block(length, ' ');
  REQUIRE(compress(reinterpret_cast<Bytef*>(block.data()), &length,
                   reinterpret_cast<const Bytef*>(bytes.data()), bytes.size()) == Z_OK);
  block.resize(length);
  const auto size = static_cast<std::uint32_t>(bytes.size());
  const std::string sizes =
      size_of(1) + size_of(size) + size_of(size) + size_of(static_cast<std::uint32_t>(length));
  return as_base64 ? base64(sizes) + base64(block) : sizes + block;
}

struct Coding
{
  std::string name;
  bool appended = false;
  bool base64 = true;
  bool zlib = false;
};
const std::vector<Coding> codings = {{"inline base64"},
                                     {"inline base64 zlib", false, true, true},
                                     {"appended raw", true, false, false},
                                     {"appended raw zlib", true, false, true},
                                     {"appended base64", true, true, false},
                                     {"appended base64 zlib", true, true, true}};

/// A tetrahedron as a .vtp of some coding.
std::string tetrahedron(const Coding& coding)
{
  std::string appended;
  const auto array = [&](const std::string& attributes, const std::string& bytes)
  {
    const std::string size = size_of(static_cast<std::uint32_t>(bytes.size()));
    const std::string data = coding.zlib     ? packed(bytes, coding.base64)
                             : coding.base64 ? base64(size + bytes)
                                             : size + bytes;
    const std::string tag = "<DataArray " + attributes;
    if (!coding.appended)
      return tag + " format=\"binary\">" + data + "</DataArray>\n";
    const std::string at = std::to_string(appended.size());
    appended += data;
    return tag + " format=\"appended\" offset=\"" + at + "\"/>\n";
  };
  std::string text = "<?xml version=\"1.0\"?>\n<VTKFile type=\"PolyData\" version=\"0.1\" "
                     "byte_order=\"LittleEndian\" header_type=\"UInt32\"";
  text += coding.zlib ? " compressor=\"vtkZLibDataCompressor\">\n" : ">\n";
  text += "<PolyData>\n<Piece NumberOfPoints=\"4\" NumberOfVerts=\"0\" NumberOfLines=\"0\" "
          "NumberOfStrips=\"0\" NumberOfPolys=\"4\">\n<Points>\n";
  text += array("type=\"Float32\" NumberOfComponents=\"3\"", raw(points));
  text += "</Points>\n<Polys>\n" + array("type=\"Int64\" Name=\"connectivity\"", raw(corners));
  text += array("type=\"Int64\" Name=\"offsets\"", raw(ends)) + "</Polys>\n</Piece>\n</PolyData>\n";
  if (coding.appended)
    text += "<AppendedData encoding=\"" + std::string(coding.base64 ? "base64" : "raw") + "\">_" +
            appended + "</AppendedData>\n";
  return text + "</VTKFile>\n";
}

TriangleSurface read(const TemporaryFolder& folder, const std::string& bytes)
{
  return read_surface(write(folder, "body.vtp", bytes)).surface;
}

std::string replaced(std::string text, const std::string& what, const std::string& by)
{
  const std::size_t at = text.find(what);
  REQUIRE(at != std::string::npos);
  return text.replace(at, what.size(), by);
}

/// True when a spoiled file is read as a body with finite points or refused with its name.
bool read_or_refused(const TemporaryFolder& folder, const std::string& bytes)
{
  try
  {
    for (const Vec3& p : read(folder, bytes).points)
      if (!std::isfinite(p.x) || !std::isfinite(p.y) || !std::isfinite(p.z))
        return false;
    return true;
  }
  catch (const InputError& error)
  {
    return std::string(error.what()).find("body.vtp") != std::string::npos;
  }
}
} // namespace

TEST_CASE("a .vtp is read alike in every coding", "[vtp]")
{
  const TemporaryFolder folder;
  for (const Coding& coding : codings)
  {
    INFO(coding.name);
    const TriangleSurface surface = read(folder, tetrahedron(coding));
    CHECK(surface.points == std::vector<Vec3>{{0, 0, 0}, {0, 1, 0}, {1, 0, 0}, {0, 0, 1}});
    CHECK(surface.triangles.size() == 4);
  }
}

TEST_CASE("pieces of a .vtp are put together", "[vtp]")
{
  const TemporaryFolder folder;
  const std::string one = tetrahedron(codings.front());
  const std::size_t begin = one.find("<Piece");
  const std::size_t end = one.find("</PolyData>");
  std::string two = one;
  two.insert(end, one.substr(begin, end - begin));
  // The same body twice: points and triangles of the second piece follow those of the first.
  const ReadSurface both = read_triangles(write(folder, "body.vtp", two));
  CHECK(both.surface.triangles.size() == 8);
}

TEST_CASE("a .vtp cut off at any byte is refused", "[vtp]")
{
  const TemporaryFolder folder;
  for (const Coding& coding : codings)
  {
    const std::string whole = tetrahedron(coding);
    const std::size_t last = whole.rfind("</VTKFile>") + std::strlen("</VTKFile");
    for (std::size_t length = 0; length <= last; ++length)
    {
      INFO(coding.name << ", " << length << " bytes");
      CHECK_THROWS_AS(read(folder, whole.substr(0, length)), InputError);
    }
  }
}

TEST_CASE("a .vtp with changed bytes is read or refused, nothing else", "[vtp]")
{
  const TemporaryFolder folder;
  std::mt19937 random(7);
  for (const Coding& coding : codings)
  {
    const std::string whole = tetrahedron(coding);
    for (int trial = 0; trial < 700; ++trial)
    {
      std::string spoiled = whole;
      for (int change = 0; change < 1 + trial % 3; ++change)
        spoiled[random() % spoiled.size()] = static_cast<char>(random() & 255);
      INFO(coding.name << ", trial " << trial);
      CHECK(read_or_refused(folder, spoiled));
    }
  }
}

TEST_CASE("what is wrong in a .vtp is named with its line", "[vtp]")
{
  const TemporaryFolder folder;
  const std::string good = tetrahedron(codings.front());
  const auto refused = [&](const std::string& what, const std::string& by)
  {
    try
    {
      read(folder, replaced(good, what, by));
      return std::string("was not refused");
    }
    catch (const InputError& error)
    {
      return std::string(error.what());
    }
  };
  CHECK_THAT(refused("\"PolyData\"", "\"UnstructuredGrid\""),
             Contains("body.vtp:2: <VTKFile type=\"UnstructuredGrid\">; allowed: <VTKFile "
                      "type=\"PolyData\">"));
  CHECK_THAT(refused("NumberOfStrips=\"0\"", "NumberOfStrips=\"3\""),
             Contains("body.vtp:4: strips of triangles"));
  CHECK_THAT(refused("NumberOfPoints=\"4\"", "NumberOfPoints=\"3\""),
             Contains("12 numbers in array") && Contains("allowed: 9"));
  CHECK_THAT(refused("NumberOfPolys=\"4\"", "NumberOfPolys=\"999999999999\""),
             Contains("a count that the file has room for"));
  CHECK_THAT(refused("type=\"Int64\"", "type=\"Int65\""), Contains("numbers of type \"Int65\""));
  std::array<std::int64_t, 12> wrong = corners;
  wrong[4] = 9;
  CHECK_THAT(refused(base64(size_of(96) + raw(corners)), base64(size_of(96) + raw(wrong))),
             Contains("a polygon uses point 9 (from 0)") && Contains("0 to 4 - 1"));
  const std::array<std::int64_t, 4> descending = {6, 3, 9, 12};
  CHECK_THAT(refused(base64(size_of(32) + raw(ends)), base64(size_of(32) + raw(descending))),
             Contains("polygon 1 (from 0) ends at 3 before it begins at 6"));
}

TEST_CASE("a byte order mark before a surface in text is passed over", "[vtp][bom]")
{
  const TemporaryFolder folder;
  const TriangleSurface surface = read(folder, tetrahedron(codings.front()));
  const std::string mark = "\xEF\xBB\xBF";
  for (const Written& file : {Written{"body.stl", stl_text(surface)},
                              {"body.obj", obj_text(surface)},
                              {"body.ply", ply_text(surface)},
                              {"body.vtp", vtp_text(surface)}})
  {
    INFO(file.name);
    const auto path = write(folder, file.name, mark + file.bytes);
    CHECK(read_surface(path).surface.triangles.size() == surface.triangles.size());
  }
}
