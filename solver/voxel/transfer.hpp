#pragma once

#include "voxel/level.hpp"

#include <array>
#include <vector>

namespace calcar::voxel
{

/**
 * The voxels of the next level, twice as large per axis; an odd last layer is padded with void. A
 * coarse voxel is active when one of its children on this rank is, and its lambda and mu are the
 * sums of the children's over 8. The element matrix is linear in both, so the parts that several
 * ranks hold of one coarse voxel add up to the whole. `parent[b]` becomes the coarse brick of fine
 * brick b.
 */
Bricks coarsen(const Bricks& fine, std::vector<std::int32_t>& parent);

/// A coarse node that a fine node interpolates, with its trilinear weight.
struct Parent
{
  std::int32_t node;
  float weight;
};

/// The one to eight parents of local node `node` of `fine`, all of them local on `coarse`.
struct Parents
{
  std::array<Parent, 8> list;
  int count = 0;
};
Parents parents_of(const Level& fine, const Level& coarse, std::int32_t node);

/// coarse_values = P^T fine_values over all ranks, zero at fixed components of the coarse level.
void restrict_to(const Level& fine, const Level& coarse, const float* fine_values,
                 std::vector<float>& coarse_values);

/// fine_values += P coarse_values; fixed components of the fine level stay as they are (0).
void add_prolonged(const Level& fine, const Level& coarse, const std::vector<float>& coarse_values,
                   std::vector<float>& fine_values);

} // namespace calcar::voxel
