#include "geometry/join_points.hpp"

#include "base/disjoint_sets.hpp"

#include <algorithm>
#include <tuple>
#include <utility>

namespace calcar::geometry
{
namespace
{

std::vector<std::uint32_t> by_coordinates(const std::vector<Vec3>& points)
{
  std::vector<std::uint32_t> order(points.size());
  std::iota(order.begin(), order.end(), std::uint32_t{0});
  std::sort(order.begin(), order.end(),
            [&](std::uint32_t a, std::uint32_t b)
            {
              const Vec3& p = points[a];
              const Vec3& q = points[b];
              return std::tie(p.x, p.y, p.z, a) < std::tie(q.x, q.y, q.z, b);
            });
  return order;
}

/**
 * Joins what is near along a line, then checks the distance. The line is (1, sqrt 2, sqrt 3),
 * across which points rarely lie in planes. Where points are so dense that each has more than 64
 * candidates on average, nothing is joined: the tolerance is no small distance there.
 */
void join_near(const std::vector<Vec3>& points, double tolerance, DisjointSets& sets)
{
  const Vec3 along = normalized(Vec3{1, std::sqrt(2.0), std::sqrt(3.0)});
  std::vector<std::pair<double, std::uint32_t>> order(points.size());
  for (std::uint32_t n = 0; n < points.size(); ++n)
    order[n] = {dot(points[n], along), n};
  std::sort(order.begin(), order.end());
  std::vector<std::pair<std::uint32_t, std::uint32_t>> near;
  std::size_t candidates = 0;
  for (std::size_t a = 0; a < order.size(); ++a)
    for (std::size_t b = a + 1; b < order.size() && order[b].first - order[a].first <= tolerance;
         ++b)
    {
      if (++candidates > 64 * points.size())
        return;
      if (norm(points[order[a].second] - points[order[b].second]) <= tolerance)
        near.emplace_back(order[a].second, order[b].second);
    }
  for (const auto& [a, b] : near)
    sets.join(a, b);
}

} // namespace

std::vector<std::uint32_t> same_place(const std::vector<Vec3>& points, double tolerance)
{
  DisjointSets sets(points.size());
  const auto order = by_coordinates(points);
  for (std::size_t n = 1; n < order.size(); ++n)
    if (points[order[n - 1]] == points[order[n]])
      sets.join(order[n - 1], order[n]);
  if (tolerance > 0)
    join_near(points, tolerance, sets);
  std::vector<std::uint32_t> first(points.size());
  for (std::uint32_t n = 0; n < first.size(); ++n)
    first[n] = sets.find(n);
  return first;
}

double diagonal(const std::vector<Vec3>& points)
{
  if (points.empty())
    return 0;
  Vec3 low = points.front();
  Vec3 high = low;
  for (const Vec3& p : points)
    for (std::size_t axis = 0; axis < 3; ++axis)
    {
      low[axis] = std::min(low[axis], p[axis]);
      high[axis] = std::max(high[axis], p[axis]);
    }
  return norm(high - low);
}

} // namespace calcar::geometry
