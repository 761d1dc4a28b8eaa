#include "geometry/rotation.hpp"

#include <catch2/catch.hpp>

using namespace calcar;
using namespace calcar::geometry;

TEST_CASE("a rotation turns by the right-hand rule and keeps lengths")
{
  const Mat3 quarter = rotation_about({0, 0, 2}, pi / 2);
  CHECK(norm(quarter * Vec3{1, 0, 0} - Vec3{0, 1, 0}) < 1e-15);
  const Mat3 any = rotation_about({1, -2, 0.5}, 1.2);
  CHECK(determinant(any) == Approx(1));
  CHECK(norm(any * Vec3{3, 4, 12}) == Approx(13));
  CHECK(norm(any * normalized(Vec3{1, -2, 0.5}) - normalized(Vec3{1, -2, 0.5})) < 1e-15);
}

TEST_CASE("the rotation between two directions takes one to the other, opposite ones too")
{
  const Vec3 a = normalized(Vec3{1, 2, 3});
  for (const Vec3 b : {normalized(Vec3{-3, 1, 0}), a, -a})
  {
    const Mat3 r = rotation_between(a, b);
    CHECK(norm(r * a - b) < 1e-12);
    CHECK(determinant(r) == Approx(1));
  }
}

TEST_CASE("angles and perpendiculars")
{
  CHECK(angle_deg({1, 0, 0}, {0, 3, 0}) == Approx(90));
  CHECK(angle_deg({1, 0, 0}, {-2, 0, 0}) == Approx(180));
  for (const Vec3 v : {Vec3{1, 0, 0}, Vec3{0, 1, 0}, Vec3{0, 0, -5}, Vec3{1, 1, 1}})
  {
    CHECK(std::abs(dot(any_perpendicular(v), v)) < 1e-12);
    CHECK(norm(any_perpendicular(v)) == Approx(1));
  }
  CHECK(norm(without_component({3, 4, 5}, {0, 0, 1}) - Vec3{3, 4, 0}) < 1e-15);
}

TEST_CASE("two skew lines have their closest points on the common perpendicular")
{
  const ClosestPoints c = closest_points({0, 0, 0}, {1, 0, 0}, {5, -7, 3}, {0, 2, 0});
  CHECK(norm(c.on_first - Vec3{5, 0, 0}) < 1e-12);
  CHECK(norm(c.on_second - Vec3{5, 0, 3}) < 1e-12);
  CHECK(c.distance == Approx(3));
  CHECK(closest_points({0, 0, 0}, {1, 0, 0}, {9, 2, 0}, {-3, 0, 0}).distance == Approx(2));
}
