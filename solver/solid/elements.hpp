#pragma once

#include "base/vec3.hpp"
#include "mesh/mesh.hpp"
#include "solid/hanging.hpp"

#include <mpi.h>

#include <cstdint>
#include <functional>
#include <memory>
#include <span>
#include <vector>

namespace calcar::solid
{

/// What an integral over a cell needs, in the mesh's order of points and of nodes.
struct CellIntegral
{
  std::span<const double> volumes; ///< of each point: weight times Jacobian, mm^3
  std::span<const Vec3> gradients; ///< [point][node], 1/mm
};

/**
 * The finite elements of a mesh, spread over the ranks: deal.II's fully distributed triangulation
 * (METIS), its numbering of the nodes, its shape functions. The mesh is read on rank 0 only; all
 * calls of the constructor are collective.
 *
 * A rank owns cells, and a contiguous range of the nodes in deal.II's order ("rows"). Nodes of its
 * cells (and masters of those that hang) that others own are its ghosts. `local` numbers are owned
 * nodes first, then ghosts.
 */
class Elements
{
public:
  Elements(const mesh::Mesh& mesh, MPI_Comm comm);
  ~Elements();
  Elements(Elements&&) noexcept;

  int nodes_per_cell() const;
  int points_per_cell() const;
  std::uint32_t nodes() const;       ///< of all ranks
  std::uint32_t first_owned() const; ///< row of the first own node
  std::uint32_t owned() const;       ///< how many rows are this rank's

  const std::vector<std::uint32_t>& ghosts() const; ///< their rows, ascending
  const std::vector<std::uint32_t>& cells() const;  ///< own cells, by their number in the mesh
  /// Local nodes of own cell n, in the order of mesh::Nodes.
  std::span<const std::uint32_t> cell_nodes(std::size_t n) const;
  /// Rows that an element matrix couples, for every cell that touches an own node: those of its
  /// nodes, of their masters for hanging ones, which stand in a list of their own.
  const RowLists& coupled_rows() const;

  /// Ties hanging nodes to their masters, which become ghosts where need be. The same on every
  /// rank; collective, before fields and matrices are made.
  void tie(const HangingRows& hanging);
  const Ties& ties() const;

  /// Calls visit(n, integral) for each own cell; the integral lives until the next call.
  void for_each_cell(const std::function<void(std::size_t, const CellIntegral&)>& visit) const;

private:
  struct State;
  std::unique_ptr<State> state_;
};

} // namespace calcar::solid
