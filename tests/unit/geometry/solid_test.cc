#include "geometry/rotation.hpp"
#include "geometry/solid.hpp"

#include <catch2/catch.hpp>

#include <cmath>

using namespace calcar;
using namespace calcar::geometry;
using Catch::WithinAbs;

TEST_CASE("a sphere, a capsule and a cylinder give the exact distance")
{
  CHECK(sphere({1, 2, 3}, 5).distance({1, 2, 13}) == Approx(5));
  CHECK(sphere({1, 2, 3}, 5).distance({1, 2, 3}) == Approx(-5));
  const Solid pill = capsule({0, 0, 0}, {0, 0, 10}, 2);
  CHECK(pill.distance({5, 0, 5}) == Approx(3));
  CHECK(pill.distance({3, 0, 14}) == Approx(3));
  const Solid rod = cylinder({0, 0, 0}, {0, 0, 10}, 2);
  CHECK(rod.distance({0, 0, 12}) == Approx(2));
  CHECK(rod.distance({5, 0, 14}) == Approx(5));
  CHECK(rod.distance({0, 1, 5}) == Approx(-1));
}

TEST_CASE("an ellipsoid is exact on its axes and has the right sign everywhere")
{
  const Mat3 turned = rotation_about({0, 0, 1}, pi / 2);
  const Solid egg = ellipsoid({0, 0, 0}, {3, 6, 9}, turned);
  CHECK_THAT(egg.distance({0, 0, 9}), WithinAbs(0, 1e-12));
  // The rows of `axes` are the ellipsoid's axes: the first radius lies along turned[0] = -y.
  CHECK_THAT(egg.distance({0, -3, 0}), WithinAbs(0, 1e-12));
  CHECK(egg.distance({0, -4, 0}) == Approx(1));
  CHECK(egg.distance({0, 0, 0}) == Approx(-3));
  CHECK(egg.contains({5.9, 0, 0}));
  CHECK_FALSE(egg.contains({6.1, 0, 0}));
}

TEST_CASE("a tapered capsule is the hull of its two balls")
{
  const Solid cone = tapered_capsule({0, 0, 0}, {0, 0, 10}, 4, 2);
  CHECK(cone.distance({0, 0, -5}) == Approx(1));
  CHECK(cone.distance({0, 0, 15}) == Approx(3));
  // The side touches both balls: its angle to the axis has the sine (4 - 2) / 10.
  const double sine = 0.2;
  const double cosine = std::sqrt(1 - sine * sine);
  const Vec3 on_side = Vec3{4 * cosine, 0, 4 * sine} + 5 * Vec3{-sine, 0, cosine};
  CHECK_THAT(cone.distance(on_side), WithinAbs(0, 1e-12));
  CHECK_THAT(cone.distance(on_side + 3 * Vec3{cosine, 0, sine}), WithinAbs(3, 1e-12));
}

TEST_CASE("a swept tube follows its polyline with its radii")
{
  const Solid tube = swept_tube({{{0, 0, 0}, 2}, {{0, 0, 10}, 2}, {{0, 10, 10}, 4}});
  CHECK(tube.distance({5, 0, 5}) == Approx(3));
  CHECK(tube.distance({0, 17, 10}) == Approx(3));
  CHECK(tube.contains({0, 10, 13.9}));
  CHECK(swept_tube({{{0, 0, 0}, 2}}).distance({3, 0, 0}) == Approx(1));
  CHECK_THROWS_WITH(swept_tube({}), "swept_tube: a tube needs at least one point");
}

TEST_CASE("solids combine as sets")
{
  const Solid a = sphere({-1, 0, 0}, 2);
  const Solid b = sphere({1, 0, 0}, 2);
  CHECK(unite({a, b}).contains({2.5, 0, 0}));
  CHECK_FALSE(intersect({a, b}).contains({2.5, 0, 0}));
  CHECK(intersect({a, b}).contains({0, 0, 0}));
  CHECK(subtract(a, b).contains({-2, 0, 0}));
  CHECK_FALSE(subtract(a, b).contains({0, 0, 0}));
  CHECK(offset(a, 1).distance({2.5, 0, 0}) == Approx(0.5));
  CHECK(shell(a, 0.5).contains({0.8, 0, 0}));
  CHECK_FALSE(shell(a, 0.5).contains({-1, 0, 0}));
  CHECK(half_space({0, 0, 3}, {0, 0, 2}).distance({7, 7, 5}) == Approx(2));
}

TEST_CASE("a smooth union adds a fillet where surfaces meet and nothing far from there")
{
  const Solid a = half_space({0, 0, 0}, {1, 0, 0});
  const Solid b = half_space({0, 0, 0}, {0, 1, 0});
  const Solid both = smooth_unite(a, b, 4);
  CHECK(both.distance({0, 0, 0}) == Approx(-1)); // blend / 4 where both are equal
  CHECK(both.distance({-10, 3, 0}) == Approx(-10));
  const Solid left = smooth_subtract(a, b, 4);
  CHECK(left.distance({-10, 1, 0}) == Approx(-1 + 0.25 * std::pow(std::max(4 - 9.0, 0.0), 2)));
  CHECK(left.distance({0, 0, 0}) == Approx(1));
}
