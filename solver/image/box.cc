#include "image/box.hpp"

#include "base/error.hpp"

#include <algorithm>
#include <cmath>

namespace calcar::image
{

Box bounding_box(const Mask& mask)
{
  const Grid& grid = mask.grid;
  Box box{grid.size, {-1, -1, -1}};
  std::size_t offset = 0;
  for (int k = 0; k < grid.size[2]; ++k)
    for (int j = 0; j < grid.size[1]; ++j)
      for (int i = 0; i < grid.size[0]; ++i, ++offset)
      {
        if (mask.values[offset] == 0)
          continue;
        const int voxel[3] = {i, j, k};
        for (std::size_t a = 0; a < 3; ++a)
        {
          box.low[a] = std::min(box.low[a], voxel[a]);
          box.high[a] = std::max(box.high[a], voxel[a]);
        }
      }
  if (box.high[0] < 0)
    throw InputError(Fault::data, {mask.source.path, "the mask is empty", "at least one voxel",
                                   "check the label and the file of the mask", ""});
  return box;
}

std::size_t layer_voxels(const Mask& mask, std::size_t axis, int layer)
{
  if (layer < 0 || layer >= mask.grid.size[axis])
    return 0;
  std::array<int, 3> low = {0, 0, 0};
  std::array<int, 3> high = mask.grid.size;
  low[axis] = layer;
  high[axis] = layer + 1;
  std::size_t voxels = 0;
  for (int k = low[2]; k < high[2]; ++k)
    for (int j = low[1]; j < high[1]; ++j)
      for (int i = low[0]; i < high[0]; ++i)
        voxels += mask.at(i, j, k) != 0;
  return voxels;
}

Box grown(const Box& box, const Grid& grid, double margin_mm)
{
  Box result = box;
  for (std::size_t a = 0; a < 3; ++a)
  {
    const int voxels = static_cast<int>(std::ceil(margin_mm / grid.spacing[a] - 1e-9));
    result.low[a] = std::max(0, box.low[a] - voxels);
    result.high[a] = std::min(grid.size[a] - 1, box.high[a] + voxels);
  }
  return result;
}

Grid cropped(const Grid& grid, const Box& box)
{
  Grid result = grid;
  for (std::size_t a = 0; a < 3; ++a)
    result.size[a] = box.high[a] - box.low[a] + 1;
  result.origin = grid.point({box.low[0] + 0.0, box.low[1] + 0.0, box.low[2] + 0.0});
  return result;
}

} // namespace calcar::image
