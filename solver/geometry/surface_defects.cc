#include "geometry/surface_defects.hpp"

#include "base/disjoint_sets.hpp"

#include <algorithm>
#include <tuple>

namespace calcar::geometry
{
namespace
{

/// Calls `what(first, last)` for the uses of each edge.
template <typename What>
void each_edge(const std::vector<EdgeUse>& uses, const What& what)
{
  for (auto first = uses.begin(); first != uses.end();)
  {
    const auto last = std::find_if(first, uses.end(),
                                   [&](const EdgeUse& use)
                                   { return use.low != first->low || use.high != first->high; });
    what(first, last);
    first = last;
  }
}

/// Corners (3 t + k) that hang together around their point, over edges at it.
DisjointSets fans(const TriangleSurface& surface, const std::vector<EdgeUse>& uses)
{
  DisjointSets sets(3 * surface.triangles.size());
  const auto corner = [&](std::uint32_t triangle, std::uint32_t point)
  {
    const auto& t = surface.triangles[triangle];
    return 3 * triangle +
           static_cast<std::uint32_t>(std::find(t.begin(), t.end(), point) - t.begin());
  };
  each_edge(uses,
            [&](auto first, auto last)
            {
              for (auto use = first + 1; use != last; ++use)
                for (const std::uint32_t point : {first->low, first->high})
                  sets.join(corner(first->triangle, point), corner(use->triangle, point));
            });
  return sets;
}

void count_pinched_points(const TriangleSurface& surface, const std::vector<EdgeUse>& uses,
                          SurfaceDefects& defects)
{
  DisjointSets sets = fans(surface, uses);
  std::vector<std::uint32_t> fans_at(surface.points.size(), 0);
  for (std::uint32_t c = 0; c < 3 * surface.triangles.size(); ++c)
    if (sets.find(c) == c)
      ++fans_at[surface.triangles[c / 3][c % 3]];
  for (std::size_t p = 0; p < fans_at.size(); ++p)
    if (fans_at[p] > 1 && ++defects.pinched_points == 1)
      defects.pinched_at = surface.points[p];
}

double area(const TriangleSurface& surface, std::size_t triangle)
{
  const auto& t = surface.triangles[triangle];
  return norm(cross(surface.points[t[1]] - surface.points[t[0]],
                    surface.points[t[2]] - surface.points[t[0]])) /
         2;
}

bool is_flat(const TriangleSurface& surface, std::size_t triangle)
{
  const auto& t = surface.triangles[triangle];
  double longest = 0; // squared
  for (std::size_t k = 0; k < 3; ++k)
  {
    const Vec3 edge = surface.points[t[(k + 1) % 3]] - surface.points[t[k]];
    longest = std::max(longest, dot(edge, edge));
  }
  return area(surface, triangle) <= 1e-10 * longest;
}

} // namespace

std::vector<EdgeUse> sorted_edges(const TriangleSurface& surface)
{
  std::vector<EdgeUse> uses;
  uses.reserve(3 * surface.triangles.size());
  for (std::uint32_t t = 0; t < surface.triangles.size(); ++t)
    for (std::size_t k = 0; k < 3; ++k)
    {
      const std::uint32_t a = surface.triangles[t][k];
      const std::uint32_t b = surface.triangles[t][(k + 1) % 3];
      uses.push_back({std::min(a, b), std::max(a, b), t, a < b});
    }
  std::sort(uses.begin(), uses.end(),
            [](const EdgeUse& a, const EdgeUse& b)
            {
              return std::tie(a.low, a.high, a.triangle, a.forward) <
                     std::tie(b.low, b.high, b.triangle, b.forward);
            });
  return uses;
}

SurfaceDefects find_defects(const TriangleSurface& surface)
{
  SurfaceDefects defects;
  const auto uses = sorted_edges(surface);
  each_edge(uses,
            [&](auto first, auto last)
            {
              const Vec3 middle = 0.5 * (surface.points[first->low] + surface.points[first->high]);
              if (last - first == 1 && ++defects.open_edges == 1)
                defects.open_at = middle;
              if (last - first > 2 && ++defects.crowded_edges == 1)
                defects.crowded_at = middle;
              if (last - first == 2 && first->forward == (first + 1)->forward)
                ++defects.turned_edges;
            });
  count_pinched_points(surface, uses, defects);
  for (std::size_t t = 0; t < surface.triangles.size(); ++t)
    defects.flat_triangles += is_flat(surface, t) ? 1 : 0;
  const auto parts = parts_of(surface);
  defects.parts = parts.empty() ? 0 : *std::max_element(parts.begin(), parts.end()) + 1;
  return defects;
}

std::vector<std::uint32_t> parts_of(const TriangleSurface& surface)
{
  DisjointSets sets(surface.triangles.size());
  each_edge(sorted_edges(surface),
            [&](auto first, auto last)
            {
              for (auto use = first + 1; use != last; ++use)
                sets.join(first->triangle, use->triangle);
            });
  std::uint32_t count = 0;
  return sets.number(count);
}

double area(const TriangleSurface& surface)
{
  double sum = 0;
  for (std::size_t t = 0; t < surface.triangles.size(); ++t)
    sum += area(surface, t);
  return sum;
}

double volume(const TriangleSurface& surface)
{
  double sum = 0;
  const Vec3 origin = surface.points.empty() ? Vec3{} : surface.points.front();
  for (const auto& t : surface.triangles)
    sum += dot(surface.points[t[0]] - origin,
               cross(surface.points[t[1]] - origin, surface.points[t[2]] - origin)) /
           6;
  return sum;
}

} // namespace calcar::geometry
