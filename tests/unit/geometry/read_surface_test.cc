#include "base/error.hpp"
#include "geometry/read_surface.hpp"
#include "geometry/surface_defects.hpp"
#include "temporary_folder.hpp"

#include <catch2/catch.hpp>

#include <bit>
#include <cmath>
#include <cstring>
#include <fstream>
#include <iostream>
#include <random>
#include <sstream>

using namespace calcar;
using namespace calcar::geometry;
using calcar::test::TemporaryFolder;
using Catch::Contains;

namespace
{

/// A box from the origin as 12 triangles, outside out.
TriangleSurface box(Vec3 size, Vec3 at = {})
{
  TriangleSurface surface;
  for (int n = 0; n < 8; ++n)
    surface.points.push_back(at + Vec3{n & 1 ? size.x : 0, n & 2 ? size.y : 0, n & 4 ? size.z : 0});
  const std::array<std::array<std::uint32_t, 4>, 6> quads = {
      {{0, 2, 3, 1}, {4, 5, 7, 6}, {0, 1, 5, 4}, {2, 6, 7, 3}, {0, 4, 6, 2}, {1, 3, 7, 5}}};
  for (const auto& q : quads)
  {
    surface.triangles.push_back({q[0], q[1], q[2]});
    surface.triangles.push_back({q[0], q[2], q[3]});
  }
  return surface;
}

TriangleSurface together(TriangleSurface a, const TriangleSurface& b)
{
  const auto shift = static_cast<std::uint32_t>(a.points.size());
  a.points.insert(a.points.end(), b.points.begin(), b.points.end());
  for (const auto& t : b.triangles)
    a.triangles.push_back({t[0] + shift, t[1] + shift, t[2] + shift});
  return a;
}

TriangleSurface mirrored(TriangleSurface surface)
{
  for (auto& t : surface.triangles)
    std::swap(t[1], t[2]);
  return surface;
}

template <typename T>
void put(std::string& to, T value, bool big = false)
{
  std::array<char, sizeof(T)> bytes;
  std::memcpy(bytes.data(), &value, sizeof(T));
  if (big)
    std::reverse(bytes.begin(), bytes.end());
  to.append(bytes.data(), bytes.size());
}

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

std::string stl_bytes(const TriangleSurface& surface, std::string header = "made for a test")
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

std::string ply_header(const TriangleSurface& surface, const std::string& format)
{
  return "ply\nformat " + format + " 1.0\ncomment made for a test\nelement vertex " +
         std::to_string(surface.points.size()) +
         "\nproperty double x\nproperty double y\nproperty double z\nproperty uchar red\nelement "
         "face " +
         std::to_string(surface.triangles.size()) +
         "\nproperty list uchar int vertex_indices\nend_header\n";
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

struct Written
{
  std::string name;
  std::string bytes;
};

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

bool has(const Warnings& warnings, const std::string& code)
{
  return std::any_of(warnings.begin(), warnings.end(),
                     [&](const Warning& w) { return w.code == code; });
}

/// Nothing may be printed while it lives but by us.
class Silence
{
public:
  Silence() : cerr_(std::cerr.rdbuf(said_.rdbuf())), cout_(std::cout.rdbuf(said_.rdbuf())) {}
  ~Silence()
  {
    std::cerr.rdbuf(cerr_);
    std::cout.rdbuf(cout_);
  }
  Silence(const Silence&) = delete;
  Silence& operator=(const Silence&) = delete;
  std::string said() const { return said_.str(); }

private:
  std::ostringstream said_;
  std::streambuf* cerr_;
  std::streambuf* cout_;
};

/// True when the file was read; false when refused with an InputError (data) that names it.
bool read_or_refused(const std::filesystem::path& file)
{
  try
  {
    const ReadSurface read = read_surface(file);
    return find_defects(read.surface).closed();
  }
  catch (const InputError& error)
  {
    CHECK(error.fault() == Fault::data);
    CHECK_THAT(error.what(), Contains(file.filename().string()));
    return false;
  }
}

} // namespace

TEST_CASE("a box is the same surface in every format, joined, outside out, with its exact volume")
{
  const TemporaryFolder folder;
  const TriangleSurface original = box({2, 3, 4}, {-10, 0.5, 7});
  for (const Written& file : in_all_formats(original))
  {
    INFO(file.name);
    const ReadSurface read = read_surface(write(folder, file));
    CHECK(read.warnings.empty());
    CHECK(read.surface.points.size() == 8);
    CHECK(read.surface.triangles.size() == 12);
    CHECK(volume(read.surface) == Approx(24).epsilon(1e-13));
    CHECK(area(read.surface) == Approx(52).epsilon(1e-13));
    CHECK(read.surface.source.sha256.size() == 64);
    const SurfaceDefects defects = find_defects(read.surface);
    CHECK(defects.closed());
    CHECK(defects.turned_edges == 0);
    CHECK(defects.parts == 1);
  }
}

TEST_CASE("text keeps every digit of a coordinate")
{
  const TemporaryFolder folder;
  const Vec3 size = {1.0 / 3, std::sqrt(2.0), 1e3 + 1e-10};
  for (const Written& file : in_all_formats(box(size)))
  {
    if (file.name.ends_with(".stl") && file.name != "text.stl")
      continue; // binary STL has floats
    INFO(file.name);
    CHECK(read_surface(write(folder, file)).surface.points.size() == 8);
    double most = 0;
    for (const Vec3& p : read_surface(write(folder, file)).surface.points)
      most = std::max(most, p.z);
    CHECK(most == size.z);
  }
}

TEST_CASE("a surface in metres is brought to millimetres")
{
  const TemporaryFolder folder;
  const auto file = write(folder, "m.obj", obj_text(box({0.002, 0.003, 0.004})));
  CHECK(volume(read_surface(file, 1000).surface) == Approx(24).epsilon(1e-12));
}

TEST_CASE("an inward surface is turned with a warning, a cavity in it is left a cavity")
{
  const TemporaryFolder folder;
  const TriangleSurface outer = box({10, 10, 10});
  const TriangleSurface cavity = mirrored(box({2, 2, 2}, {4, 4, 4}));
  const auto inward = read_surface(write(folder, "in.obj", obj_text(mirrored(outer))));
  CHECK(has(inward.warnings, "surface_turned"));
  CHECK(volume(inward.surface) == Approx(1000));

  const auto hollow = read_surface(write(folder, "h.obj", obj_text(together(outer, cavity))));
  CHECK_FALSE(has(hollow.warnings, "surface_turned"));
  CHECK(has(hollow.warnings, "surface_parts"));
  CHECK(volume(hollow.surface) == Approx(992));

  const auto turned =
      read_surface(write(folder, "t.obj", obj_text(mirrored(together(outer, cavity)))));
  CHECK(has(turned.warnings, "surface_turned"));
  CHECK(volume(turned.surface) == Approx(992));

  // Two bodies side by side, one of them inward: each for itself.
  const auto two = read_surface(
      write(folder, "2.obj", obj_text(together(outer, mirrored(box({1, 1, 1}, {20, 0, 0}))))));
  CHECK(volume(two.surface) == Approx(1001));
}

TEST_CASE("single triangles that run the wrong way are turned with a warning that counts them")
{
  const TemporaryFolder folder;
  TriangleSurface surface = box({2, 3, 4});
  std::swap(surface.triangles[0][1], surface.triangles[0][2]);
  std::swap(surface.triangles[7][1], surface.triangles[7][2]);
  const auto read = read_surface(write(folder, "t.stl", stl_text(surface)));
  REQUIRE(has(read.warnings, "triangles_turned"));
  CHECK_THAT(read.warnings[0].text, Contains("2 of 12"));
  CHECK(volume(read.surface) == Approx(24));
  CHECK(find_defects(read.surface).turned_edges == 0);
}

TEST_CASE("open, branching and pinched surfaces are refused with the place of the defect")
{
  const TemporaryFolder folder;
  TriangleSurface open = box({2, 2, 2});
  open.triangles.pop_back();
  const auto file = write(folder, "open.stl", stl_text(open));
  CHECK_THROWS_WITH(read_surface(file), Contains("open.stl") && Contains("3 edges") &&
                                            Contains("mm") && Contains("close it"));
  CHECK(read_triangles(file).surface.triangles.size() == 11);

  // Two boxes with one edge in common, and with one corner in common.
  CHECK_THROWS_WITH(
      read_surface(
          write(folder, "e.stl", stl_text(together(box({1, 1, 1}), box({1, 1, 1}, {1, 1, 0}))))),
      Contains("branches") && Contains("1 edges") && Contains("(1, 1, 0.5) mm"));
  CHECK_THROWS_WITH(
      read_surface(
          write(folder, "p.stl", stl_text(together(box({1, 1, 1}), box({1, 1, 1}, {1, 1, 1}))))),
      Contains("1 points alone") && Contains("(1, 1, 1) mm"));
  TriangleSurface sheet;
  sheet.points = {{0, 0, 0}, {1, 0, 0}, {0, 1, 0}};
  sheet.triangles = {{0, 1, 2}, {0, 2, 1}};
  CHECK_THROWS_WITH(read_surface(write(folder, "s.obj", obj_text(sheet))),
                    Contains("encloses no volume"));
}

TEST_CASE("a closed surface with one side only is refused")
{
  // The real projective plane with six points: the hemi-icosahedron.
  TriangleSurface plane;
  for (int n = 0; n < 6; ++n)
    plane.points.push_back({std::cos(n), std::sin(2 * n), std::cos(3 * n)});
  plane.triangles = {{0, 1, 2}, {0, 2, 3}, {0, 3, 4}, {0, 4, 5}, {0, 5, 1},
                     {1, 2, 4}, {2, 3, 5}, {3, 4, 1}, {4, 5, 2}, {5, 1, 3}};
  REQUIRE(find_defects(plane).closed());
  const TemporaryFolder folder;
  CHECK_THROWS_WITH(read_surface(write(folder, "p.obj", obj_text(plane))),
                    Contains("one side only"));
}

TEST_CASE(
    "STL corners are joined by exact coordinates first, then within 1e-6 of the diagonal with a "
    "warning, and no farther")
{
  const TemporaryFolder folder;
  // -0 and 0 are one place.
  std::string zero = stl_text(box({2, 2, 2}));
  zero.replace(zero.find("vertex 0 0 0"), 12, "vertex -0 0 -0");
  CHECK(read_surface(write(folder, "zero.stl", zero)).warnings.empty());

  std::string near = stl_text(box({2, 2, 2}));
  near.replace(near.find("vertex 2 2 0"), 12, "vertex 2.000001 2 0");
  const auto read = read_surface(write(folder, "near.stl", near));
  CHECK(has(read.warnings, "points_joined"));
  CHECK(read.surface.points.size() == 8);

  std::string far = stl_text(box({2, 2, 2}));
  far.replace(far.find("vertex 2 2 0"), 12, "vertex 2.00001 2 0");
  CHECK_THROWS_WITH(read_surface(write(folder, "far.stl", far)), Contains("open"));
}

TEST_CASE("triangles with two corners in one point are left out with a warning")
{
  const TemporaryFolder folder;
  TriangleSurface surface = box({2, 2, 2});
  surface.triangles.push_back({0, 1, 1});
  const auto read = read_surface(write(folder, "d.obj", obj_text(surface)));
  CHECK(has(read.warnings, "flat_triangles_left_out"));
  CHECK(read.surface.triangles.size() == 12);
}

TEST_CASE(
    "polygons are cut into triangles: quads, an L of six corners, negative numbers, lines that go "
    "on")
{
  const TemporaryFolder folder;
  // An L-shaped prism: 3 unit squares of ground, height 2.
  std::string text;
  for (const char* z : {"0", "2"})
    for (const char* xy : {"0 0", "2 0", "2 1", "1 1", "1 2", "0 2"})
      text += std::string("v ") + xy + " " + z + "\n";
  text += "f 6 5 4 3 \\\n 2 1\nf 7 8 9 10 11 12\n";
  for (int n = 0; n < 6; ++n)
    text += "f " + std::to_string(n - 12) + " " + std::to_string((n + 1) % 6 - 12) + " " +
            std::to_string((n + 1) % 6 - 6) + " " + std::to_string(n - 6) + "\n";
  const auto read = read_surface(write(folder, "l.obj", text));
  CHECK(read.surface.triangles.size() == 2 * 4 + 6 * 2);
  CHECK(volume(read.surface) == Approx(6).epsilon(1e-13));
  CHECK(area(read.surface) == Approx(2 * 3 + 8 * 2).epsilon(1e-13));
}

TEST_CASE("polygons whose corners leave their plane are refused with the line")
{
  const TemporaryFolder folder;
  CHECK_THROWS_WITH(
      read_triangles(write(folder, "w.obj", "v 0 0 0\nv 1 0 0\nv 1 1 0.3\nv 0 1 0\nf 1 2 3 4\n")),
      Contains("w.obj:5") && Contains("do not lie in a plane") && Contains("5 %"));
  CHECK(read_triangles(write(folder, "v.obj", "v 0 0 0\nv 1 0 0\nv 1 1 0.1\nv 0 1 0\nf 1 2 3 4\n"))
            .surface.triangles.size() == 2);
}

TEST_CASE("what cannot be read is refused with file, line, what is allowed and what to do")
{
  const TemporaryFolder folder;
  const auto refused = [&](const std::string& name, const std::string& bytes, const auto& words)
  {
    INFO(name);
    CHECK_THROWS_WITH(read_surface(write(folder, name, bytes)), Contains(name) && words);
  };
  refused("a.stl", "solid\nfacet normal 0 0 1\nouter loop\nvertex 1 2,5 0\n",
          Contains("a.stl:4") && Contains("\"2,5\"") && Contains("with a point"));
  refused("b.stl", "solid\nfacet\nouter loop\nvertex 1 2\n",
          Contains("b.stl:4") && Contains("missing"));
  refused("c.stl", "solid\nfacet\nouter loop\nvertex 1 2 3\nendloop\n",
          Contains("c.stl:5") && Contains("1 corners in a loop"));
  refused("d.stl", "solid\nfacet\nouter loop\nvertex nan 2 3\n",
          Contains("d.stl:4") && Contains("nan"));
  refused("e.stl", "hello", Contains("cut off"));
  refused("f.stl", stl_text(box({1, 1, 1})).substr(0, 600), Contains("f.stl:"));
  refused("g.stl", stl_bytes(box({1, 1, 1})).substr(0, 300),
          Contains("12 triangles") && Contains("300 bytes") && Contains("684"));
  refused("h.stl", "solid\nendsolid\n", Contains("no triangles"));
  refused("a.obj", "v 0 0 0\nf 1 2 3\n",
          Contains("a.obj:2") && Contains("corner 2") && Contains("1 to 1"));
  refused("b.obj", "v 0 0 0\nf 1 1\n", Contains("b.obj:2") && Contains("2 corners"));
  refused("c.obj", "v 0 0 0\nf 0 1 1\n", Contains("c.obj:2") && Contains("corner 0"));
  refused("d.obj", "v 0 0 0\nf 1 x 1\n", Contains("d.obj:2") && Contains("\"x\""));
  refused("e.obj", "cstype bspline\n", Contains("e.obj:1") && Contains("as polygons"));
  refused("f.obj", "v 1e300 0 0\nv 0 0 0\nv 1 1 1\nf 1 2 3\n", Contains("unit"));
  refused("a.ply", "plyx\n", Contains("not \"ply\""));
  refused("b.ply",
          "ply\nformat ascii 1.0\nelement vertex 99999999999999\nproperty float x\n"
          "property float y\nproperty float z\nend_header\n",
          Contains("b.ply:3") && Contains("room"));
  refused("c.ply",
          "ply\nformat ascii 1.0\nelement vertex 1\nproperty float x\nproperty float y\n"
          "end_header\n1 2\n",
          Contains("without z"));
  refused("d.ply", ply_text(box({1, 1, 1})).substr(0, 330), Contains("d.ply:") && Contains("ends"));
  std::string wrong = ply_text(box({1, 1, 1}));
  wrong.replace(wrong.rfind("3 "), 5, "3 8 3");
  refused("e.ply", wrong, Contains("e.ply:31") && Contains("corner 8") && Contains("0 to 7"));
  refused("f.ply", "ply\nformat binary 1.0\n",
          Contains("f.ply:2") && Contains("binary_little_endian"));
  refused("a.vtp", "<VTKFile", Contains("VTK cannot read it"));
  refused("a.step", "",
          Contains("unknown extension \".step\"") && Contains(".obj, .ply, .stl, .vtp"));
  refused("a.st", "", Contains("did you mean \".stl\""));
  CHECK_THROWS_WITH(read_surface(folder / "none.stl"), Contains("no such file"));
  CHECK_THROWS_WITH(read_surface(folder / "."), Contains("unknown extension"));
}

TEST_CASE("a damaged file is refused or read, never more, and nothing is printed")
{
  const TemporaryFolder folder;
  const auto files = in_all_formats(box({2, 3, 4}));
  std::mt19937 random(4);
  const Silence silence;
  for (const Written& file : files)
  {
    INFO(file.name);
    std::size_t read = 0;
    const std::size_t step = file.name.ends_with(".vtp") ? 7 : 1;
    for (std::size_t size = 0; size < file.bytes.size(); size += step)
      read += read_or_refused(write(folder, file.name, file.bytes.substr(0, size))) ? 1 : 0;
    CHECK(read <= 12); // what was cut off was white space, or the name of the solid
    for (int n = 0; n < (file.name.ends_with(".vtp") ? 60 : 300); ++n)
    {
      std::string bytes = file.bytes;
      for (int k = 0; k < 3; ++k)
        bytes[random() % bytes.size()] = static_cast<char>(random());
      read_or_refused(write(folder, file.name, bytes));
    }
  }
  CHECK(silence.said().empty());
}

TEST_CASE("the project's real surfaces are closed and as large as their source says")
{
  const std::filesystem::path surfaces = std::filesystem::path(CALCAR_REAL_DATA) / "surfaces";
  if (!std::filesystem::exists(surfaces))
  {
    WARN("no real data in " << surfaces << ": skipped");
    return;
  }
  struct Expected
  {
    const char* file;
    double mm_per_unit;
    std::size_t triangles;
    double litres_from, litres_to;
  };
  for (const Expected& e : {Expected{"femur_whole_mm.stl", 1, 5924, 0.3, 0.8},
                            Expected{"lumbar_vertebra_mm.stl", 1, 15000, 0.03, 0.12},
                            Expected{"humerus_proximal_right_METRES.obj", 1000, 5122, 0.05, 0.3},
                            Expected{"lumbar_L3_METRES.obj", 1000, 9262, 0.03, 0.12}})
  {
    INFO(e.file);
    const ReadSurface read = read_surface(surfaces / e.file, e.mm_per_unit);
    CHECK(read.surface.triangles.size() == e.triangles);
    CHECK(volume(read.surface) > e.litres_from * 1e6);
    CHECK(volume(read.surface) < e.litres_to * 1e6);
  }
}
