#include "geometry/read_surface.hpp"
#include "geometry/surface_defects.hpp"
#include "unit/geometry/closed_surfaces.hpp"
#include "unit/geometry/surface_files.hpp"

#include <catch2/catch.hpp>

#include <algorithm>
#include <cmath>

using namespace calcar;
using namespace calcar::geometry;
using namespace calcar::geometry::test;
using Catch::Contains;

namespace
{

bool has(const Warnings& warnings, const std::string& code)
{
  return std::any_of(warnings.begin(), warnings.end(),
                     [&](const Warning& w) { return w.code == code; });
}

} // namespace

TEST_CASE("a box is the same surface in every format, joined, outside out, with its exact volume")
{
  const TemporaryFolder folder;
  const TriangleSurface original = box_surface({2, 3, 4}, {-10, 0.5, 7});
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
  for (const Written& file : in_all_formats(box_surface(size)))
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
  const auto file = write(folder, "m.obj", obj_text(box_surface({0.002, 0.003, 0.004})));
  CHECK(volume(read_surface(file, 1000).surface) == Approx(24).epsilon(1e-12));
}

TEST_CASE("an inward surface is turned with a warning, a cavity in it is left a cavity")
{
  const TemporaryFolder folder;
  const TriangleSurface outer = box_surface({10, 10, 10});
  const TriangleSurface cavity = mirrored(box_surface({2, 2, 2}, {4, 4, 4}));
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
  const auto two = read_surface(write(
      folder, "2.obj", obj_text(together(outer, mirrored(box_surface({1, 1, 1}, {20, 0, 0}))))));
  CHECK(volume(two.surface) == Approx(1001));
}

TEST_CASE("single triangles that run the wrong way are turned with a warning that counts them")
{
  const TemporaryFolder folder;
  TriangleSurface surface = box_surface({2, 3, 4});
  std::swap(surface.triangles[0][1], surface.triangles[0][2]);
  std::swap(surface.triangles[7][1], surface.triangles[7][2]);
  const auto read = read_surface(write(folder, "t.stl", stl_text(surface)));
  REQUIRE(has(read.warnings, "triangles_turned"));
  CHECK_THAT(read.warnings[0].text, Contains("2 of 12"));
  CHECK(volume(read.surface) == Approx(24));
  CHECK(find_defects(read.surface).turned_edges == 0);
}

TEST_CASE(
    "STL corners are joined by exact coordinates first, then within 1e-6 of the diagonal with a "
    "warning, and no farther")
{
  const TemporaryFolder folder;
  // -0 and 0 are one place.
  std::string zero = stl_text(box_surface({2, 2, 2}));
  zero.replace(zero.find("vertex 0 0 0"), 12, "vertex -0 0 -0");
  CHECK(read_surface(write(folder, "zero.stl", zero)).warnings.empty());

  std::string near = stl_text(box_surface({2, 2, 2}));
  near.replace(near.find("vertex 2 2 0"), 12, "vertex 2.000001 2 0");
  const auto read = read_surface(write(folder, "near.stl", near));
  CHECK(has(read.warnings, "points_joined"));
  CHECK(read.surface.points.size() == 8);

  std::string far = stl_text(box_surface({2, 2, 2}));
  far.replace(far.find("vertex 2 2 0"), 12, "vertex 2.00001 2 0");
  CHECK_THROWS_WITH(read_surface(write(folder, "far.stl", far)), Contains("open"));
}

TEST_CASE("triangles with two corners in one point are left out with a warning")
{
  const TemporaryFolder folder;
  TriangleSurface surface = box_surface({2, 2, 2});
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
