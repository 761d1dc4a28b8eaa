#include "geometry/rotation.hpp"
#include "image/registration.hpp"
#include "image/resample.hpp"
#include "unit/image/support.hpp"

#include <catch2/catch.hpp>

#include <cmath>
#include <random>

using namespace calcar;
using namespace calcar::image;
using namespace calcar::image::test;
using Catch::Contains;

namespace
{
/// A bone in closed form, mm about its middle: a bent egg of spongy bone of uneven density in a
/// cortex of 2 mm, with muscle around it.
double depth(Vec3 p)
{
  const double bend = 0.004 * p.z * p.z;
  const double r =
      std::hypot((p.x - bend) / 17, p.y / 12, p.z / 34) + 0.12 * std::sin(0.14 * p.z) * p.x / 20;
  return 14 * (1 - r);
}

double density(Vec3 p)
{
  const double d = depth(p);
  if (d < 0)
    return 0.05;
  const double spongy = 0.25 + 0.08 * std::sin(0.5 * p.x + 0.2 * p.z) * std::cos(0.4 * p.y) +
                        0.05 * std::sin(0.3 * p.z);
  return d < 2 ? 1.1 : spongy;
}

struct Scanner
{
  double spacing_mm = 1;
  double slice_mm = 1;
  Mat3 table = identity();
  double noise = 0;
  double factor = 1, offset = 0; ///< of another scanner's scale
  unsigned seed = 1;
};

/// The bone where `motion` carries it, as a scanner shows it: each voxel the mean of 27 points.
Volume scan(const RigidMotion& motion, const Scanner& by)
{
  Volume result;
  Grid& grid = result.grid;
  grid.spacing = {by.spacing_mm, by.spacing_mm, by.slice_mm};
  for (std::size_t a = 0; a < 3; ++a)
    grid.size[a] = static_cast<int>((a == 2 ? 110 : 70) / grid.spacing[a]);
  grid.direction = by.table;
  grid.origin =
      motion({}) - (grid.point({0.5 * grid.size[0], 0.5 * grid.size[1], 0.5 * grid.size[2]}));
  const RigidMotion back = inverse(motion);
  std::mt19937 random(by.seed);
  std::normal_distribution<double> noise(0, by.noise > 0 ? by.noise : 1);
  for (int k = 0; k < grid.size[2]; ++k)
    for (int j = 0; j < grid.size[1]; ++j)
      for (int i = 0; i < grid.size[0]; ++i)
      {
        double mean = 0;
        for (int n = 0; n < 27; ++n)
          mean += density(back(grid.point(
                      {i + (n % 3 - 1) / 3.0, j + (n / 3 % 3 - 1) / 3.0, k + (n / 9 - 1) / 3.0}))) /
                  27;
        result.values.push_back(
            static_cast<float>(by.factor * mean + by.offset + (by.noise > 0 ? noise(random) : 0)));
      }
  return result;
}

Mask bone_in(const Grid& grid, const RigidMotion& motion, double from_depth)
{
  Mask mask{grid, {}, {}};
  const RigidMotion back = inverse(motion);
  for (int k = 0; k < grid.size[2]; ++k)
    for (int j = 0; j < grid.size[1]; ++j)
      for (int i = 0; i < grid.size[0]; ++i)
        mask.values.push_back(
            depth(back(grid.point({double(i), double(j), double(k)}))) > from_depth ? 1 : 0);
  return mask;
}

RigidMotion moved(Vec3 axis, double degrees, Vec3 shift)
{
  return {geometry::rotation_about(axis, geometry::radians(degrees)), shift};
}

/// What is left of the true motion after the found one.
RigidMotion error_of(const RigidMotion& found, const RigidMotion& truth)
{
  const RigidMotion back = inverse(truth);
  return {back.turn * found.turn, back.turn * (found.shift - truth.shift)};
}
} // namespace

TEST_CASE("a known motion between two noisy scans is found within 0.2 mm and 0.2 degrees")
{
  const RigidMotion first = moved({1, 2, 0.5}, 4, {3, -2, 1});
  const RigidMotion second = moved({0.3, -1, 0.7}, 11, {-14, 9, 22});
  const RigidMotion truth{second.turn * transpose(first.turn),
                          second.shift - second.turn * transpose(first.turn) * first.shift};
  const Scanner now{1, 1, identity(), 0.08};
  Scanner then{1, 1, identity(), 0.08};
  then.seed = 7;
  SECTION("of one scanner") {}
  SECTION("of a scanner with thicker slices, a turned table, and another scale")
  {
    then.spacing_mm = 0.8;
    then.slice_mm = 2;
    then.table = geometry::rotation_about({0, 0, 1}, 0.3);
    then.factor = 1.15;
    then.offset = 0.04;
  }
  const Volume fixed = scan(first, now), moving = scan(second, then);
  const Mask where = bone_in(fixed.grid, first, -3);
  // Starts as frames and centroids give them: some degrees and millimetres off, and one far off.
  const RigidMotion near{geometry::rotation_about({1, 0, 1}, 0.1) * truth.turn,
                         truth.shift + Vec3{4, -5, 6}};
  const RigidMotion far{geometry::rotation_about({1, 0, 0}, 1.6) * truth.turn, truth.shift};
  const Registration found = register_rigid(fixed, where, moving, {far, near}, "[earlier_scan]");
  const MotionDifference apart = difference(found.motion, truth, where);
  INFO("rms " << apart.rms_mm << " mm, most " << apart.most_mm << " mm, turn "
              << turn_deg(error_of(found.motion, truth)) << " degrees, correlation "
              << found.correlation);
  CHECK(apart.rms_mm < 0.2);
  CHECK(apart.most_mm < 0.2);
  CHECK(turn_deg(error_of(found.motion, truth)) < 0.2);
  CHECK(found.correlation > 0.9);
  CHECK(found.inside > 0.99);
  CHECK(found.start == 1);
  CHECK(found.agreeing >= 1);
}

TEST_CASE("the same scans and starts give the same motion, bit for bit")
{
  const Volume fixed = scan({}, {2, 2, identity(), 0.05});
  const Volume moving = scan(moved({0, 1, 0}, 5, {6, 0, 0}), {2, 2, identity(), 0.05, 1, 0, 3});
  const Mask where = bone_in(fixed.grid, {}, -3);
  const auto once = register_rigid(fixed, where, moving, {RigidMotion{}}, "");
  const auto twice = register_rigid(fixed, where, moving, {RigidMotion{}}, "");
  CHECK(once.motion.turn == twice.motion.turn);
  CHECK(once.motion.shift == twice.motion.shift);
  CHECK(once.correlation == twice.correlation);
}

TEST_CASE("scans that show different things have a low correlation or are refused")
{
  const Volume fixed = scan({}, {2, 2, identity(), 0.05});
  const Mask where = bone_in(fixed.grid, {}, -3);
  Volume other = scan({}, {2, 2, identity(), 0.05});
  std::mt19937 random(5);
  std::normal_distribution<float> noise(0.3F, 0.3F);
  for (float& value : other.values)
    value = noise(random);
  CHECK(register_rigid(fixed, where, other, {RigidMotion{}}, "").correlation < 0.3);
  const RigidMotion away{identity(), {500, 0, 0}};
  CHECK_THAT(refusal_of([&] { register_rigid(fixed, where, other, {away}, "[earlier_scan]"); }),
             Contains("[earlier_scan]") && Contains("do not show the same place"));
  const Mask none{fixed.grid, std::vector<std::uint8_t>(fixed.values.size(), 0), {}};
  CHECK_THAT(refusal_of([&] { register_rigid(fixed, none, other, {RigidMotion{}}, ""); }),
             Contains("0 voxels of the bone are left to compare"));
}

TEST_CASE("a motion and its inverse undo each other, and a scan moved onto a grid shows the place")
{
  const RigidMotion motion = moved({1, 1, 0}, 20, {5, -3, 2});
  const Vec3 p{7, -11, 4};
  check_point(inverse(motion)(motion(p)), p);
  CHECK(turn_deg(motion) == Approx(20));
  const Volume there = scan(motion, {1, 1});
  const Volume here = moved_onto(scan({}, {1, 1}).grid, there, motion, -1);
  const Grid& grid = here.grid;
  for (const Vec3 at : {Vec3{0, 0, 0}, Vec3{5, 3, 10}, Vec3{-4, 2, -12}})
    CHECK(static_cast<double>(sample_linear(here, at, -1)) == Approx(density(at)).margin(0.03));
  CHECK(here.values.front() == Approx(-1).margin(1.1));
  CHECK(grid.size == there.grid.size);
}
