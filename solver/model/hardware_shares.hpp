#pragma once

#include "geometry/solid.hpp"
#include "image/volume.hpp"

#include <array>
#include <cstdint>
#include <vector>

namespace calcar::model
{

/// Voxels of a grid from `low` to `high`, both included; may lie outside of the grid.
struct IndexBox
{
  std::array<int, 3> low = {0, 0, 0};
  std::array<int, 3> high = {-1, -1, -1};
};

/// The voxels that balls of radius `reach_mm` about some points can touch.
IndexBox box_around(const image::Grid& grid, const std::vector<Vec3>& points, double reach_mm);

bool holds(const image::Grid& grid, const IndexBox& box);
/// The part of a box within the grid.
IndexBox within(const image::Grid& grid, IndexBox box);

/// How finely a solid is looked at.
struct Sampling
{
  int halvings = 1; ///< of a voxel: parts of 1/2^halvings of its edges
  /// No place within distance / trust of another is on the other side of the surface: 1 where the
  /// distance of the solid is never more than the true one.
  double trust = 1;
};

/// How much of a voxel a solid takes, more than 0 up to 1.
struct VoxelShare
{
  std::uint64_t voxel = 0;
  float share = 0;
};

/**
 * The shares of a solid in the voxels of a box (within the grid), ascending. Cubes of 16 voxels are
 * halved where the surface may pass through them; in the smallest parts, of width w, the share is
 * 1/2
 * - distance / w. Where the surface is smooth that is right in the mean over all its directions.
 */
std::vector<VoxelShare> shares_of(const geometry::Solid& solid, const image::Grid& grid,
                                  const IndexBox& box, const Sampling& how);

} // namespace calcar::model
