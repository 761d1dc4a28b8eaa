#pragma once

#include "mesh/nodes.hpp"
#include "solid/body.hpp"
#include "solid/elements.hpp"
#include "solid/engine.hpp"
#include "solid/field.hpp"
#include "solid/numbering.hpp"
#include "solid/restraints.hpp"
#include "solid/spread.hpp"

#include <mpi.h>

#include <cstdint>
#include <vector>

namespace calcar::solid
{

/// What of the mesh is needed after the set-up, on rank 0.
struct KnownMesh
{
  mesh::Mesh names; ///< points, their tags and the file, for messages
  mesh::Nodes nodes;
  std::vector<HangingNode> hanging;
  Supports supports;
};

/// A body with its supports, checked and spread over the ranks: what every solve on it begins with.
/// Construct and call collectively; body, supports and forces are read on rank 0.
struct SpreadBody
{
  /// Throws what Engine throws for bodies and supports.
  SpreadBody(const SolidBody& body, const Supports& supports, MPI_Comm comm);

  MPI_Comm comm;
  KnownMesh known;
  Elements elements;
  Numbering numbering;
  Restraints restraints;
  std::vector<double> moduli; ///< E (MPa) and nu of each own cell, or of each of its points

  std::uint64_t unknowns() const { return 3 * std::uint64_t{elements.nodes()}; }
  /// Places of the own nodes, mm.
  std::vector<Vec3> own_points() const;
  /// Forces on the own nodes, three numbers each; those on hanging nodes given to their masters.
  /// The forces have passed check_forces().
  std::vector<double> own_forces(const std::vector<NodalForce>& forces) const;
  /// Displacements of the nodes of mesh::nodes_of, on rank 0.
  std::vector<Vec3> displacements(const Field& u) const;
  /// The inverse: into the own values of `u`.
  void set_displacements(const std::vector<Vec3>& of_nodes, Field& u) const;

  /// Values of own cells, `per_cell` each, in the order of the mesh on rank 0; and back.
  template <typename T>
  std::vector<T> gathered(const std::vector<T>& own, std::size_t per_cell) const
  {
    const std::vector<T> all = gather(own, comm);
    return is_root(comm) ? in_cells(all, per_cell, numbering) : std::vector<T>{};
  }
  template <typename T>
  std::vector<T> scattered(const std::vector<T>& all, std::size_t per_cell) const
  {
    return scatter(is_root(comm) ? in_ranks(all, per_cell, numbering) : std::vector<T>{},
                   per_cell * elements.cells().size(), comm);
  }
};

/// What `automatic` means for a body of this size.
Method chosen(Method asked, std::uint64_t unknowns);
/// What to try where a method does not converge; the same for nothing.
Method instead_of(Method method, Method asked, std::uint64_t unknowns);

} // namespace calcar::solid
