#pragma once

#include "voxel/aggregate_modes.hpp"
#include "voxel/aggregate_parts.hpp"
#include "voxel/level.hpp"

#include <mpi.h>

#include <array>
#include <cstdint>
#include <vector>

namespace calcar::voxel
{

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
 * Aggregates are the connected parts of the owned nodes (see connected_parts); copies belong to
 * their owner's. An aggregate never spans two ranks. Collective.
 */
Aggregates make_aggregates(const Level& level, const AggregateRule& rule, MPI_Comm comm);

} // namespace calcar::voxel
