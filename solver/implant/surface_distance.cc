#include "implant/surface_distance.hpp"

#include "geometry/surface_defects.hpp"
#include "implant/triangle.hpp"

#include <algorithm>
#include <cmath>
#include <numeric>

namespace calcar::implant
{
namespace
{
constexpr std::size_t leaf = 4;

double component(const Vec3& v, int axis)
{
  return axis == 0 ? v.x : axis == 1 ? v.y : v.z;
}

Vec3 least(const Vec3& a, const Vec3& b)
{
  return {std::min(a.x, b.x), std::min(a.y, b.y), std::min(a.z, b.z)};
}

Vec3 greatest(const Vec3& a, const Vec3& b)
{
  return {std::max(a.x, b.x), std::max(a.y, b.y), std::max(a.z, b.z)};
}

double squared_to_box(const Vec3& p, const Vec3& low, const Vec3& high)
{
  const Vec3 off = greatest(greatest(low - p, p - high), Vec3{});
  return dot(off, off);
}

double angle_between(const Vec3& a, const Vec3& b)
{
  return std::atan2(norm(cross(a, b)), dot(a, b));
}
} // namespace

SurfaceDistance::SurfaceDistance(geometry::TriangleSurface surface) : surface_(std::move(surface))
{
  order_.resize(surface_.triangles.size());
  std::iota(order_.begin(), order_.end(), 0U);
  find_normals();
  build(0, order_.size());
}

std::array<Vec3, 3> SurfaceDistance::corners(std::uint32_t triangle) const
{
  const auto& t = surface_.triangles[triangle];
  return {surface_.points[t[0]], surface_.points[t[1]], surface_.points[t[2]]};
}

void SurfaceDistance::find_normals()
{
  of_corner_.assign(surface_.points.size(), Vec3{});
  of_edge_.assign(order_.size(), {});
  for (std::uint32_t n = 0; n < order_.size(); ++n)
  {
    const auto c = corners(n);
    const Vec3 area = cross(c[1] - c[0], c[2] - c[0]);
    of_face_.push_back(norm(area) > 0 ? normalized(area) : Vec3{});
    for (std::size_t k = 0; k < 3; ++k)
      of_corner_[surface_.triangles[n][k]] +=
          angle_between(c[(k + 1) % 3] - c[k], c[(k + 2) % 3] - c[k]) * of_face_[n];
  }
  const auto edges = geometry::sorted_edges(surface_);
  for (std::size_t n = 0; n + 1 < edges.size(); n += 2) // closed: each edge has two triangles
  {
    const Vec3 both = of_face_[edges[n].triangle] + of_face_[edges[n + 1].triangle];
    for (const geometry::EdgeUse& use : {edges[n], edges[n + 1]})
      for (std::size_t k = 0; k < 3; ++k)
      {
        const auto& t = surface_.triangles[use.triangle];
        const auto [low, high] = std::minmax(t[k], t[(k + 1) % 3]);
        if (low == use.low && high == use.high)
          of_edge_[use.triangle][k] = both;
      }
  }
}

std::size_t SurfaceDistance::build(std::size_t from, std::size_t to)
{
  const std::size_t at = boxes_.size();
  Box box;
  box.from = from;
  box.to = to;
  box.low = box.high = corners(order_[from])[0];
  for (std::size_t n = from; n < to; ++n)
    for (const Vec3& corner : corners(order_[n]))
    {
      box.low = least(box.low, corner);
      box.high = greatest(box.high, corner);
    }
  boxes_.push_back(box);
  if (to - from <= leaf)
    return at;
  const Vec3 sides = box.high - box.low;
  const int axis = sides.x >= sides.y && sides.x >= sides.z ? 0 : sides.y >= sides.z ? 1 : 2;
  const auto middle = [&](std::uint32_t t)
  {
    const auto c = corners(t);
    return component(c[0] + c[1] + c[2], axis);
  };
  const std::size_t half = from + (to - from) / 2;
  const auto begin = order_.begin();
  std::nth_element(begin + static_cast<std::ptrdiff_t>(from),
                   begin + static_cast<std::ptrdiff_t>(half),
                   begin + static_cast<std::ptrdiff_t>(to),
                   [&](std::uint32_t a, std::uint32_t b) { return middle(a) < middle(b); });
  const std::size_t first = build(from, half);
  const std::size_t second = build(half, to);
  boxes_[at].first = first;
  boxes_[at].second = second;
  return at;
}

void SurfaceDistance::look_at(std::uint32_t triangle, const Vec3& point, Nearest& nearest) const
{
  const TrianglePoint found = nearest_on(corners(triangle), point);
  const Vec3 off = point - found.point;
  if (dot(off, off) >= nearest.squared)
    return;
  nearest.squared = dot(off, off);
  nearest.point = found.point;
  const auto feature = static_cast<std::size_t>(found.which);
  nearest.normal = found.part == TrianglePart::face ? of_face_[triangle]
                   : found.part == TrianglePart::edge
                       ? of_edge_[triangle][feature]
                       : of_corner_[surface_.triangles[triangle][feature]];
}

void SurfaceDistance::search(std::size_t box, const Vec3& point, Nearest& nearest) const
{
  const Box& b = boxes_[box];
  if (b.second == 0)
  {
    for (std::size_t n = b.from; n < b.to; ++n)
      look_at(order_[n], point, nearest);
    return;
  }
  const auto to = [&](std::size_t n)
  { return squared_to_box(point, boxes_[n].low, boxes_[n].high); };
  const bool turned = to(b.second) < to(b.first);
  for (const std::size_t half : {turned ? b.second : b.first, turned ? b.first : b.second})
    if (to(half) < nearest.squared)
      search(half, point, nearest);
}

double SurfaceDistance::operator()(const Vec3& point) const
{
  Nearest nearest;
  search(0, point, nearest);
  const double distance = std::sqrt(nearest.squared);
  return dot(point - nearest.point, nearest.normal) < 0 ? -distance : distance;
}

std::optional<Vec3> SurfaceDistance::self_cut() const
{
  for (std::uint32_t n = 0; n < order_.size(); ++n)
  {
    const auto mine = corners(n);
    const Vec3 low = least(least(mine[0], mine[1]), mine[2]);
    const Vec3 high = greatest(greatest(mine[0], mine[1]), mine[2]);
    std::vector<std::size_t> open{0};
    while (!open.empty())
    {
      const Box& b = boxes_[open.back()];
      open.pop_back();
      const Vec3 apart = greatest(b.low - high, low - b.high);
      if (std::max({apart.x, apart.y, apart.z}) > 0)
        continue;
      if (b.second != 0)
        open.insert(open.end(), {b.first, b.second});
      for (std::size_t k = b.from; b.second == 0 && k < b.to; ++k)
        if (order_[k] > n)
          if (const auto at = cut_between(surface_, n, order_[k]))
            return at;
    }
  }
  return std::nullopt;
}

} // namespace calcar::implant
