#include "report/depth_view.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

namespace calcar::report
{
namespace
{
constexpr float nothing = -std::numeric_limits<float>::infinity();

/// A bone's least and largest coordinates in a view, with an empty edge of two voxels.
struct Bounds
{
  double left = 1e30, right = -1e30, bottom = 1e30, top = -1e30;
};

Bounds bounds_of(const BoneSurface& bone, const ViewAxes& axes)
{
  Bounds b;
  for (const Vec3& p : bone.centres)
  {
    const double x = dot(p, axes.right), y = dot(p, axes.up);
    b.left = std::min(b.left, x);
    b.right = std::max(b.right, x);
    b.bottom = std::min(b.bottom, y);
    b.top = std::max(b.top, y);
  }
  if (bone.centres.empty())
    return {0, 0, 0, 0};
  const double edge = 2 * bone.voxel_mm;
  return {b.left - edge, b.right + edge, b.bottom - edge, b.top + edge};
}

DepthView empty_view(const Bounds& bounds, const ViewAxes& axes, double pixel_mm)
{
  DepthView view;
  view.axes = axes;
  view.pixel_mm = pixel_mm;
  view.left_mm = bounds.left;
  view.top_mm = bounds.top;
  const auto pixels = [&](double mm)
  { return std::max(1, static_cast<int>(std::ceil(mm / pixel_mm))); };
  view.width = pixels(bounds.right - bounds.left);
  view.height = pixels(bounds.top - bounds.bottom);
  view.depth.assign(view.offset(view.height, 0), nothing);
  return view;
}

/// Each voxel covers the pixels whose centres lie within the radius of its own. The radius must
/// exceed half a face's diagonal, or the far side shows through between voxels.
void splat(const std::vector<Vec3>& points, double radius_mm, DepthView& view)
{
  const double radius = radius_mm / view.pixel_mm;
  const auto first = [](double from) { return std::max(0, static_cast<int>(std::ceil(from))); };
  for (const Vec3& p : points)
  {
    const auto depth = static_cast<float>(dot(p, view.axes.towards));
    const double x = view.column(p) - 0.5, y = view.row(p) - 0.5; // of pixels' centres
    const int last_row = std::min(view.height - 1, static_cast<int>(y + radius));
    for (int r = first(y - radius); r <= last_row; ++r)
    {
      const double half = std::sqrt(std::max(0.0, radius * radius - (r - y) * (r - y)));
      const int last = std::min(view.width - 1, static_cast<int>(x + half));
      for (int c = first(x - half); c <= last; ++c)
        view.depth[view.offset(r, c)] = std::max(view.depth[view.offset(r, c)], depth);
    }
  }
}

/// Adds to sums and counts those of `n` values that lie on the same surface as `here`, not beyond
/// an edge. Where there is no bone, here or there, the difference is infinite or not a number.
void add_near(const float* here, const float* there, std::size_t n, float edge_mm, float* sum,
              float* count)
{
  for (std::size_t i = 0; i < n; ++i)
  {
    const bool near = std::abs(there[i] - here[i]) < edge_mm;
    sum[i] += near ? there[i] : 0.0F;
    count[i] += near ? 1.0F : 0.0F;
  }
}

/// Means over neighbours up to `reach` pixels away, along the rows or from row to row.
void smooth(DepthView& view, int reach, bool along_rows, float edge_mm)
{
  const std::vector<float> depth = view.depth;
  const auto width = static_cast<std::size_t>(view.width);
  std::vector<float> sum(width), count(width);
  for (int r = 0; r < view.height; ++r)
  {
    std::fill(sum.begin(), sum.end(), 0.0F);
    std::fill(count.begin(), count.end(), 0.0F);
    const float* here = &depth[view.offset(r, 0)];
    for (int step = -reach; step <= reach; ++step)
    {
      const auto from = static_cast<std::size_t>(along_rows ? std::max(0, -step) : 0);
      const auto cut = static_cast<std::size_t>(along_rows ? std::abs(step) : 0);
      if (along_rows ? cut < width : r + step >= 0 && r + step < view.height)
        add_near(here + from, along_rows ? here + from + step : &depth[view.offset(r + step, 0)],
                 width - cut, edge_mm, &sum[from], &count[from]);
    }
    float* result = &view.depth[view.offset(r, 0)];
    for (std::size_t c = 0; c < width; ++c)
      if (count[c] > 0)
        result[c] = sum[c] / count[c];
  }
}
} // namespace

bool DepthView::hides(Vec3 point, double slack_mm) const
{
  const int c = static_cast<int>(column(point));
  const int r = static_cast<int>(row(point));
  if (c < 0 || r < 0 || c >= width || r >= height)
    return false;
  return static_cast<double>(depth[offset(r, c)]) > dot(point, axes.towards) + slack_mm;
}

BoneSurface surface_of(const image::Mask& mask)
{
  const image::Grid& grid = mask.grid;
  BoneSurface bone;
  bone.voxel_mm = std::max({grid.spacing.x, grid.spacing.y, grid.spacing.z});
  const auto inside = [&](int i, int j, int k)
  { return grid.contains(i, j, k) && mask.at(i, j, k) != 0; };
  for (int k = 0; k < grid.size[2]; ++k)
    for (int j = 0; j < grid.size[1]; ++j)
      for (int i = 0; i < grid.size[0]; ++i)
        if (mask.at(i, j, k) != 0 &&
            !(inside(i - 1, j, k) && inside(i + 1, j, k) && inside(i, j - 1, k) &&
              inside(i, j + 1, k) && inside(i, j, k - 1) && inside(i, j, k + 1)))
          bone.centres.push_back(grid.point({double(i), double(j), double(k)}));
  return bone;
}

std::array<double, 2> extent_mm(const BoneSurface& bone, const ViewAxes& axes)
{
  const Bounds b = bounds_of(bone, axes);
  return {b.right - b.left, b.top - b.bottom};
}

DepthView view_from(const BoneSurface& bone, const ViewAxes& axes, double pixel_mm)
{
  DepthView view = empty_view(bounds_of(bone, axes), axes, pixel_mm);
  splat(bone.centres, 0.9 * bone.voxel_mm, view);
  const int reach = std::max(1, static_cast<int>(std::lround(1.2 * bone.voxel_mm / pixel_mm)));
  for (int round = 0; round < 2; ++round)
    for (const bool along_rows : {true, false})
      smooth(view, reach, along_rows, static_cast<float>(4 * bone.voxel_mm));
  return view;
}

std::vector<float> shaded(const DepthView& view)
{
  std::vector<float> light(view.depth.size(), -1.0F);
  const Vec3 lamp = normalized(Vec3{-0.4, 0.5, 0.8});
  for (int r = 0; r < view.height; ++r)
    for (int c = 0; c < view.width; ++c)
    {
      const float here = view.depth[view.offset(r, c)];
      if (here == nothing)
        continue;
      const auto slope = [&](int r1, int c1, int r2, int c2)
      {
        const float a = view.depth[view.offset(std::clamp(r1, 0, view.height - 1),
                                               std::clamp(c1, 0, view.width - 1))];
        const float b = view.depth[view.offset(std::clamp(r2, 0, view.height - 1),
                                               std::clamp(c2, 0, view.width - 1))];
        const double rise =
            static_cast<double>((b == nothing ? here : b) - (a == nothing ? here : a));
        return rise / (2 * view.pixel_mm);
      };
      const Vec3 normal =
          normalized(Vec3{-slope(r, c - 1, r, c + 1), -slope(r + 1, c, r - 1, c), 1.0});
      light[view.offset(r, c)] = static_cast<float>(0.25 + 0.75 * std::max(0.0, dot(normal, lamp)));
    }
  return light;
}

} // namespace calcar::report
