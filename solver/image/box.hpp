#pragma once

#include "image/volume.hpp"

#include <array>
#include <cstddef>

namespace calcar::image
{

/// A block of voxels, both ends included.
struct Box
{
  std::array<int, 3> low = {0, 0, 0};
  std::array<int, 3> high = {-1, -1, -1};
};

/// The smallest box with all voxels of a mask. Throws InputError (data) when the mask is empty.
Box bounding_box(const Mask& mask);

/// Voxels of a mask in one layer across an axis; 0 outside the image.
std::size_t layer_voxels(const Mask& mask, std::size_t axis, int layer);

/// The box with `margin_mm` (rounded up to voxels) more on each side, as far as the grid goes.
Box grown(const Box& box, const Grid& grid, double margin_mm);

/// The grid of a box inside a grid.
Grid cropped(const Grid& grid, const Box& box);

/// The voxels of a box; they stay where they are in space.
template <typename T>
Image<T> crop(const Image<T>& image, const Box& box)
{
  Image<T> result{cropped(image.grid, box), {}, image.source};
  result.values.reserve(result.grid.voxels());
  for (int k = box.low[2]; k <= box.high[2]; ++k)
    for (int j = box.low[1]; j <= box.high[1]; ++j)
    {
      const T* row = &image.at(box.low[0], j, k);
      result.values.insert(result.values.end(), row, row + result.grid.size[0]);
    }
  return result;
}

} // namespace calcar::image
