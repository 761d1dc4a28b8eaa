#pragma once

#include "geometry/triangle_surface.hpp"

#include <array>
#include <cstdint>
#include <utility>

// Closed surfaces whose measures are known exactly.

namespace calcar::geometry::test
{

/// A box from the origin as 12 triangles, outside out.
inline TriangleSurface box_surface(Vec3 size, Vec3 at = {})
{
  TriangleSurface surface;
  for (int n = 0; n < 8; ++n)
    surface.points.push_back(at + Vec3{n & 1 ? size.x : 0, n & 2 ? size.y : 0, n & 4 ? size.z : 0});
  const std::array<std::array<std::uint32_t, 4>, 6> quads = {
      {{0, 2, 3, 1}, {4, 5, 7, 6}, {0, 1, 5, 4}, {2, 6, 7, 3}, {0, 4, 6, 2}, {1, 3, 7, 5}}};
  for (const auto& q : quads)
  {
    surface.triangles.push_back({q[0], q[1], q[2]});
    surface.triangles.push_back({q[0], q[2], q[3]});
  }
  return surface;
}

/// Both, their points kept apart.
inline TriangleSurface together(TriangleSurface a, const TriangleSurface& b)
{
  const auto shift = static_cast<std::uint32_t>(a.points.size());
  a.points.insert(a.points.end(), b.points.begin(), b.points.end());
  for (const auto& t : b.triangles)
    a.triangles.push_back({t[0] + shift, t[1] + shift, t[2] + shift});
  return a;
}

/// The sides of all triangles changed: inside out.
inline TriangleSurface mirrored(TriangleSurface surface)
{
  for (auto& t : surface.triangles)
    std::swap(t[1], t[2]);
  return surface;
}

} // namespace calcar::geometry::test
