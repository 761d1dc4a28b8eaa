#include "report/fixation_light.hpp"

#include <algorithm>
#include <cmath>

namespace calcar::report
{
namespace
{
/// Sums over 2 reach + 1 values along a line of `count` values that lie `step` apart.
void box_sum(const float* from, float* to, std::size_t count, std::size_t step, int reach)
{
  const auto last = static_cast<std::ptrdiff_t>(count);
  double sum = 0;
  for (std::ptrdiff_t n = 0; n < std::min<std::ptrdiff_t>(reach, last); ++n)
    sum += static_cast<double>(from[static_cast<std::size_t>(n) * step]);
  for (std::ptrdiff_t n = 0; n < last; ++n)
  {
    if (n + reach < last)
      sum += static_cast<double>(from[static_cast<std::size_t>(n + reach) * step]);
    if (n - reach > 0)
      sum -= static_cast<double>(from[static_cast<std::size_t>(n - reach - 1) * step]);
    to[static_cast<std::size_t>(n) * step] = static_cast<float>(sum / (2 * reach + 1));
  }
}

/// Means over squares, twice: nearly a bell.
std::vector<float> blurred(std::vector<float> values, int width, int height, int reach)
{
  std::vector<float> other(values.size());
  const auto w = static_cast<std::size_t>(width), h = static_cast<std::size_t>(height);
  for (int round = 0; round < 2; ++round)
  {
    for (std::size_t r = 0; r < h; ++r)
      box_sum(&values[r * w], &other[r * w], w, 1, reach);
    for (std::size_t c = 0; c < w; ++c)
      box_sum(&other[c], &values[c], h, w, reach);
  }
  return values;
}
} // namespace

BoneLight bone_light_of(const DepthView& bone, double voxel_mm)
{
  BoneLight result{shaded(bone), {}};
  result.cover.assign(result.light.size(), 0);
  for (std::size_t n = 0; n < result.light.size(); ++n)
    if (result.light[n] >= 0)
      result.cover[n] = 1;
    else
      result.light[n] = 0;
  const int reach = std::max(1, static_cast<int>(std::lround(0.6 * voxel_mm / bone.pixel_mm)));
  result.light = blurred(std::move(result.light), bone.width, bone.height, reach);
  result.cover = blurred(std::move(result.cover), bone.width, bone.height, reach);
  for (std::size_t n = 0; n < result.light.size(); ++n)
  {
    result.light[n] /= std::max(result.cover[n], 1e-6F);
    result.cover[n] = std::clamp((result.cover[n] - 0.5F) * 5 + 0.5F, 0.0F, 1.0F);
  }
  return result;
}

} // namespace calcar::report
