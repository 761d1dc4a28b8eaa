#include "report/depth_view.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

namespace calcar::report
{
namespace
{
constexpr float nothing = -std::numeric_limits<float>::infinity();

/// The centres of voxels with a face that no other voxel of the mask covers.
std::vector<Vec3> surface_voxels(const image::Mask& mask)
{
  const image::Grid& grid = mask.grid;
  const auto inside = [&](int i, int j, int k)
  { return grid.contains(i, j, k) && mask.at(i, j, k) != 0; };
  std::vector<Vec3> centres;
  for (int k = 0; k < grid.size[2]; ++k)
    for (int j = 0; j < grid.size[1]; ++j)
      for (int i = 0; i < grid.size[0]; ++i)
        if (inside(i, j, k) &&
            !(inside(i - 1, j, k) && inside(i + 1, j, k) && inside(i, j - 1, k) &&
              inside(i, j + 1, k) && inside(i, j, k - 1) && inside(i, j, k + 1)))
          centres.push_back(grid.point({double(i), double(j), double(k)}));
  return centres;
}

DepthView empty_view(const std::vector<Vec3>& points, const ViewAxes& axes, double pixel_mm,
                     double margin_mm)
{
  DepthView view;
  view.axes = axes;
  view.pixel_mm = pixel_mm;
  double right = -1e30, bottom = 1e30;
  view.left_mm = 1e30;
  view.top_mm = -1e30;
  for (const Vec3& p : points)
  {
    view.left_mm = std::min(view.left_mm, dot(p, axes.right) - margin_mm);
    right = std::max(right, dot(p, axes.right) + margin_mm);
    view.top_mm = std::max(view.top_mm, dot(p, axes.up) + margin_mm);
    bottom = std::min(bottom, dot(p, axes.up) - margin_mm);
  }
  view.width = std::max(1, static_cast<int>(std::ceil((right - view.left_mm) / pixel_mm)));
  view.height = std::max(1, static_cast<int>(std::ceil((view.top_mm - bottom) / pixel_mm)));
  view.depth.assign(static_cast<std::size_t>(view.width) * static_cast<std::size_t>(view.height),
                    nothing);
  return view;
}

/// Each voxel covers the pixels within its half diagonal.
void splat(const std::vector<Vec3>& points, double radius_mm, DepthView& view)
{
  const int reach = static_cast<int>(std::ceil(radius_mm / view.pixel_mm));
  for (const Vec3& p : points)
  {
    const auto depth = static_cast<float>(dot(p, view.axes.towards));
    const int column = static_cast<int>(view.column(p));
    const int row = static_cast<int>(view.row(p));
    for (int r = std::max(0, row - reach); r <= std::min(view.height - 1, row + reach); ++r)
      for (int c = std::max(0, column - reach); c <= std::min(view.width - 1, column + reach); ++c)
        if (std::hypot(r - row, c - column) * view.pixel_mm <= radius_mm)
        {
          float& at =
              view.depth[static_cast<std::size_t>(r) * static_cast<std::size_t>(view.width) +
                         static_cast<std::size_t>(c)];
          at = std::max(at, depth);
        }
  }
}

/// Mean of the neighbours within `reach` pixels that lie on the same surface, not beyond an edge.
std::vector<float> smoothed(const DepthView& view, int reach, float edge_mm)
{
  std::vector<float> result = view.depth;
  for (int r = 0; r < view.height; ++r)
    for (int c = 0; c < view.width; ++c)
    {
      const auto at = [&](int row, int column)
      {
        return view.depth[static_cast<std::size_t>(row) * static_cast<std::size_t>(view.width) +
                          static_cast<std::size_t>(column)];
      };
      const float here = at(r, c);
      if (here == nothing)
        continue;
      float sum = 0;
      int count = 0;
      for (int y = std::max(0, r - reach); y <= std::min(view.height - 1, r + reach); ++y)
        for (int x = std::max(0, c - reach); x <= std::min(view.width - 1, c + reach); ++x)
          if (std::abs(at(y, x) - here) < edge_mm)
          {
            sum += at(y, x);
            ++count;
          }
      result[static_cast<std::size_t>(r) * static_cast<std::size_t>(view.width) +
             static_cast<std::size_t>(c)] = sum / static_cast<float>(count);
    }
  return result;
}
} // namespace

bool DepthView::hides(Vec3 point, double slack_mm) const
{
  const int c = static_cast<int>(column(point));
  const int r = static_cast<int>(row(point));
  if (c < 0 || r < 0 || c >= width || r >= height)
    return false;
  const float nearest = depth[static_cast<std::size_t>(r) * static_cast<std::size_t>(width) +
                              static_cast<std::size_t>(c)];
  return static_cast<double>(nearest) > dot(point, axes.towards) + slack_mm;
}

DepthView view_from(const image::Mask& mask, const ViewAxes& axes, double pixel_mm)
{
  const std::vector<Vec3> points = surface_voxels(mask);
  const Vec3 spacing = mask.grid.spacing;
  const double voxel = std::max({spacing.x, spacing.y, spacing.z});
  DepthView view = empty_view(points, axes, pixel_mm, 2 * voxel);
  splat(points, 0.9 * voxel, view);
  const int reach = std::max(1, static_cast<int>(std::lround(1.2 * voxel / pixel_mm)));
  for (int round = 0; round < 2; ++round)
    view.depth = smoothed(view, reach, static_cast<float>(4 * voxel));
  return view;
}

std::vector<float> shaded(const DepthView& view)
{
  std::vector<float> light(view.depth.size(), -1.0F);
  const Vec3 lamp = normalized(Vec3{-0.4, 0.5, 0.8});
  const auto offset = [&](int r, int c)
  {
    return static_cast<std::size_t>(r) * static_cast<std::size_t>(view.width) +
           static_cast<std::size_t>(c);
  };
  for (int r = 0; r < view.height; ++r)
    for (int c = 0; c < view.width; ++c)
    {
      const float here = view.depth[offset(r, c)];
      if (here == nothing)
        continue;
      const auto slope = [&](int r1, int c1, int r2, int c2)
      {
        const float a = view.depth[offset(std::clamp(r1, 0, view.height - 1),
                                          std::clamp(c1, 0, view.width - 1))];
        const float b = view.depth[offset(std::clamp(r2, 0, view.height - 1),
                                          std::clamp(c2, 0, view.width - 1))];
        const double rise =
            static_cast<double>((b == nothing ? here : b) - (a == nothing ? here : a));
        return rise / (2 * view.pixel_mm);
      };
      const Vec3 normal =
          normalized(Vec3{-slope(r, c - 1, r, c + 1), -slope(r + 1, c, r - 1, c), 1.0});
      light[offset(r, c)] = static_cast<float>(0.25 + 0.75 * std::max(0.0, dot(normal, lamp)));
    }
  return light;
}

} // namespace calcar::report
