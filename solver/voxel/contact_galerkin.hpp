#pragma once

#include "voxel/aggregates.hpp"
#include "voxel/aggregation_sums.hpp"
#include "voxel/level.hpp"

#include <cstdint>
#include <vector>

namespace calcar::voxel
{

/**
 * Adds the pressed contact voxels to the stiffness between rigid motions of aggregates, exactly: a
 * voxel's term V p c c^T, c = (w_1 n, ..., w_8 n), becomes V p m_a m_b^T for each pair of
 * aggregates that it touches, m_a = sum over its corners in a of w_c R_c^T n with R_c the
 * displacement of the corner in rigid motions about the aggregate's centre. `free`: bits of the
 * free components of each local node. The blocks must have been noted: every voxel that joins two
 * aggregates is.
 */
void add_pressed(const Level& level, const Aggregates& aggregates,
                 const std::vector<std::uint8_t>& free, BlockSums& sums);

} // namespace calcar::voxel
