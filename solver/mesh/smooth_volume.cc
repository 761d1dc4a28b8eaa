#include "mesh/smooth_volume.hpp"

#include <algorithm>
#include <array>
#include <cmath>

namespace calcar::mesh
{
namespace
{
constexpr double smoothing_voxels = 1;

/// Convolution along one axis with a Gaussian of `smoothing_voxels`.
void smooth_axis(image::Volume& volume, std::size_t axis)
{
  constexpr int reach = static_cast<int>(3 * smoothing_voxels);
  std::array<double, 2 * reach + 1> weight{};
  double sum = 0;
  for (int d = -reach; d <= reach; ++d)
    sum += weight[static_cast<std::size_t>(d + reach)] =
        std::exp(-0.5 * d * d / (smoothing_voxels * smoothing_voxels));
  const image::Volume before = volume;
  const std::size_t stride = axis == 0   ? 1
                             : axis == 1 ? static_cast<std::size_t>(volume.grid.size[0])
                                         : static_cast<std::size_t>(volume.grid.size[0]) *
                                               static_cast<std::size_t>(volume.grid.size[1]);
  const int count = volume.grid.size[axis];
  for (std::size_t n = 0; n < volume.values.size(); ++n)
  {
    const int here = static_cast<int>(n / stride) % count;
    double value = 0;
    for (int d = std::max(-reach, -here); d <= std::min(reach, count - 1 - here); ++d)
      value += weight[static_cast<std::size_t>(d + reach)] *
               static_cast<double>(before.values[n + static_cast<std::size_t>(d) * stride]);
    volume.values[n] = static_cast<float>(value / sum);
  }
}
} // namespace

void smooth(image::Volume& volume)
{
  for (std::size_t axis = 0; axis < 3; ++axis)
    smooth_axis(volume, axis);
}

Box box_of(const image::Grid& grid)
{
  Box box{grid.origin, grid.origin};
  for (int corner = 0; corner < 8; ++corner)
  {
    const Vec3 p = grid.point({double((corner & 1) * (grid.size[0] - 1)),
                               double((corner >> 1 & 1) * (grid.size[1] - 1)),
                               double((corner >> 2) * (grid.size[2] - 1))});
    for (std::size_t axis = 0; axis < 3; ++axis)
    {
      box.low[axis] = std::min(box.low[axis], p[axis]);
      box.high[axis] = std::max(box.high[axis], p[axis]);
    }
  }
  return box;
}

} // namespace calcar::mesh
