#pragma once

#include "model/voxel_body.hpp"

#include <array>
#include <cstdint>
#include <span>
#include <vector>

namespace calcar::model
{

/// Which voxels of a body are active, for questions about neighbours. Lives on rank 0; one byte per
/// voxel of the grid.
class Lattice
{
public:
  explicit Lattice(const VoxelBody& body);

  /// False outside the grid.
  bool active(int i, int j, int k) const
  {
    return grid_.contains(i, j, k) && active_[grid_.offset(i, j, k)] != 0;
  }
  /// True when a face of the voxel has no active voxel behind it.
  bool on_surface(int i, int j, int k) const;
  /// True when one of the eight voxels around the node is active.
  bool node_active(const NodeIndex& node) const;

private:
  image::Grid grid_;
  std::vector<std::uint8_t> active_;
};

/// Index (i, j, k) of a grid offset.
std::array<int, 3> voxel_index(const image::Grid& grid, std::uint64_t offset);

/// LPS position of a voxel's centre and of a node, mm.
Vec3 voxel_centre(const image::Grid& grid, std::uint64_t offset);
Vec3 node_position(const image::Grid& grid, const NodeIndex& node);

/// The nodes of the given voxels (grid offsets), each once, ascending by k, j, i.
std::vector<NodeIndex> nodes_of(const image::Grid& grid, std::span<const std::uint64_t> voxels);

/// How many of the body's voxels meet at each of its nodes.
std::vector<int> voxels_around(const VoxelBody& body, const std::vector<NodeIndex>& nodes);

} // namespace calcar::model
