#pragma once

#include "base/offset_set.hpp"
#include "model/voxel_body.hpp"

#include <array>
#include <cstdint>
#include <vector>

namespace calcar::voxel
{

/// Active voxels that follow each other along i: `first` to `last` in row (j, k).
struct Run
{
  int first;
  int last;
  int j;
  int k;
  std::uint64_t voxel; ///< index of the first one in VoxelBody
};

/// All runs of a body, in the order of its voxels.
std::vector<Run> runs_of(const model::VoxelBody& body);

/// The active voxels as offsets in the grid; the place of one is its index in VoxelBody.
OffsetSet voxel_set(const model::VoxelBody& body);

/// The nodes of the active voxels as lattice numbers; the place of one is its index among all,
/// ascending.
OffsetSet node_set(const model::VoxelBody& body);

/// The node with a lattice number.
model::NodeIndex lattice_node(const std::array<int, 3>& grid_size, std::uint64_t id);

} // namespace calcar::voxel
