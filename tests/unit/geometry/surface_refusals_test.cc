#include "base/error.hpp"
#include "geometry/read_surface.hpp"
#include "geometry/surface_defects.hpp"
#include "unit/geometry/closed_surfaces.hpp"
#include "unit/geometry/surface_files.hpp"

#include <catch2/catch.hpp>

#include <cmath>
#include <iostream>
#include <random>
#include <sstream>

using namespace calcar;
using namespace calcar::geometry;
using namespace calcar::geometry::test;
using Catch::Contains;

namespace
{

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

TEST_CASE("open, branching and pinched surfaces are refused with the place of the defect")
{
  const TemporaryFolder folder;
  TriangleSurface open = box_surface({2, 2, 2});
  open.triangles.pop_back();
  const auto file = write(folder, "open.stl", stl_text(open));
  CHECK_THROWS_WITH(read_surface(file), Contains("open.stl") && Contains("3 edges") &&
                                            Contains("mm") && Contains("close it"));
  CHECK(read_triangles(file).surface.triangles.size() == 11);

  // Two boxes with one edge in common, and with one corner in common.
  CHECK_THROWS_WITH(read_surface(write(folder, "e.stl",
                                       stl_text(together(box_surface({1, 1, 1}),
                                                         box_surface({1, 1, 1}, {1, 1, 0}))))),
                    Contains("branches") && Contains("1 edges") && Contains("(1, 1, 0.5) mm"));
  CHECK_THROWS_WITH(read_surface(write(folder, "p.stl",
                                       stl_text(together(box_surface({1, 1, 1}),
                                                         box_surface({1, 1, 1}, {1, 1, 1}))))),
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
  refused("f.stl", stl_text(box_surface({1, 1, 1})).substr(0, 600), Contains("f.stl:"));
  refused("g.stl", stl_bytes(box_surface({1, 1, 1})).substr(0, 300),
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
  refused("d.ply", ply_text(box_surface({1, 1, 1})).substr(0, 330),
          Contains("d.ply:") && Contains("ends"));
  std::string wrong = ply_text(box_surface({1, 1, 1}));
  wrong.replace(wrong.rfind("3 "), 5, "3 8 3");
  refused("e.ply", wrong, Contains("e.ply:31") && Contains("corner 8") && Contains("0 to 7"));
  refused("f.ply", "ply\nformat binary 1.0\n",
          Contains("f.ply:2") && Contains("binary_little_endian"));
  refused("a.vtp", "<VTKFile", Contains("a.vtp:1: a tag that is no tag of XML"));
  refused("a.step", "",
          Contains("unknown extension \".step\"") && Contains(".obj, .ply, .stl, .vtp"));
  refused("a.st", "", Contains("did you mean \".stl\""));
  CHECK_THROWS_WITH(read_surface(folder / "none.stl"), Contains("no such file"));
  CHECK_THROWS_WITH(read_surface(folder / "."), Contains("unknown extension"));
}

TEST_CASE("a damaged file is refused or read, never more, and nothing is printed")
{
  const TemporaryFolder folder;
  const auto files = in_all_formats(box_surface({2, 3, 4}));
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
