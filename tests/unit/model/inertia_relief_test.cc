#include "geometry/rigid_motion.hpp"
#include "model/inertia_relief.hpp"
#include "unit/model/support.hpp"

#include <catch2/catch.hpp>

using namespace calcar;
using namespace calcar::model;

namespace
{
/// A bent bar: no symmetry hides a wrong sign.
VoxelBody bent_bar(double turn = 0)
{
  const image::Grid grid = bodies::grid({20, 12, 8}, {1, 1.5, 2}, turn);
  const Mat3 back = transpose(grid.direction);
  return bodies::body(grid,
                      [=](Vec3 p)
                      {
                        const Vec3 q = back * p;
                        return std::abs(q.z) < 4 && (q.x < -4 || (q.y > 2 && q.x < 8));
                      });
}

/// The three unit vectors.
Vec3 unit(int axis)
{
  Vec3 e;
  e[static_cast<std::size_t>(axis)] = 1;
  return e;
}
} // namespace

TEST_CASE("inertia balances a force and its moment, and moves every mass as a rigid body does")
{
  const VoxelBody body = bent_bar();
  const MassPoints points = mass_points(body);
  double volume = 0;
  for (const double mass : points.masses)
    volume += mass;
  CHECK(volume == Approx(body.grid.voxel_volume() * static_cast<double>(body.voxels.size())));
  const Vec3 force{30, -200, 70};
  const Vec3 moment{500, 900, -2500};
  const auto inertia = inertia_forces(force, moment, points.points, points.masses);
  Vec3 sum, turn;
  for (std::size_t n = 0; n < inertia.size(); ++n)
  {
    sum += inertia[n];
    turn += cross(points.points[n], inertia[n]);
  }
  CHECK(norm(sum + force) < 1e-10 * norm(force));
  CHECK(norm(turn + moment) < 1e-10 * norm(moment));
  // The acceleration of a rigid body stretches no line between two of its points.
  for (std::size_t n = 7; n < inertia.size(); n += 11)
  {
    const Vec3 apart = points.points[n] - points.points[0];
    const Vec3 relative = inertia[n] / points.masses[n] - inertia[0] / points.masses[0];
    CHECK(std::abs(dot(relative, apart)) < 1e-9 * norm(apart) * norm(inertia[0]));
  }
}

TEST_CASE("six pins hold a body, and any one of them is needed")
{
  for (const double turn : {0.0, 0.7})
  {
    const MassPoints points = mass_points(bent_bar(turn));
    const auto pins = statically_determinate(points.points);
    for (int left_out = -1; left_out < 6; ++left_out)
    {
      geometry::RigidMotion motion(points.points.front(), 10);
      for (int p = 0; p < 6; ++p)
        if (p != left_out)
          motion.forbid(points.points[pins[static_cast<std::size_t>(p)].point],
                        unit(pins[static_cast<std::size_t>(p)].axis));
      CHECK(motion.is_held() == (left_out < 0));
    }
  }
}

TEST_CASE("pins avoid points that may not be held, and points on a line are refused")
{
  const std::vector<Vec3> points = {{0, 0, 0}, {10, 0, 0}, {0, 5, 0}, {20, 0, 0}, {0, 0, 4}};
  for (const Pin& pin : statically_determinate(points, {1, 1, 1, 0, 1}))
    CHECK(pin.point != 3);
  CHECK_THROWS_AS(statically_determinate({{0, 0, 0}, {1, 1, 1}, {3, 3, 3}}), std::invalid_argument);
}

TEST_CASE("the mean motion is taken out of displacements, whatever it was")
{
  const MassPoints points = mass_points(bent_bar());
  std::vector<Vec3> bent;
  for (const Vec3& p : points.points)
    bent.push_back({1e-3 * p.x * p.y, -2e-4 * p.x * p.x, 1e-4 * p.z * p.x});
  std::vector<Vec3> moved = bent;
  const Vec3 shift{0.4, -2, 1};
  const Vec3 turn{0.01, -0.03, 0.02};
  for (std::size_t n = 0; n < moved.size(); ++n)
    moved[n] += shift + cross(turn, points.points[n]);
  remove_mean_motion(points.points, points.masses, bent);
  remove_mean_motion(points.points, points.masses, moved);
  Vec3 mean, swing;
  for (std::size_t n = 0; n < bent.size(); ++n)
  {
    CHECK(norm(bent[n] - moved[n]) < 1e-12);
    mean += points.masses[n] * bent[n];
    swing += points.masses[n] * cross(points.points[n], bent[n]);
  }
  CHECK(norm(mean) < 1e-9);
  CHECK(norm(swing) < 1e-8);
}
