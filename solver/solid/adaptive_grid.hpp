#pragma once

#include "solid/refined_mesh.hpp"

#include <mpi.h>

#include <cstdint>
#include <memory>
#include <vector>

namespace calcar::solid
{

/**
 * Hexahedra that can be refined: p4est's octrees over a coarse mesh, by deal.II's
 * parallel::distributed triangulation. Cells that touch differ by one level at most (p4est refines
 * their neighbours too). The mesh itself is gathered on rank 0; it does not depend on the number of
 * ranks.
 */
class AdaptiveGrid
{
public:
  /// `coarse` (read on rank 0) are sound hexahedra of degree 1 or 2. Throws InputError (data) for
  /// tetrahedra. Collective.
  AdaptiveGrid(const mesh::Mesh& coarse, MPI_Comm comm);
  ~AdaptiveGrid();
  AdaptiveGrid(AdaptiveGrid&&) noexcept;

  /// On rank 0; empty elsewhere.
  const RefinedMesh& mesh() const;

  /// Divides each marked cell of mesh() into eight. `marked` is read on rank 0; collective.
  void refine(const std::vector<std::uint8_t>& marked);

private:
  struct State;
  std::unique_ptr<State> state_;
};

/**
 * Marks the cells with the largest squared errors such that they make up `share` of the sum:
 * Doerfler (1996), SIAM J. Numer. Anal. 33, 1106-1124, doi:10.1137/0733054. Cells whose squared
 * error is within a thousandth of the smallest one chosen are marked too, so that rounding does not
 * choose between cells that are alike.
 */
std::vector<std::uint8_t> mark_largest(const std::vector<double>& squared_errors, double share);

} // namespace calcar::solid
