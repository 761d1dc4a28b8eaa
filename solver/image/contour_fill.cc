#include "image/contour_fill.hpp"

#include <algorithm>
#include <cmath>
#include <cstddef>

namespace calcar::image
{
namespace
{
/// Where a horizontal line crosses the contours, sorted.
std::vector<double> crossings(const std::vector<Contour>& contours, double y)
{
  std::vector<double> x;
  for (const Contour& contour : contours)
    for (std::size_t n = 0; n < contour.size(); ++n)
    {
      const auto& a = contour[n];
      const auto& b = contour[(n + 1) % contour.size()];
      if ((a[1] <= y) != (b[1] <= y)) // half open: a corner on the line counts once
        x.push_back(a[0] + (b[0] - a[0]) * (y - a[1]) / (b[1] - a[1]));
    }
  std::ranges::sort(x);
  return x;
}

/// Adds the length of the stretch from x0 to x1 that lies in each pixel of a row.
void add_stretch(double x0, double x1, float weight, int nx, float* row)
{
  x0 = std::max(x0, -0.5);
  x1 = std::min(x1, nx - 0.5);
  if (!(x1 > x0))
    return;
  const int first = static_cast<int>(std::floor(x0 + 0.5));
  const int last = std::min(static_cast<int>(std::floor(x1 + 0.5)), nx - 1);
  for (int i = first; i <= last; ++i)
    row[i] +=
        weight * static_cast<float>(std::max(0.0, std::min(x1, i + 0.5) - std::max(x0, i - 0.5)));
}
} // namespace

std::vector<float> inside_share(const std::vector<Contour>& contours, int nx, int ny, int lines)
{
  std::vector<float> share(static_cast<std::size_t>(nx) * static_cast<std::size_t>(ny));
  double low = ny, high = -1;
  for (const Contour& contour : contours)
    for (const auto& point : contour)
    {
      low = std::min(low, point[1]);
      high = std::max(high, point[1]);
    }
  const int first = std::max(0, static_cast<int>(std::floor(std::max(low, -1.0))));
  const int last = std::min(ny - 1, static_cast<int>(std::ceil(std::min(high, ny + 0.0))));
  for (int j = first; j <= last; ++j)
    for (int l = 0; l < lines; ++l)
    {
      const std::vector<double> x = crossings(contours, j - 0.5 + (l + 0.5) / lines);
      for (std::size_t n = 0; n + 1 < x.size(); n += 2)
        add_stretch(x[n], x[n + 1], 1.0f / static_cast<float>(lines), nx,
                    &share[static_cast<std::size_t>(nx) * static_cast<std::size_t>(j)]);
    }
  return share;
}

} // namespace calcar::image
