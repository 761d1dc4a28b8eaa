#pragma once

#include "geometry/triangle_surface.hpp"
#include "mesh/mesh.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <numbers>
#include <string>
#include <vector>

// Bodies with flat faces whose volume is known.

namespace calcar::mesh::test
{

/// A polygon drawn up along z, turned about x by `turn_deg` and then about z by the same, and put
/// somewhere.
struct Prism
{
  std::string name;
  std::vector<std::array<double, 2>> polygon;                  ///< mm, counter-clockwise
  std::vector<std::array<std::uint32_t, 3>> polygon_triangles; ///< counter-clockwise
  double height = 0;                                           ///< mm
  double volume_mm3 = 0;
  Vec3 at = {};
  double turn_deg = 0;

  void scale(double factor)
  {
    for (auto& p : polygon)
      p = {factor * p[0], factor * p[1]};
    height *= factor;
    volume_mm3 *= factor * factor * factor;
  }
};

inline Prism box_prism(double x, double y, double z)
{
  return {"box " + std::to_string(x) + " " + std::to_string(y) + " " + std::to_string(z),
          {{0, 0}, {x, 0}, {x, y}, {0, y}},
          {{0, 1, 2}, {0, 2, 3}},
          z,
          x * y * z};
}

inline std::vector<Prism> prisms()
{
  return {box_prism(20, 10, 6),
          box_prism(40, 40, 3), // failed in CGAL, or never ended, before crossings were exact
          box_prism(50, 5, 5),
          box_prism(20, 20, 20),
          {"angle",
           {{0, 0}, {40, 0}, {40, 10}, {10, 10}, {10, 30}, {0, 30}},
           {{0, 1, 2}, {0, 2, 3}, {0, 3, 4}, {0, 4, 5}},
           8,
           8 * (40 * 10 + 10 * 20)}};
}

inline Vec3 placed(const Prism& prism, const Vec3& p)
{
  const double turn = prism.turn_deg * std::numbers::pi / 180;
  const double c = std::cos(turn), s = std::sin(turn);
  const Vec3 q{p.x, c * p.y - s * p.z, s * p.y + c * p.z};
  return prism.at + Vec3{c * q.x - s * q.y, s * q.x + c * q.y, q.z};
}

inline geometry::TriangleSurface surface_of(const Prism& prism)
{
  geometry::TriangleSurface surface;
  const auto n = static_cast<std::uint32_t>(prism.polygon.size());
  for (const double z : {0.0, prism.height})
    for (const auto& p : prism.polygon)
      surface.points.push_back(placed(prism, {p[0], p[1], z}));
  for (const auto& t : prism.polygon_triangles)
  {
    surface.triangles.push_back({t[0], t[2], t[1]});
    surface.triangles.push_back({t[0] + n, t[1] + n, t[2] + n});
  }
  for (std::uint32_t a = 0; a < n; ++a)
  {
    const std::uint32_t b = (a + 1) % n;
    surface.triangles.push_back({a, b, b + n});
    surface.triangles.push_back({a, b + n, a + n});
  }
  return surface;
}

/// 20 x 20 x 4 mm of cubes cut into six tetrahedra each, in two regions of 10 x 20 x 4 mm.
inline constexpr double plate_region_mm3 = 800;
inline Mesh plate_of_two_regions()
{
  constexpr int n = 10;
  const auto number = [](std::array<int, 3> p)
  { return static_cast<std::uint32_t>((p[2] * (n + 1) + p[1]) * (n + 1) + p[0]); };
  Mesh mesh;
  mesh.regions = {"left", "right"};
  for (int z = 0; z <= 2; ++z)
    for (int y = 0; y <= n; ++y)
      for (int x = 0; x <= n; ++x)
        mesh.points.push_back({2.0 * x, 2.0 * y, 2.0 * z});
  std::array<std::size_t, 3> order = {0, 1, 2};
  do // six ways along the axes from one corner of a cube to the other
    for (int z = 0; z < 2; ++z)
      for (int y = 0; y < n; ++y)
        for (int x = 0; x < n; ++x)
        {
          std::array<int, 3> p = {x, y, z};
          std::array<std::uint32_t, 4> corners = {number(p)};
          for (std::size_t k = 0; k < 3; ++k)
          {
            ++p[order[k]];
            corners[k + 1] = number(p);
          }
          const bool even = (order[1] + 3 - order[0]) % 3 == 1;
          if (!even)
            std::swap(corners[2], corners[3]);
          mesh.corners.insert(mesh.corners.end(), corners.begin(), corners.end());
          mesh.region.push_back(x < n / 2 ? 0 : 1);
        }
  while (std::next_permutation(order.begin(), order.end()));
  return mesh;
}

} // namespace calcar::mesh::test
