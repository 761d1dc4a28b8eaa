#pragma once

#include "model/voxel_body.hpp"
#include "voxel/level.hpp"

#include <mpi.h>

#include <cstdint>
#include <functional>
#include <vector>

namespace calcar::voxel
{

/// Where rank 0 finds the ranks' voxels in its own list: rank r holds order[first[r]] to
/// order[first[r + 1] - 1], in that order, as indices into VoxelBody. Empty on other ranks.
struct Distribution
{
  std::vector<std::uint64_t> order;
  std::vector<std::uint64_t> first;
};

/**
 * Cuts the Morton curve of bricks into one segment per rank with about equally many active voxels,
 * and sends each rank its own; `body` is read on rank 0 only. A rank may get none. Collective.
 */
Bricks spread(const model::VoxelBody& body, MPI_Comm comm, Distribution& distribution);

/// Brings every rank's values to rank 0, one rank at a time: take(rank, values) is called there.
/// Collective.
void gather_on_root(const std::vector<double>& values, MPI_Comm comm,
                    const std::function<void(int, const std::vector<double>&)>& take);

/// Nodes of the active voxels, ascending by lattice number.
std::vector<model::NodeIndex> nodes_of(const model::VoxelBody& body);

} // namespace calcar::voxel
