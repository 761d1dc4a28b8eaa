#pragma once

#include "voxel/aggregate_modes.hpp"
#include "voxel/level.hpp"

#include <mpi.h>

#include <array>
#include <cstdint>
#include <vector>

namespace calcar::voxel
{

/// How nodes are gathered to aggregates.
struct AggregateRule
{
  int edge = 2; ///< nodes along an edge of a block, at most 4
  /// Two nodes hang together when the stiffness that joins them is above this part of what each has
  /// in all: contrasts above about 1 / strength cut, and so does void.
  double strength = 0.02;
  int smallest = 6; ///< nodes; smaller ones join a neighbour
};

/// Groups of nodes that move nearly as rigid bodies, on one rank.
struct Aggregates
{
  std::int32_t owned = 0;             ///< made of nodes that this rank owns
  std::vector<std::uint64_t> first;   ///< [rank + 1] global number of a rank's first aggregate
  std::vector<std::int32_t> of_node;  ///< [local node] owned ones, then foreign ones; -1: held
  std::vector<std::uint64_t> foreign; ///< global numbers of other ranks' ones, ascending
  std::vector<RigidModes> modes;      ///< of owned ones, then of foreign ones
};

/// Mean edge of a voxel, mm: the unit of length of the modes, so that rotations have the size of
/// translations.
double mean_edge(const Bricks& bricks);

/// Calls visit(node, lattice indices) for the local nodes [0, owned), or with `copies` for the
/// others, brick by brick.
template <typename Visit>
void for_nodes_of(const Level& level, bool copies, Visit&& visit)
{
  const auto& first = copies ? level.nodes.first_copy : level.nodes.first_owned;
  for (std::size_t b = 0; b < level.bricks.list.size(); ++b)
  {
    const Brick& brick = level.bricks.list[b];
    for (std::int32_t n = first[b]; n < first[b + 1]; ++n)
    {
      const auto at = node_indices(level.nodes.position[static_cast<std::size_t>(n)]);
      visit(n, std::array<int, 3>{brick_edge * brick.i + at[0], brick_edge * brick.j + at[1],
                                  brick_edge * brick.k + at[2]});
    }
  }
}

/// Which components of the nodes may move: bit c of [local node].
std::vector<std::uint8_t> free_components(const Level& level);

/**
 * Cuts the owned nodes into cubes of edge^3 nodes and each cube into parts that hang together:
 * nodes n and m do when e_nm > strength max(d_n, d_m), with e_nm the sum of E over the voxels that
 * contain both and d_n that over the voxels around n (the greater one, so that soft tissue lets go
 * of what is stiff). Small parts join the neighbour that holds them most. Wholly held nodes belong
 * to none; copies to their owner's. An aggregate never spans two ranks. Collective.
 */
Aggregates make_aggregates(const Level& level, const AggregateRule& rule, MPI_Comm comm);

} // namespace calcar::voxel
