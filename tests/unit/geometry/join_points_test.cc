#include "geometry/join_points.hpp"

#include <catch2/catch.hpp>

#include <random>

using namespace calcar;
using namespace calcar::geometry;

TEST_CASE("points in one place have the number of the first, as comparing all with all finds it")
{
  std::mt19937 random(11);
  std::uniform_int_distribution<int> at(0, 6);
  std::vector<Vec3> points;
  for (int n = 0; n < 600; ++n)
    points.push_back({1.0 * at(random), -2.5 * at(random), 0.1 * at(random)});
  const auto first = same_place(points);
  for (std::uint32_t n = 0; n < points.size(); ++n)
  {
    std::uint32_t expected = 0;
    while (!(points[expected] == points[n]))
      ++expected;
    CHECK(first[n] == expected);
  }
}

TEST_CASE("points nearer than the tolerance are in one place, also through others between them")
{
  const std::vector<Vec3> chain = {{0, 0, 0}, {5, 5, 5}, {0.9, 0, 0}, {1.8, 0, 0}, {3, 0, 0}};
  CHECK(same_place(chain, 1) == std::vector<std::uint32_t>{0, 1, 0, 0, 4});
  CHECK(same_place(chain, 0.5) == std::vector<std::uint32_t>{0, 1, 2, 3, 4});
  CHECK(same_place({{0, 0, 0}, {-0.0, 0, 0}}) == std::vector<std::uint32_t>{0, 0});
  CHECK(same_place({}).empty());
}

TEST_CASE("where the tolerance holds more than 64 points each, only equal coordinates count")
{
  std::vector<Vec3> points;
  for (int n = 0; n < 1000; ++n)
    points.push_back({1e-3 * n, 0, 0});
  points.push_back(points[17]);
  const auto first = same_place(points, 10);
  CHECK(first[999] == 999);
  CHECK(first[1000] == 17);
}

TEST_CASE("the diagonal of a box of points")
{
  CHECK(diagonal({{1, 2, 3}, {2, 4, 5}, {1.5, 3, 4}}) == Approx(3).epsilon(1e-15));
  CHECK(diagonal({}) == 0);
}
