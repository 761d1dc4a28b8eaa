#pragma once

#include "voxel/lanes.hpp"

#include <cstddef>
#include <cstring>

/// 6x6 blocks in the lanes of the compiler; always inlined, for the clones of the kernels. In
/// memory blocks are plain values: what alignment a lane has depends on the clone.
namespace calcar::voxel
{

/// Eight values from memory of any alignment.
[[gnu::always_inline]] inline void load_row(const float* from, FloatLane& to)
{
  std::memcpy(&to, from, sizeof(to));
}

/// Writes the first six values of a lane, from registers.
[[gnu::always_inline]] inline void store_row(const FloatLane& row, float* to)
{
  using Four [[gnu::vector_size(4 * sizeof(float))]] = float;
  using Two [[gnu::vector_size(2 * sizeof(float))]] = float;
  const Four low = __builtin_shufflevector(row, row, 0, 1, 2, 3);
  const Two high = __builtin_shufflevector(row, row, 4, 5);
  std::memcpy(to, &low, sizeof(low));
  std::memcpy(to + 4, &high, sizeof(high));
}

/// Adds to 36 values by rows, with two more behind that are read but stay as they are. All rows
/// are read before the first is written: reading across what was just written waits for memory.
[[gnu::always_inline]] inline void add_lanes(const FloatLane* rows, float* to)
{
  FloatLane sums[6];
  for (std::size_t r = 0; r < 6; ++r)
  {
    load_row(to + 6 * r, sums[r]);
    sums[r] += rows[r];
  }
  for (std::size_t r = 0; r < 6; ++r)
    store_row(sums[r], to + 6 * r);
}

} // namespace calcar::voxel
