#include "implant/own_mesh.hpp"
#include "implant/surface_distance.hpp"
#include "refusal.hpp"
#include "support.hpp"
#include "temporary_folder.hpp"
#include "unit/geometry/closed_surfaces.hpp"

#include <catch2/catch.hpp>

#include <cmath>
#include <fstream>

using namespace implant_test;
using Catch::Contains;
using Catch::WithinAbs;
using Catch::WithinRel;
using geometry::test::box_surface;
using geometry::test::together;

namespace
{
/// As a text file, with every triangle but the last `without`.
std::filesystem::path write_stl(const std::filesystem::path& file,
                                const geometry::TriangleSurface& surface, std::size_t without = 0)
{
  std::ofstream out(file);
  out.precision(9);
  out << "solid test\n";
  for (std::size_t n = 0; n + without < surface.triangles.size(); ++n)
  {
    out << "facet normal 0 0 0\nouter loop\n";
    for (const std::uint32_t corner : surface.triangles[n])
    {
      const Vec3& p = surface.points[corner];
      out << "vertex " << p.x << " " << p.y << " " << p.z << "\n";
    }
    out << "endloop\nendfacet\n";
  }
  out << "endsolid test\n";
  return file;
}

/// A bar of 12 x 120 x 6 mm whose middle is the middle of the shaft and a way off it.
geometry::TriangleSurface bar_at(Vec3 off)
{
  const Vec3 middle = femur().scan.truth.shaft_centres[12];
  const Vec3 size{6, 12, 120};
  return box_surface(size, middle + off - 0.5 * size);
}

std::string refused(const std::filesystem::path& file)
{
  return test::refusal_of(
      [&] {
        implant::place_mesh({"mine", file, "steel_316lvm", {}, "case.toml:7"}, femur().site);
      });
}

double to_box(Vec3 p, Vec3 half)
{
  const Vec3 off{std::abs(p.x) - half.x, std::abs(p.y) - half.y, std::abs(p.z) - half.z};
  const Vec3 out{std::max(off.x, 0.0), std::max(off.y, 0.0), std::max(off.z, 0.0)};
  return norm(out) + std::min(std::max({off.x, off.y, off.z}), 0.0);
}
} // namespace

TEST_CASE("the distance to a surface is exact at faces, edges and corners", "[implant]")
{
  const Vec3 size{6, 12, 20};
  const implant::SurfaceDistance box(box_surface(size, -0.5 * size));
  for (double x = -9; x <= 9; x += 1.7)
    for (double y = -12; y <= 12; y += 1.9)
      for (double z = -16; z <= 16; z += 2.3)
        CHECK_THAT(box({x, y, z}), WithinAbs(to_box({x, y, z}, 0.5 * size), 1e-12));
  CHECK_FALSE(box.self_cut().has_value());
}

TEST_CASE("a hole inside a body is outside it", "[implant]")
{
  const auto cavity = geometry::test::mirrored(box_surface({4, 4, 4}, {3, 3, 3}));
  const implant::SurfaceDistance hollow(together(box_surface({10, 10, 10}), cavity));
  CHECK_THAT(hollow({5, 5, 5}), WithinAbs(2, 1e-12));
  CHECK_THAT(hollow({2, 5, 5}), WithinAbs(-1, 1e-12));
  CHECK_THAT(hollow({-2, 5, 5}), WithinAbs(2, 1e-12));
}

TEST_CASE("two bodies that run into one another cut themselves, where they do", "[implant]")
{
  const implant::SurfaceDistance crossed(
      together(box_surface({10, 10, 10}), box_surface({4, 4, 20}, {3, 3, 5})));
  const auto at = crossed.self_cut();
  REQUIRE(at.has_value());
  CHECK_THAT(at->z, WithinAbs(10, 1e-9)); // through the upper face
  const implant::SurfaceDistance apart(
      together(box_surface({10, 10, 10}), box_surface({4, 4, 4}, {3, 3, 11})));
  CHECK_FALSE(apart.self_cut().has_value());
}

TEST_CASE("hardware of one's own is placed as its file says", "[implant]")
{
  const test::TemporaryFolder folder;
  const auto file = write_stl(folder / "bar.stl", bar_at({17, 0, 0}));
  const implant::Fixation mine = implant::place_mesh({"mine", file, "steel_316lvm"}, femur().site);
  REQUIRE(mine.components.size() == 1);
  const implant::Component& bar = mine.components[0];
  CHECK(bar.kind == implant::ComponentKind::own_mesh);
  CHECK(bar.to_bone == implant::Interface::debonded);
  CHECK(bar.runs.empty());
  CHECK(bar.stiffness.bending_EI_Nmm2 == 0);
  const Vec3 middle = femur().scan.truth.shaft_centres[12] + Vec3{17, 0, 0};
  CHECK_THAT(bar.solid.distance(middle), WithinAbs(-3, 1e-5));
  CHECK_THAT(bar.solid.distance(middle + Vec3{0, 10, 0}), WithinAbs(4, 1e-5));
  CHECK(bar.solid.distance(middle + Vec3{0, 0, 100}) > 30);
  for (double s = -60; s <= 60; s += 10) // the ball about its middle holds it
    CHECK(norm(middle + Vec3{3, 6, s} - bar.axis[0]) <= bar.reach_mm + 1e-4);
  CHECK_THAT(mine.measures.at("mesh_volume_cm3"), WithinRel(6 * 12 * 120 / 1000.0, 1e-6));
  CHECK_THAT(mine.measures.at("mesh_length_mm"), WithinAbs(120, 1e-5));
  REQUIRE(mine.doubts.size() == 1);
  CHECK_THAT(mine.doubts[0], Contains("not judged"));
}

TEST_CASE("hardware of one's own that cannot be meant is refused", "[implant]")
{
  const test::TemporaryFolder folder;
  CHECK_THAT(refused(write_stl(folder / "open.stl", bar_at({17, 0, 0}), 1)), Contains("open.stl"));
  const Vec3 middle = femur().scan.truth.shaft_centres[12];
  CHECK_THAT(refused(write_stl(
                 folder / "cut.stl",
                 together(bar_at({17, 0, 0}), box_surface({20, 4, 4}, middle + Vec3{15, -2, -2})))),
             Contains("cuts itself") && Contains("case.toml:7"));
  CHECK_THAT(refused(write_stl(folder / "small.stl", box_surface({0.006, 0.012, 0.12}, middle))),
             Contains("looks like metres"));
  CHECK_THAT(refused(write_stl(folder / "far.stl", bar_at({40, 0, 0}))),
             Contains("mm from the bone") && Contains("within 2 mm"));
  geometry::TriangleSurface turned = bar_at({17, 0, 0});
  for (Vec3& p : turned.points)
    p = {-p.x, -p.y, p.z};
  CHECK_THAT(refused(write_stl(folder / "ras.stl", turned)), Contains("RAS"));
  const auto good = write_stl(folder / "good.stl", bar_at({17, 0, 0}));
  CHECK_THROWS_WITH(implant::place_mesh({"mine", good, "unobtainium"}, femur().site),
                    Contains("unobtainium"));
}
