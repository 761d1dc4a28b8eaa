#pragma once

#include "geometry/triangle_surface.hpp"
#include "image/volume.hpp"

#include <algorithm>
#include <cmath>
#include <vector>

namespace test_bodies
{

/// The voxels whose centres a closed surface encloses, by the parity of crossings along k; `margin`
/// voxels of room around it. Axes are LPS.
inline calcar::image::Mask rasterised(const calcar::geometry::TriangleSurface& surface,
                                      double spacing_mm, int margin)
{
  using namespace calcar;
  Vec3 low = surface.points.front(), high = low;
  for (const Vec3& p : surface.points)
    for (std::size_t axis = 0; axis < 3; ++axis)
    {
      low[axis] = std::min(low[axis], p[axis]);
      high[axis] = std::max(high[axis], p[axis]);
    }
  image::Mask mask;
  mask.grid.spacing = {spacing_mm, spacing_mm, spacing_mm};
  // An odd shift keeps rays off the points of the surface.
  const Vec3 shift = spacing_mm * Vec3{0.31337, 0.27183, 0.14142};
  mask.grid.origin = low - (margin + 0.5) * mask.grid.spacing + shift;
  for (std::size_t axis = 0; axis < 3; ++axis)
    mask.grid.size[axis] =
        static_cast<int>(std::ceil((high[axis] - low[axis]) / spacing_mm)) + 2 * margin + 1;
  const auto columns =
      static_cast<std::size_t>(mask.grid.size[0]) * static_cast<std::size_t>(mask.grid.size[1]);
  std::vector<std::vector<double>> crossings(columns);
  for (const auto& t : surface.triangles)
  {
    const Vec3 a = mask.grid.index(surface.points[t[0]]), b = mask.grid.index(surface.points[t[1]]),
               c = mask.grid.index(surface.points[t[2]]);
    const double area = (b.x - a.x) * (c.y - a.y) - (b.y - a.y) * (c.x - a.x);
    if (area == 0)
      continue;
    for (int j = static_cast<int>(std::ceil(std::min({a.y, b.y, c.y})));
         j <= static_cast<int>(std::floor(std::max({a.y, b.y, c.y}))); ++j)
      for (int i = static_cast<int>(std::ceil(std::min({a.x, b.x, c.x})));
           i <= static_cast<int>(std::floor(std::max({a.x, b.x, c.x}))); ++i)
      {
        const double u = ((i - a.x) * (c.y - a.y) - (j - a.y) * (c.x - a.x)) / area;
        const double v = ((b.x - a.x) * (j - a.y) - (b.y - a.y) * (i - a.x)) / area;
        if (u >= 0 && v >= 0 && u + v <= 1)
          crossings[static_cast<std::size_t>(i) +
                    static_cast<std::size_t>(mask.grid.size[0]) * static_cast<std::size_t>(j)]
              .push_back(a.z + u * (b.z - a.z) + v * (c.z - a.z));
      }
  }
  mask.values.assign(mask.grid.voxels(), 0);
  for (int j = 0; j < mask.grid.size[1]; ++j)
    for (int i = 0; i < mask.grid.size[0]; ++i)
    {
      auto& hits =
          crossings[static_cast<std::size_t>(i) +
                    static_cast<std::size_t>(mask.grid.size[0]) * static_cast<std::size_t>(j)];
      std::sort(hits.begin(), hits.end());
      for (std::size_t n = 0; n + 1 < hits.size(); n += 2)
        for (int k = static_cast<int>(std::ceil(hits[n])); k <= hits[n + 1]; ++k)
          mask.at(i, j, k) = 1;
    }
  return mask;
}

} // namespace test_bodies
