#pragma once

#include "base/symmetric_tensor.hpp"
#include "voxel/brick.hpp"
#include "voxel/exchange.hpp"
#include "voxel/kernel.hpp"
#include "voxel/pressed_voxel.hpp"

#include <mpi.h>

#include <array>
#include <cstdint>
#include <vector>

namespace calcar::voxel
{

/// The active voxels of a level that one rank holds, as dense bricks along the Morton curve. Zero
/// moduli are void.
struct Bricks
{
  std::array<int, 3> size = {0, 0, 0}; ///< voxels of the whole grid
  Vec3 spacing;                        ///< mm
  std::vector<Brick> list;             ///< ascending along the Morton curve
  std::vector<float> lambda;           ///< [brick][512] MPa
  std::vector<float> mu;               ///< [brick][512] MPa
  std::vector<std::uint64_t> rows;     ///< [brick] bit j + 8 k: row (j, k) has an active voxel
  /// [brick] true where other ranks may hold parts of the brick; empty: nowhere, as on the finest
  /// level.
  std::vector<bool> parted;
};

/// Fills `rows` from the moduli.
void mark_rows(Bricks& bricks);

/// Number of a brick in the list, or -1.
std::int32_t find_brick(const Bricks& bricks, const Brick& brick);

/**
 * The nodes of a rank's active voxels. Those it owns come first, then those owned by a lower rank;
 * both brick by brick: a node's home is the last brick that touches it, so that after this brick's
 * turn in a product the value at the node is complete. Vectors have three
 * components per node and one spare node at the end, to which unused entries of `table` point and
 * whose values stay zero.
 */
struct Nodes
{
  std::int32_t owned = 0;
  std::int32_t count = 0;              ///< owned ones and copies
  std::vector<std::int32_t> table;     ///< [brick][729]
  std::vector<std::uint16_t> position; ///< [node] inside its home brick
  std::vector<std::int32_t>
      first_owned; ///< [brick + 1] owned nodes at home in brick b: first_owned[b] ...
  std::vector<std::int32_t>
      first_copy; ///< [brick + 1] copies at home in brick b: first_copy[b] ...
  Exchange exchange;
  /// [brick] the order of work in a product: first the bricks with shared nodes, so that their
  /// values can travel while the others are worked on.
  std::vector<std::int32_t> turn;
  std::size_t shared_turns = 0; ///< how many bricks have shared nodes

  std::size_t values() const { return 3 * (static_cast<std::size_t>(count) + 1); }
};

/// Numbers the nodes and finds the sharing ranks. Collective.
Nodes number_nodes(const Bricks& bricks, MPI_Comm comm);

/// The brick in which a local node is at home.
std::int32_t home_brick(const Nodes& nodes, std::int32_t node);

/// Global number of a lattice node, i fastest.
std::uint64_t lattice_id(const std::array<int, 3>& grid_size, int i, int j, int k);

/// Global number of a node given by brick and position.
std::uint64_t lattice_id(const Bricks& bricks, const Brick& brick, int position);

/// Local number of lattice node (i, j, k), or -1 when this rank has no active voxel there.
std::int32_t find_node(const Bricks& bricks, const Nodes& nodes, int i, int j, int k);

/// A stiffness at a local node, N/mm. This rank's share: the sum over ranks counts.
struct Spring
{
  std::int32_t node = 0;
  SymTensor stiffness;
};

/// What holds a level: components that do not move, and springs.
struct Constraints
{
  std::vector<std::size_t> fixed; ///< 3 node + axis, ascending, on all sharers
  std::vector<Spring> springs;    ///< ascending by node, one per node
};

/// One grid of the multigrid hierarchy on one rank.
struct Level
{
  Bricks bricks;
  Nodes nodes;
  Constraints constraints;
  std::vector<PressedVoxel> pressed;   ///< of the contact voxels; on the finest level only
  std::vector<float> diagonal;         ///< of K, N/mm; only while the hierarchy is built
  std::vector<float> inverse_diagonal; ///< zero at fixed components
  double largest_eigenvalue = 0;       ///< of D^-1 K, estimated
  std::vector<std::int32_t> parent;    ///< [brick] its brick on the next level
};

/// Global number of a local node.
std::uint64_t lattice_id(const Level& level, std::int32_t node);

/// Octant of a brick inside its parent, as offset in voxels of the parent: 0 or 4 per axis.
constexpr std::array<int, 3> octant(const Brick& brick)
{
  return {4 * (brick.i & 1), 4 * (brick.j & 1), 4 * (brick.k & 1)};
}

inline BrickView view(const Level& level)
{
  return {level.bricks.list.size(), level.nodes.table.data(), level.bricks.lambda.data(),
          level.bricks.mu.data(),   level.bricks.rows.data(), level.bricks.spacing,
          level.nodes.turn.data()};
}

} // namespace calcar::voxel
