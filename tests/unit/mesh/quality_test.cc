#include "mesh/quality.hpp"
#include "small_meshes.hpp"

#include <catch2/catch.hpp>

#include <numbers>
#include <random>

using namespace calcar;
using namespace calcar::mesh;
using namespace calcar::test;

namespace
{
constexpr double degrees = 180 / std::numbers::pi;

Mesh brick(Vec3 size)
{
  return bricks(1, size);
}
} // namespace

TEST_CASE("the regular tetrahedron has shape 1 and the angle arccos 1/3 everywhere")
{
  const CellQuality q = quality(regular_tetrahedron(), 0);
  CHECK(std::abs(q.volume) == Approx(8.0 / 3).epsilon(1e-14));
  CHECK(std::abs(q.shape) == Approx(1).epsilon(1e-14));
  CHECK(q.smallest_angle == Approx(std::acos(1.0 / 3) * degrees).epsilon(1e-13));
  CHECK(q.largest_angle == Approx(std::acos(1.0 / 3) * degrees).epsilon(1e-13));
  CHECK(q.shortest_edge == Approx(2 * std::sqrt(2.0)).epsilon(1e-14));
  CHECK(q.longest_edge == Approx(2 * std::sqrt(2.0)).epsilon(1e-14));
}

TEST_CASE("the corner of a cube has radius ratio sqrt 3 - 1")
{
  // r = 1 / (3 + sqrt 3), R = sqrt 3 / 2.
  const CellQuality q = quality(tetrahedron({0, 0, 0}, {1, 0, 0}, {0, 1, 0}, {0, 0, 1}), 0);
  CHECK(q.volume == Approx(1.0 / 6).epsilon(1e-14));
  CHECK(q.shape == Approx(std::sqrt(3.0) - 1).epsilon(1e-13));
  CHECK(q.largest_angle == Approx(90).epsilon(1e-13));
  CHECK(q.smallest_angle == Approx(std::acos(1 / std::sqrt(3.0)) * degrees).epsilon(1e-13));
}

TEST_CASE(
    "a sliver of four points near a square has the angle 2 atan h at its sides and is graded so")
{
  // Square of side 1, opposite corners lifted by h / 2 and lowered by h / 2: at a side the two
  // faces stand 2 atan h apart.
  const auto sliver = [](double h) {
    return quality(tetrahedron({0, 0, -h / 2}, {1, 0, h / 2}, {1, 1, -h / 2}, {0, 1, h / 2}), 0);
  };
  for (const double h : {0.2, 0.01, 1e-6, 1e-9})
  {
    INFO(h);
    CHECK(std::abs(sliver(h).volume) == Approx(h / 3).epsilon(1e-9));
    CHECK(sliver(h).smallest_angle == Approx(2 * std::atan(h) * degrees).epsilon(0.02));
    CHECK(sliver(h).smallest_angle < sliver(h).largest_angle);
  }
  CHECK(sliver(1e-6).smallest_angle == Approx(2 * std::atan(1e-6) * degrees).epsilon(1e-9));
  const auto grade_of = [&](double h)
  {
    CellQuality q = sliver(h);
    q.volume = std::abs(q.volume);
    q.shape = std::abs(q.shape);
    return grade(q, CellShape::tetrahedron);
  };
  CHECK(grade_of(0.2) == CellGrade::good);
  CHECK(grade_of(0.04) == CellGrade::sliver); // 4.6 degrees
  CHECK(grade_of(1e-9) == CellGrade::sliver);
  CHECK(grade_of(1e-13) == CellGrade::degenerate);
}

TEST_CASE("a needle is a sliver by its radius ratio, an inverted tetrahedron is inverted")
{
  const CellQuality needle =
      quality(tetrahedron({0, 0, 0}, {1, 0, 0}, {0.5, 0.9, 0}, {0.5, 0.3, 60}), 0);
  CHECK(needle.smallest_angle > limits::sliver_angle);
  CHECK(grade(needle, CellShape::tetrahedron) == CellGrade::sliver);
  const CellQuality turned = quality(tetrahedron({0, 0, 0}, {0, 1, 0}, {1, 0, 0}, {0, 0, 1}), 0);
  CHECK(turned.shape == Approx(1 - std::sqrt(3.0)));
  CHECK(grade(turned, CellShape::tetrahedron) == CellGrade::inverted);
}

TEST_CASE("shape, angles and grade do not change when a tetrahedron is moved, turned, scaled or "
          "numbered anew")
{
  std::mt19937 random(3);
  std::uniform_real_distribution<double> in(-1, 1);
  for (int n = 0; n < 50; ++n)
  {
    std::array<Vec3, 4> x;
    for (Vec3& p : x)
      p = {in(random), in(random), in(random)};
    const CellQuality q = quality(tetrahedron(x[0], x[1], x[2], x[3]), 0);
    const CellQuality even = quality(tetrahedron(x[1], x[2], x[0], x[3]), 0);
    CHECK(even.shape == Approx(q.shape).epsilon(1e-9));
    CHECK(even.smallest_angle == Approx(q.smallest_angle).epsilon(1e-9));
    const Vec3 axis = normalized(Vec3{in(random), in(random), in(random)});
    const auto moved = [&](const Vec3& p) // half a turn about an axis, 3 times as large
    {
      return 3 * (2 * dot(axis, p) * axis - p) + Vec3{5, -7, 11};
    };
    const CellQuality far =
        quality(tetrahedron(moved(x[0]), moved(x[1]), moved(x[2]), moved(x[3])), 0);
    CHECK(far.volume == Approx(27 * q.volume).epsilon(1e-9));
    CHECK(far.shape == Approx(q.shape).epsilon(1e-8));
    CHECK(far.largest_angle == Approx(q.largest_angle).epsilon(1e-8));
    CHECK(far.longest_edge == Approx(3 * q.longest_edge).epsilon(1e-9));
    CHECK(std::abs(q.shape) <= 1 + 1e-12);
  }
}

TEST_CASE(
    "a brick has scaled Jacobian 1 and right angles whatever its sides, a sheared one the sine")
{
  const CellQuality q = quality(brick({1, 5, 0.2}), 0);
  CHECK(q.volume == Approx(1).epsilon(1e-14));
  CHECK(q.shape == Approx(1).epsilon(1e-14));
  CHECK(q.smallest_angle == Approx(90));
  CHECK(q.largest_angle == Approx(90));
  CHECK(q.longest_edge / q.shortest_edge == Approx(25));
  for (const double angle : {80.0, 45.0, 10.0, 2.0})
  {
    Mesh sheared = brick({1, 1, 1});
    for (Vec3& p : sheared.points)
      p = {p.x + p.z * std::cos(angle / degrees), p.y, p.z * std::sin(angle / degrees)};
    const CellQuality s = quality(sheared, 0);
    CHECK(s.shape == Approx(std::sin(angle / degrees)).epsilon(1e-12));
    CHECK(s.smallest_angle == Approx(angle).epsilon(1e-12));
    CHECK(s.volume == Approx(std::sin(angle / degrees)).epsilon(1e-12));
    CHECK(grade(s, CellShape::hexahedron) ==
          (angle > 5 ? CellGrade::good : CellGrade::sliver)); // sin 2 degrees = 0.035
  }
}

TEST_CASE("a hexahedron folded at one corner is inverted though its volume is positive")
{
  // With its last corner at (t, t, t) the unit cube's determinant there is 3 t - 2, its three edges
  // there being sqrt(t^2 + 2 (1 - t)^2) long.
  for (const double t : {0.2, 0.5, 2.0 / 3 - 1e-9})
  {
    Mesh folded = brick({1, 1, 1});
    folded.points[7] = {t, t, t};
    const CellQuality q = quality(folded, 0);
    CHECK(q.volume > 0);
    CHECK(q.shape ==
          Approx((3 * t - 2) / std::pow(t * t + 2 * (1 - t) * (1 - t), 1.5)).epsilon(1e-12));
    CHECK(grade(q, CellShape::hexahedron) == CellGrade::inverted);
  }
}

TEST_CASE("the summary counts every cell once and finds the worst")
{
  Mesh mesh = cut_bricks(3, {1, 1, 1});
  const QualitySummary before = summarise_quality(mesh);
  CHECK(before.volume == Approx(27).epsilon(1e-13));
  CHECK(before.worst.shape == Approx(before.mean_shape).epsilon(1e-12)); // all alike
  mesh.points[21] += Vec3{0.45, 0.4, 0.42};                              // an inner one
  const QualitySummary after = summarise_quality(mesh);
  std::size_t cells = 0;
  for (const std::size_t n : after.histogram)
    cells += n;
  CHECK(cells == mesh.cells());
  cells = 0;
  for (const std::size_t n : after.cells_of_grade)
    cells += n;
  CHECK(cells == mesh.cells());
  CHECK(after.volume == Approx(27).epsilon(1e-13));
  CHECK(after.worst.shape < before.worst.shape);
  CHECK(after.worst.shape == quality(mesh, after.worst_cell).shape);
  CHECK(summarise_quality(Mesh{}).volume == 0);
}
