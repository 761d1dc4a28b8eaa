#pragma once

#include "voxel/level.hpp"

#include <cstdint>
#include <vector>

namespace calcar::voxel
{

/// How nodes are gathered to aggregates.
struct AggregateRule
{
  int edge = 3; ///< nodes along an edge of a block, at most 4
  /// Two nodes hang together when the stiffness that joins them is above this part of what each has
  /// in all: contrasts above about 1 / strength cut, and so does void.
  double strength = 0.02;
  int smallest = 6; ///< nodes; smaller ones join a neighbour
};

/**
 * Cuts the owned nodes of a rank into cubes of edge^3 nodes and each cube into parts that hang
 * together: nodes n and m do when e_nm > strength max(d_n, d_m), with e_nm the sum of E over the
 * voxels that contain both and d_n that over the voxels around n. A small part joins the neighbour
 * whose e_nm summed over both is largest for the number of nodes that they are together, among
 * those with which it is not larger than a cube by more than a quarter: longer parts bend. A part
 * of less than three nodes, which cannot rotate alone, joins the smallest if all are too large.
 *
 * `is_free`: [local node] zero for wholly held nodes, which belong to no part. Returns [local node]
 * the number of its part, ascending by first node; -1 for held nodes and copies. Collective over
 * the sharers of nodes.
 */
struct NodeParts
{
  std::int32_t count = 0;
  std::vector<std::int32_t> of_node;
};
NodeParts connected_parts(const Level& level, const AggregateRule& rule,
                          const std::vector<std::uint8_t>& is_free);

} // namespace calcar::voxel
