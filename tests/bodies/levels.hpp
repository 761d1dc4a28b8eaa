#pragma once

#include "voxel/constraints.hpp"
#include "voxel/level.hpp"
#include "voxel/runs.hpp"
#include "voxel/spread.hpp"

#include <algorithm>
#include <functional>

/// The finest level of a body without an engine around it.
namespace test_bodies
{

/// Bricks and nodes on the ranks of a communicator; the body is read on rank 0.
inline calcar::voxel::Level level_of(const calcar::model::VoxelBody& body, MPI_Comm comm)
{
  calcar::voxel::Distribution distribution;
  calcar::voxel::Level level;
  level.bricks = calcar::voxel::spread(body, comm, distribution);
  level.nodes = calcar::voxel::number_nodes(level.bricks, comm);
  return level;
}

/// What stands at a node.
enum class At
{
  nothing,
  support, ///< all three components fixed
  spring   ///< an oblique one
};

/// The same with what stands at each node.
inline calcar::voxel::Level level_of(const calcar::model::VoxelBody& body, MPI_Comm comm,
                                     const std::function<At(calcar::model::NodeIndex)>& at)
{
  calcar::voxel::Level level = level_of(body, comm);
  for (std::int32_t node = 0; node < level.nodes.count; ++node)
  {
    const At what =
        at(calcar::voxel::lattice_node(level.bricks.size, calcar::voxel::lattice_id(level, node)));
    if (what == At::support)
      for (std::size_t axis = 0; axis < 3; ++axis)
        level.constraints.fixed.push_back(3 * static_cast<std::size_t>(node) + axis);
    if (what == At::spring && node < level.nodes.owned)
      level.constraints.springs.push_back({node, {900, 800, 700, 100, -50, 20}});
  }
  merge(level.constraints.springs);
  return level;
}

} // namespace test_bodies
