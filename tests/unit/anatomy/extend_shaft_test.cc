#include "anatomy/extend_shaft.hpp"
#include "geometry/rotation.hpp"
#include "image/mask.hpp"
#include "image/resample.hpp"
#include "support.hpp"

#include <catch2/catch.hpp>

#include <numbers>

using namespace calcar;
using namespace calcar::anatomy;
using namespace calcar::anatomy::test;
using Catch::Contains;

namespace
{

constexpr double radius = 14;

/// A straight shaft, cut off by the lower border of an axial image: radius 14 mm, density 1.2 in a
/// cortex of 5 mm and 0.05 g/cm^3 inside; its proximal axis leans by `tilt_deg` towards x.
struct Shaft
{
  image::Volume density;
  image::Mask mask;
  BoneAnatomy bone;
};

Shaft straight_shaft(double tilt_deg, double voxel_mm = 1)
{
  Shaft shaft;
  const double tilt = geometry::radians(tilt_deg);
  shaft.bone.frame.proximal = {std::sin(tilt), 0, std::cos(tilt)};
  shaft.bone.frame.medial = {std::cos(tilt), 0, -std::sin(tilt)};
  shaft.bone.frame.anterior = {0, -1, 0};
  shaft.bone.landmarks["femoral_head_centre"] = {1, 2, 90};
  image::Grid grid;
  grid.spacing = {voxel_mm, voxel_mm, voxel_mm};
  grid.size = {static_cast<int>(70 / voxel_mm), static_cast<int>(44 / voxel_mm),
               static_cast<int>(60 / voxel_mm)};
  grid.origin = {-22, -21.7, 100};
  shaft.density.grid = shaft.mask.grid = grid;
  shaft.density.values.assign(grid.voxels(), 0);
  shaft.mask.values.assign(grid.voxels(), 0);
  shaft.bone.cut_centre = {0, 0, 100 - voxel_mm / 2};
  for (int k = 0; k < grid.size[2]; ++k)
    for (int j = 0; j < grid.size[1]; ++j)
      for (int i = 0; i < grid.size[0]; ++i)
      {
        const Vec3 arm = grid.point({1.0 * i, 1.0 * j, 1.0 * k}) - shaft.bone.cut_centre;
        const double distance = norm(cross(arm, shaft.bone.frame.proximal));
        if (distance >= radius)
          continue;
        shaft.mask.at(i, j, k) = 1;
        shaft.density.at(i, j, k) = distance > radius - 5 ? 1.2F : 0.05F;
      }
  return shaft;
}

double volume(const image::Mask& mask)
{
  return 1000 * image::volume_cm3(mask);
}

} // namespace

TEST_CASE("an extended shaft goes on with its section and its density, whatever its tilt")
{
  const double tilt_deg = GENERATE(0.0, 8.0, 20.0, 35.0);
  CAPTURE(tilt_deg);
  constexpr double length = 40;
  Shaft shaft = straight_shaft(tilt_deg);
  const Shaft before = shaft;
  const Vec3 up = shaft.bone.frame.proximal;
  extend_shaft(shaft.density, shaft.mask, shaft.bone, length);

  CHECK(norm(shaft.bone.cut_centre - (before.bone.cut_centre - length * up)) < 1e-9);
  CHECK(shaft.bone.landmarks == before.bone.landmarks);
  REQUIRE(shaft.bone.warnings.size() == 1);
  CHECK(shaft.bone.warnings[0].code == "shaft_extended");
  CHECK_THAT(shaft.bone.warnings[0].text, Contains("40 mm below the cut"));

  // The same section over the whole added length: at every level the rim lies at the radius, the
  // cortex and the marrow have their density.
  int inside = 0, outside = 0, cortex = 0, marrow = 0, levels = 0;
  for (double below = 1; below < length - 1; below += 3, ++levels)
    for (int n = 0; n < 24; ++n)
    {
      const double angle = 2 * std::numbers::pi * n / 24;
      const Vec3 radial =
          std::cos(angle) * before.bone.frame.medial + std::sin(angle) * before.bone.frame.anterior;
      const Vec3 axis = before.bone.cut_centre - below * up;
      const auto share = [&](double r)
      { return image::fraction(shaft.mask, shaft.mask.grid.index(axis + r * radial)); };
      const auto value = [&](double r)
      { return image::sample_linear(shaft.density, axis + r * radial, -1); };
      inside += share(radius - 1.5) > 0.5;
      outside += share(radius + 1.5) < 0.5;
      cortex += std::abs(value(radius - 2.5) - 1.2) < 0.05;
      marrow += std::abs(value(radius - 8) - 0.05) < 0.05;
    }
  CHECK(levels == 13);
  CHECK(inside == 24 * levels);
  CHECK(outside == 24 * levels);
  CHECK(cortex > 0.97 * 24 * levels);
  CHECK(marrow > 0.97 * 24 * levels);

  const double added = std::numbers::pi * radius * radius * length;
  CHECK(volume(shaft.mask) - volume(before.mask) == Approx(added).epsilon(0.02));
}

TEST_CASE("the bone above the section that is copied stays as it was")
{
  Shaft shaft = straight_shaft(8);
  const Shaft before = shaft;
  extend_shaft(shaft.density, shaft.mask, shaft.bone, 25);
  const image::Grid& grid = before.mask.grid;
  const Vec3 shift = shaft.mask.grid.index(grid.origin);
  for (int k = 15; k < grid.size[2]; ++k)
    for (int j = 0; j < grid.size[1]; ++j)
      for (int i = 0; i < grid.size[0]; ++i)
      {
        const int x = i + static_cast<int>(std::lround(shift.x));
        const int y = j + static_cast<int>(std::lround(shift.y));
        const int z = k + static_cast<int>(std::lround(shift.z));
        REQUIRE(shaft.mask.at(x, y, z) == before.mask.at(i, j, k));
        REQUIRE(shaft.density.at(x, y, z) == Approx(before.density.at(i, j, k)).margin(1e-5));
      }
}

TEST_CASE("the image grows by whole voxels, with room around what was added")
{
  Shaft shaft = straight_shaft(20, 1.5);
  const image::Grid before = shaft.mask.grid;
  extend_shaft(shaft.density, shaft.mask, shaft.bone, 30);
  const image::Grid& grid = shaft.mask.grid;
  CHECK(grid.spacing == before.spacing);
  CHECK(grid.direction == before.direction);
  CHECK(shaft.density.grid.size == grid.size);
  const Vec3 shift = grid.index(before.origin);
  for (const double whole : {shift.x, shift.y, shift.z})
    CHECK(std::abs(whole - std::round(whole)) < 1e-9);
  // What was added does not touch the border below it.
  for (int j = 0; j < grid.size[1]; ++j)
    for (int i = 0; i < grid.size[0]; ++i)
      REQUIRE(shaft.mask.at(i, j, 0) == 0);
}

TEST_CASE("an oblique grid gives the same extended shaft in space")
{
  const Shaft plain = straight_shaft(8);
  Shaft along = plain;
  Shaft turned = plain;
  const Mat3 rotation = geometry::rotation_about({1, 2, 3}, 0.7);
  for (image::Grid* grid : {&turned.mask.grid, &turned.density.grid})
  {
    grid->direction = rotation * grid->direction;
    grid->origin = rotation * grid->origin;
  }
  for (Vec3* v : {&turned.bone.frame.medial, &turned.bone.frame.anterior,
                  &turned.bone.frame.proximal, &turned.bone.cut_centre})
    *v = rotation * *v;
  extend_shaft(along.density, along.mask, along.bone, 20);
  extend_shaft(turned.density, turned.mask, turned.bone, 20);
  CHECK(turned.mask.grid.size == along.mask.grid.size);
  CHECK(volume(turned.mask) == Approx(volume(along.mask)).epsilon(1e-3));
  CHECK(norm(turned.bone.cut_centre - rotation * along.bone.cut_centre) < 1e-9);
}

TEST_CASE("a whole bone has no cut to extend")
{
  Shaft shaft = straight_shaft(0);
  shaft.bone.whole = true;
  CHECK_THAT(refusal([&] { extend_shaft(shaft.density, shaft.mask, shaft.bone, 20); }),
             Contains("[bone] extend_shaft_mm: the image shows the whole bone; allowed: a bone cut "
                      "off in its shaft; remove extend_shaft_mm"));
}
