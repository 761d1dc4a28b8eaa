#include "image/rasterise.hpp"

#include "base/error.hpp"
#include "base/text.hpp"
#include "image/mask.hpp"

#include <algorithm>
#include <cmath>

namespace calcar::image
{
namespace
{
constexpr double most_voxels = 2147483648.0;

Grid grid_around(const geometry::TriangleSurface& surface, double size_mm, int margin)
{
  Vec3 low = surface.points.front();
  Vec3 high = low;
  for (const Vec3& p : surface.points)
    for (std::size_t axis = 0; axis < 3; ++axis)
    {
      low[axis] = std::min(low[axis], p[axis]);
      high[axis] = std::max(high[axis], p[axis]);
    }
  Grid grid;
  grid.spacing = {size_mm, size_mm, size_mm};
  const Vec3 shift = size_mm * Vec3{0.31337, 0.27183, 0.14142};
  grid.origin = low - (margin + 0.5) * grid.spacing + shift;
  double voxels = 1;
  for (std::size_t axis = 0; axis < 3; ++axis)
  {
    const double along = std::ceil((high[axis] - low[axis]) / size_mm) + 2 * margin + 1;
    voxels *= along;
    grid.size[axis] = static_cast<int>(std::min(along, most_voxels));
  }
  if (voxels > most_voxels)
    throw InputError(Fault::data, {surface.source.path,
                                   "a body of " + format_number(norm(high - low), 4) +
                                       " mm would take " + format_number(voxels, 3) + " voxels",
                                   "less than 2e9", "check the unit of the file", ""});
  return grid;
}

/// Where the rays along k through the voxel centres cross a triangle, as continuous k.
void add_crossings(const Grid& grid, Vec3 a, Vec3 b, Vec3 c,
                   std::vector<std::vector<double>>& crossings)
{
  const double area = (b.x - a.x) * (c.y - a.y) - (b.y - a.y) * (c.x - a.x);
  if (area == 0)
    return;
  const auto first = [](double x, double y, double z) {
    return static_cast<int>(std::ceil(std::min({x, y, z})));
  };
  const auto last = [](double x, double y, double z) {
    return static_cast<int>(std::floor(std::max({x, y, z})));
  };
  for (int j = first(a.y, b.y, c.y); j <= last(a.y, b.y, c.y); ++j)
    for (int i = first(a.x, b.x, c.x); i <= last(a.x, b.x, c.x); ++i)
    {
      const double u = ((i - a.x) * (c.y - a.y) - (j - a.y) * (c.x - a.x)) / area;
      const double v = ((b.x - a.x) * (j - a.y) - (b.y - a.y) * (i - a.x)) / area;
      if (u >= 0 && v >= 0 && u + v <= 1)
        crossings[grid.offset(i, j, 0)].push_back(a.z + u * (b.z - a.z) + v * (c.z - a.z));
    }
}

/// Crossings nearer to each other than this are one, met on an edge of two triangles; of voxels.
constexpr double same_crossing = 1e-9;

void fill_column(std::vector<double>& hits, int i, int j, Mask& mask)
{
  std::sort(hits.begin(), hits.end());
  hits.erase(std::unique(hits.begin(), hits.end(),
                         [](double a, double b) { return b - a < same_crossing; }),
             hits.end());
  for (std::size_t n = 0; n + 1 < hits.size(); n += 2)
    for (int k = static_cast<int>(std::ceil(hits[n])); k <= hits[n + 1]; ++k)
      mask.at(i, j, k) = 1;
}
} // namespace

Mask rasterise(const geometry::TriangleSurface& surface, double size_mm, int margin)
{
  Mask mask;
  mask.grid = grid_around(surface, size_mm, margin);
  mask.source = surface.source;
  const Grid& grid = mask.grid;
  std::vector<std::vector<double>> crossings(grid.offset(0, 0, 1));
  for (const auto& t : surface.triangles)
    add_crossings(grid, grid.index(surface.points[t[0]]), grid.index(surface.points[t[1]]),
                  grid.index(surface.points[t[2]]), crossings);
  mask.values.assign(grid.voxels(), 0);
  for (int j = 0; j < grid.size[1]; ++j)
    for (int i = 0; i < grid.size[0]; ++i)
      fill_column(crossings[grid.offset(i, j, 0)], i, j, mask);
  if (count(mask) == 0)
    throw InputError(Fault::data,
                     {surface.source.path,
                      "the surface encloses no voxel of " + format_number(size_mm) + " mm", "",
                      "choose a smaller voxel size, or check the unit of the file", ""});
  return mask;
}

} // namespace calcar::image
