#include "geometry/fit.hpp"
#include "geometry/rotation.hpp"

#include <catch2/catch.hpp>

#include <cmath>
#include <random>

using namespace calcar;
using namespace calcar::geometry;

namespace
{

std::vector<Vec3> on_sphere(Vec3 centre, double radius, int count, double noise)
{
  std::mt19937 random(7);
  std::normal_distribution<double> normal;
  std::vector<Vec3> points;
  for (int n = 0; n < count; ++n)
  {
    const Vec3 d = normalized(Vec3{normal(random), normal(random), std::abs(normal(random))});
    points.push_back(centre + (radius + noise * normal(random)) * d);
  }
  return points;
}

} // namespace

TEST_CASE("a sphere through exact points of a half is found exactly")
{
  const auto sphere = fit_sphere(on_sphere({300, -40, 7}, 24, 200, 0));
  REQUIRE(sphere);
  CHECK(norm(sphere->centre - Vec3{300, -40, 7}) < 1e-9);
  CHECK(sphere->radius == Approx(24).epsilon(1e-12));
  CHECK(sphere->rms < 1e-9);
}

TEST_CASE("noise on a half sphere moves its centre by less than the noise")
{
  const auto sphere = fit_sphere(on_sphere({1, 2, 3}, 24, 2000, 0.5));
  REQUIRE(sphere);
  CHECK(norm(sphere->centre - Vec3{1, 2, 3}) < 0.2);
  CHECK(sphere->rms == Approx(0.5).epsilon(0.1));
}

TEST_CASE("a robust sphere forgets what does not belong to it")
{
  std::vector<Vec3> points = on_sphere({0, 0, 0}, 24, 1000, 0.2);
  for (int n = 0; n < 300; ++n)
  {
    points.push_back({10.0 + 0.1 * n, 5, -30.0 - 0.1 * n});
  }
  const auto sphere = fit_sphere_robust(points, {{2, -2, 1}, 22, 0, 0}, 1.5);
  REQUIRE(sphere);
  CHECK(norm(sphere->centre) < 0.1);
  CHECK(sphere->points >= 990);
  CHECK_FALSE(fit_sphere_robust(points, {{500, 0, 0}, 20, 0, 0}, 1.5));
}

TEST_CASE("points in a plane or too few make no sphere")
{
  CHECK_FALSE(fit_sphere({{0, 0, 0}, {1, 0, 0}, {0, 1, 0}}));
  CHECK_FALSE(fit_sphere({{0, 0, 5}, {1, 0, 5}, {0, 1, 5}, {1, 1, 5}, {3, 2, 5}}));
}

TEST_CASE("a line is found with its rms distance, and weights count")
{
  const Vec3 d = normalized(Vec3{1, 2, 2});
  const Vec3 side = any_perpendicular(d);
  const auto line =
      fit_line({-3 * d + 0.5 * side, -1 * d - 0.5 * side, 1 * d - 0.5 * side, 3 * d + 0.5 * side});
  REQUIRE(line);
  CHECK(dot(line->direction, d) == Approx(1));
  CHECK(line->rms == Approx(0.5));
  const auto weighted = fit_line({{0, 0, 0}, {1, 0, 0}, {0, 9, 0}}, {1, 1, 0});
  REQUIRE(weighted);
  CHECK(std::abs(weighted->direction.x) == Approx(1));
  CHECK_FALSE(fit_line({{1, 1, 1}}));
  CHECK_FALSE(fit_line({{1, 1, 1}, {1, 1, 1}}));
}

TEST_CASE("a circle in a tilted plane is found")
{
  const Vec3 normal = normalized(Vec3{1, 1, 1});
  const Vec3 e1 = any_perpendicular(normal);
  const Vec3 e2 = cross(normal, e1);
  std::vector<Vec3> arc;
  for (int n = 0; n < 20; ++n)
  {
    arc.push_back(Vec3{5, 6, 7} + 14 * (std::cos(0.1 * n) * e1 + std::sin(0.1 * n) * e2));
  }
  const auto circle = fit_circle(arc, normal);
  REQUIRE(circle);
  CHECK(norm(circle->centre - Vec3{5, 6, 7}) < 1e-9);
  CHECK(circle->radius == Approx(14));
  CHECK(circle->rms < 1e-9);
  CHECK_FALSE(fit_circle({{0, 0, 0}, {1, 0, 0}, {2, 0, 0}}, {0, 0, 1}));
}

TEST_CASE("moments of two weighted points are those of the closed form")
{
  const Moments m = moments({{0, 0, 0}, {4, 0, 0}}, {3, 1});
  CHECK(m.centroid.x == Approx(1));
  CHECK(m.weight == Approx(4));
  CHECK(m.moments.xx == Approx(3)); // (3 * 1 + 1 * 9) / 4
  CHECK(m.moments.yy == 0);
  CHECK(moments({}).weight == 0);
}
