#pragma once

#include "voxel/level.hpp"

namespace calcar::voxel
{

/**
 * What holds the next level, so that it is never singular when the fine one is not.
 *
 * A coarse component is fixed when the fine node at the same place exists and is fixed there; or
 * when no fine node exists at that place and a fine node that it interpolates is fixed. Any other
 * fixed fine component with parents left free (supports on odd planes, single nodes) stays as a
 * spring: moving the parents against it costs the fine diagonal entry, D (sum w_i e_i)^2 <= sum D
 * w_i e_i^2, so D w_i is added to the diagonal of each parent. Springs of the fine level are lumped
 * with the weights in the same way.
 *
 * Needs fine.diagonal, fine.parent, and the coarse level's bricks and nodes. Collective.
 */
Constraints coarse_constraints(const Level& fine, const Level& coarse);

/// Sorts springs by node and adds up those at one node.
void merge(std::vector<Spring>& springs);

} // namespace calcar::voxel
