#pragma once

#include "base/offset_set.hpp"
#include "model/voxel_body.hpp"
#include "voxel/level.hpp"

#include <mpi.h>

#include <cstddef>
#include <vector>

namespace calcar::voxel
{

/// What rank 0 keeps to bring results back into the order of VoxelBody. Empty on other ranks.
struct Distribution
{
  OffsetSet voxels;               ///< of the body
  std::vector<Brick> bricks;      ///< all, along the Morton curve
  std::vector<std::size_t> first; ///< [rank + 1] rank r holds bricks first[r] ...
};

/**
 * Cuts the Morton curve of bricks into one segment per rank with about equally many active voxels,
 * and sends each rank its own; `body` is read on rank 0 only, which packs a few bricks at a time. A
 * rank may get none. Collective.
 */
Bricks spread(const model::VoxelBody& body, MPI_Comm comm, Distribution& distribution);

/// Calls visit(place in VoxelBody, position in the brick) for the active voxels of a brick.
template <typename Visit>
void for_voxels_in(const std::array<int, 3>& grid_size, const OffsetSet& voxels, const Brick& brick,
                   Visit&& visit)
{
  const auto nx = static_cast<std::uint64_t>(grid_size[0]);
  const auto ny = static_cast<std::uint64_t>(grid_size[1]);
  const int i0 = brick_edge * brick.i, j0 = brick_edge * brick.j, k0 = brick_edge * brick.k;
  for (int k = 0; k < brick_edge && k0 + k < grid_size[2]; ++k)
    for (int j = 0; j < brick_edge && j0 + j < grid_size[1]; ++j)
    {
      const std::uint64_t row =
          static_cast<std::uint64_t>(i0) +
          nx * (static_cast<std::uint64_t>(j0 + j) + ny * static_cast<std::uint64_t>(k0 + k));
      std::uint64_t place = voxels.place(row);
      for (int i = 0; i < brick_edge && i0 + i < grid_size[0]; ++i)
        if (voxels.contains(row + static_cast<std::uint64_t>(i)))
          visit(place++, voxel_position(i, j, k));
    }
}

} // namespace calcar::voxel
