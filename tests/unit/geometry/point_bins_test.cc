#include "geometry/point_bins.hpp"

#include <catch2/catch.hpp>

#include <random>
#include <set>

using namespace calcar;
using geometry::PointBins;

namespace
{
std::vector<Vec3> scattered(std::size_t count, unsigned seed)
{
  std::mt19937 random(seed);
  const auto coordinate = [&](double scale)
  { return scale * (static_cast<double>(random()) / 4294967296.0 - 0.5); };
  std::vector<Vec3> points;
  for (std::size_t n = 0; n < count; ++n)
    points.push_back({coordinate(40), coordinate(25), coordinate(90)});
  return points;
}

std::size_t nearest_of_all(const std::vector<Vec3>& points, const Vec3& place)
{
  std::size_t best = 0;
  for (std::size_t n = 1; n < points.size(); ++n)
    if (norm(points[n] - place) < norm(points[best] - place))
      best = n;
  return best;
}
} // namespace

TEST_CASE("bins find the same points as a look at all of them")
{
  const std::vector<Vec3> points = scattered(500, 1);
  for (const double size : {0.3, 4.0, 200.0})
  {
    const PointBins bins(points, size);
    for (const Vec3& place : scattered(60, 2))
    {
      const Vec3 wide = 2.0 * place; // also far outside
      CHECK(bins.nearest(wide) == nearest_of_all(points, wide));
      std::set<std::size_t> found, expected;
      bins.within(wide, 7.5, [&](std::size_t n) { CHECK(found.insert(n).second); });
      for (std::size_t n = 0; n < points.size(); ++n)
        if (norm(points[n] - wide) <= 7.5)
          expected.insert(n);
      CHECK(found == expected);
    }
  }
}

TEST_CASE("a point on the border of the ball is within it, and equal points go by their number")
{
  const PointBins bins({{0, 0, 0}, {3, 0, 0}, {3, 0, 0}, {-3, 0, 0}}, 1);
  std::set<std::size_t> found;
  bins.within({0, 0, 0}, 3, [&](std::size_t n) { found.insert(n); });
  CHECK(found == std::set<std::size_t>{0, 1, 2, 3});
  CHECK(bins.nearest({3, 1, 0}) == 1);
  CHECK(bins.nearest({1e6, 0, 0}) == 1);
}

TEST_CASE("bins without points find nothing, and none without a size are made")
{
  const PointBins bins({}, 1);
  bins.within({0, 0, 0}, 10, [](std::size_t) { FAIL("there is none"); });
  CHECK_THROWS_AS(bins.nearest({0, 0, 0}), std::logic_error);
  CHECK_THROWS_AS(PointBins({}, 0), std::invalid_argument);
}
