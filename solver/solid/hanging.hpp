#pragma once

#include "solid/body.hpp"

#include <mpi.h>

#include <cstdint>
#include <span>
#include <vector>

namespace calcar::solid
{

/// Lists of rows, one after the other.
struct RowLists
{
  std::vector<std::size_t> first = {0}; ///< where each begins, and where the last one ends
  std::vector<std::uint32_t> rows;

  std::size_t size() const { return first.size() - 1; }
  std::span<const std::uint32_t> operator[](std::size_t n) const
  {
    return {rows.data() + first[n], first[n + 1] - first[n]};
  }
  void add(std::span<const std::uint32_t> list)
  {
    rows.insert(rows.end(), list.begin(), list.end());
    first.push_back(rows.size());
  }
};

/// Hanging nodes by rows of the ranks' numbering, ascending.
struct HangingRows
{
  std::vector<std::uint32_t> rows;
  std::vector<std::uint32_t> first = {0}; ///< masters of the n-th: first[n] to first[n + 1]
  std::vector<std::uint32_t> masters;     ///< rows
  std::vector<double> weights;
};

/// The same on every rank. `hanging` and `row_of_node` are read on rank 0. Collective.
HangingRows spread_hanging(const std::vector<HangingNode>& hanging,
                           const std::vector<std::uint32_t>& row_of_node, MPI_Comm comm);

/// Those of the hanging nodes that are among these rows.
HangingRows those_among(const HangingRows& hanging, std::vector<std::uint32_t> rows);

/// The rows that a rank owns.
struct OwnRows
{
  std::uint32_t first = 0;
  std::uint32_t count = 0;
};

/**
 * What element matrices couple, for all cells of all ranks that touch an own row: a list of rows
 * for each, with masters in the place of hanging nodes; hanging own rows each in a list of their
 * own. `cell_rows` are those of the nodes of the own cells, `per_cell` each. Collective.
 */
RowLists couples_of(std::span<const std::uint32_t> cell_rows, std::size_t per_cell,
                    const HangingRows& hanging, OwnRows own, MPI_Comm comm);

/// The hanging nodes among a rank's nodes, by local numbers.
struct Ties
{
  static constexpr std::uint32_t free = 0xffffffff;

  std::vector<std::uint32_t> of_node; ///< which tie a local node has; `free`; empty: none hangs
  std::vector<std::uint32_t> nodes;   ///< that hang
  std::vector<std::uint32_t> first;   ///< masters of the n-th: first[n] to first[n + 1]
  std::vector<std::uint32_t> masters;
  std::vector<double> weights;

  bool hangs(std::uint32_t node) const { return !of_node.empty() && of_node[node] != free; }
};

/// Gives hanging nodes the displacement that follows from their masters'. Three values per node.
void follow_masters(const Ties& ties, std::vector<double>& values);

/// Adds the forces on hanging nodes to their masters and clears them: the transposed.
void give_to_masters(const Ties& ties, std::vector<double>& forces);

/// A dense matrix over three components of each of some local nodes, row after row.
struct NodeMatrix
{
  std::vector<std::uint32_t> nodes;
  std::vector<double> matrix;
};

/// T^T matrix T over the nodes and masters that do not hang, where T is how `nodes` follow them.
NodeMatrix tied(const Ties& ties, std::span<const std::uint32_t> nodes,
                const std::vector<double>& matrix);

/// Throws std::logic_error for hanging nodes that are there twice, that hang on hanging nodes, or
/// whose place is not that of their masters by the weights.
void check_hanging(const std::vector<HangingNode>& hanging, const std::vector<Vec3>& nodes);

/// Supports without the fixed components of hanging nodes: these follow their masters, which are
/// fixed too inside a support.
Supports on_free_nodes(Supports supports, const std::vector<HangingNode>& hanging);

} // namespace calcar::solid
