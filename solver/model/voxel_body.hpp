#pragma once

#include "base/symmetric_tensor.hpp"
#include "image/volume.hpp"

#include <array>
#include <cstdint>
#include <string>
#include <vector>

namespace calcar::model
{

/**
 * The elastic body that the voxel engine solves: the active voxels of a regular grid, void ones
 * left out. Lives on rank 0; the engine spreads it over the ranks. All arrays have one entry per
 * active voxel, in ascending grid offset.
 */
struct VoxelBody
{
  image::Grid grid;                  ///< spacing may differ per axis
  std::vector<std::uint64_t> voxels; ///< grid offsets of the active voxels, ascending
  std::vector<float> youngs;         ///< MPa
  std::vector<float> poisson;        ///< 1
};

/// A node of the grid's lattice: node (i, j, k) is the corner of voxel (i, j, k) towards smaller
/// indices.
struct NodeIndex
{
  int i = 0;
  int j = 0;
  int k = 0;
  auto operator<=>(const NodeIndex&) const = default;
};

/// Prescribed displacement of one component of a node, along a grid axis (0 = i, 1 = j, 2 = k), mm.
struct FixedComponent
{
  NodeIndex node;
  int axis = 0;
  double displacement = 0;
  int support = 0; ///< index into the rig's supports, for the reactions
};

/// An elastic foundation at a node: force = -stiffness * displacement, N/mm, in grid axes (may have
/// any direction).
struct NodeSpring
{
  NodeIndex node;
  SymTensor stiffness;
  int support = 0;
};

/// A force on a node in N, in grid axes.
struct NodalForce
{
  NodeIndex node;
  Vec3 force;
};

/// What holds the body. The nodes must be corners of active voxels.
struct VoxelSupports
{
  std::vector<std::string> names;
  std::vector<FixedComponent> fixed;
  std::vector<NodeSpring> springs;
};

} // namespace calcar::model
