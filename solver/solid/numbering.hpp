#pragma once

#include "solid/elements.hpp"

#include <mpi.h>

#include <cstdint>
#include <vector>

namespace calcar::solid
{

/// Which of the mesh's nodes and cells stand where on the ranks. On rank 0; empty elsewhere.
struct Numbering
{
  std::vector<std::uint32_t> node_of_row;
  std::vector<std::uint32_t> row_of_node;
  std::vector<std::uint32_t> cells; ///< of rank after rank
};

/// Collective. `nodes_of_cell` as in mesh::Nodes, on rank 0. The correspondence follows from the
/// cells, not from coordinates; a node that two rows claim is a bug and thrown as one.
Numbering number_nodes(const Elements& elements, const std::vector<std::uint32_t>& nodes_of_cell,
                       MPI_Comm comm);

/// Values of the mesh's nodes in the order of rows.
template <typename T>
std::vector<T> in_rows(const std::vector<T>& of_nodes, const Numbering& numbering)
{
  std::vector<T> rows(numbering.node_of_row.size());
  for (std::size_t r = 0; r < rows.size(); ++r)
    rows[r] = of_nodes[numbering.node_of_row[r]];
  return rows;
}

/// The inverse.
template <typename T>
std::vector<T> in_nodes(const std::vector<T>& of_rows, const Numbering& numbering)
{
  std::vector<T> nodes(numbering.node_of_row.size());
  for (std::size_t r = 0; r < nodes.size(); ++r)
    nodes[numbering.node_of_row[r]] = of_rows[r];
  return nodes;
}

/// Values of cells, `per_cell` each, in the order in which the ranks have the cells; and back.
template <typename T>
std::vector<T> in_ranks(const std::vector<T>& of_cells, std::size_t per_cell,
                        const Numbering& numbering)
{
  std::vector<T> sorted;
  sorted.reserve(of_cells.size());
  for (const std::uint32_t cell : numbering.cells)
    for (std::size_t n = 0; n < per_cell; ++n)
      sorted.push_back(of_cells[per_cell * cell + n]);
  return sorted;
}

template <typename T>
std::vector<T> in_cells(const std::vector<T>& of_ranks, std::size_t per_cell,
                        const Numbering& numbering)
{
  std::vector<T> sorted(of_ranks.size());
  std::size_t at = 0;
  for (const std::uint32_t cell : numbering.cells)
    for (std::size_t n = 0; n < per_cell; ++n)
      sorted[per_cell * cell + n] = of_ranks[at++];
  return sorted;
}

} // namespace calcar::solid
