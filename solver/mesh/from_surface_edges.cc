#include "mesh/from_surface_edges.hpp"

#include <algorithm>
#include <cmath>
#include <map>
#include <numbers>
#include <utility>

namespace calcar::mesh
{
namespace
{
using Edge = std::pair<std::uint32_t, std::uint32_t>; ///< the smaller point first

/// Chains turn by more than this only at corners.
constexpr double corner_deg = 60;

std::map<Edge, std::vector<std::size_t>> triangles_at_edges(const TaggedSurface& surface)
{
  std::map<Edge, std::vector<std::size_t>> edges;
  for (std::size_t n = 0; n < surface.triangles.size(); ++n)
    for (std::size_t c = 0; c < 3; ++c)
    {
      const std::uint32_t a = surface.triangles[n][c];
      const std::uint32_t b = surface.triangles[n][(c + 1) % 3];
      edges[{std::min(a, b), std::max(a, b)}].push_back(n);
    }
  return edges;
}

Vec3 normal(const TaggedSurface& surface, std::size_t triangle)
{
  const auto& t = surface.triangles[triangle];
  return cross(surface.points[t[1]] - surface.points[t[0]],
               surface.points[t[2]] - surface.points[t[0]]);
}

double angle_deg(Vec3 a, Vec3 b)
{
  return std::atan2(norm(cross(a, b)), dot(a, b)) * 180 / std::numbers::pi;
}

/// The graph of sharp edges, walked chain by chain.
class Chains
{
public:
  Chains(const TaggedSurface& surface, double sharp_deg) : surface_(surface)
  {
    for (const auto& [edge, triangles] : triangles_at_edges(surface))
    {
      const bool border =
          triangles.size() != 2 || !(surface.sides[triangles[0]] == surface.sides[triangles[1]]);
      if (border ||
          angle_deg(normal(surface, triangles[0]), normal(surface, triangles[1])) > sharp_deg)
      {
        left_[edge] = border;
        neighbours_[edge.first].push_back(edge.second);
        neighbours_[edge.second].push_back(edge.first);
      }
    }
  }

  std::vector<std::vector<Vec3>> collect(double least_mm)
  {
    for (const auto& [point, neighbours] : neighbours_)
      if (corner(point))
        for (const std::uint32_t next : neighbours)
          walk(point, next, least_mm);
    for (const auto& [point, neighbours] : neighbours_) // what is left are rings without corners
      for (const std::uint32_t next : neighbours)
        walk(point, next, least_mm);
    return std::move(chains_);
  }

private:
  bool corner(std::uint32_t point) const
  {
    const auto& n = neighbours_.at(point);
    if (n.size() != 2)
      return true;
    const Vec3& p = surface_.points[point];
    return angle_deg(p - surface_.points[n[0]], surface_.points[n[1]] - p) > corner_deg;
  }

  /// Takes an edge out of those left; false when it was taken already.
  bool take(std::uint32_t a, std::uint32_t b, bool& border)
  {
    const auto found = left_.find({std::min(a, b), std::max(a, b)});
    if (found == left_.end())
      return false;
    border = border || found->second;
    left_.erase(found);
    return true;
  }

  void walk(std::uint32_t start, std::uint32_t next, double least_mm)
  {
    bool border = false;
    if (!take(start, next, border))
      return;
    std::vector<Vec3> chain = {surface_.points[start], surface_.points[next]};
    double length = norm(chain[1] - chain[0]);
    std::uint32_t before = start;
    while (next != start && !corner(next))
    {
      const auto& n = neighbours_.at(next);
      const std::uint32_t further = n[0] == before ? n[1] : n[0];
      if (!take(next, further, border))
        break;
      before = std::exchange(next, further);
      chain.push_back(surface_.points[next]);
      length += norm(chain.back() - chain[chain.size() - 2]);
    }
    if (border || length >= least_mm)
      chains_.push_back(std::move(chain));
  }

  const TaggedSurface& surface_;
  std::map<Edge, bool> left_; ///< true where patches meet
  std::map<std::uint32_t, std::vector<std::uint32_t>> neighbours_;
  std::vector<std::vector<Vec3>> chains_;
};
} // namespace

std::vector<std::vector<Vec3>> sharp_edges(const TaggedSurface& surface, double sharp_deg,
                                           double least_mm)
{
  return Chains(surface, sharp_deg).collect(least_mm);
}

std::optional<Vec3> open_edge(const TaggedSurface& surface)
{
  for (const auto& [edge, triangles] : triangles_at_edges(surface))
    if (triangles.size() < 2)
      return 0.5 * (surface.points[edge.first] + surface.points[edge.second]);
  return std::nullopt;
}

} // namespace calcar::mesh
