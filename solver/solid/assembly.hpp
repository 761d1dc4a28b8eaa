#pragma once

#include "solid/constitutive.hpp"
#include "solid/elements.hpp"
#include "solid/field.hpp"
#include "solid/linear_solver.hpp"
#include "solid/restraints.hpp"

#include <span>
#include <vector>

namespace calcar::solid
{

/// The law at the integration points of this rank's cells, with what it knows of each point.
struct MaterialPoints
{
  Law law;
  std::vector<double> properties; ///< law.properties for each own cell, or for each of its points
  std::vector<double> state;      ///< law.state for each point of own cells
};

/**
 * Strain and stress at the integration points of own cells for a displacement (ghosts fetched), and
 * the new state of the law. Calls visit(cell, point, volume, strain, stress).
 */
using PointVisit =
    std::function<void(std::size_t, std::size_t, double, const SymTensor&, const SymTensor&)>;
void for_each_point(const Elements& elements, const MaterialPoints& material, const Field& u,
                    const PointVisit& visit);

/**
 * Forces of the body and of its springs on their nodes at a displacement (ghosts fetched):
 *
 *   forces = integral of B^T stress(B u) dV + springs u,
 *
 * complete on the owners, those on hanging nodes given to their masters. Supports take no part in
 * it. Where `new_state` is given, the law's new
 * state goes there. Collective.
 */
void internal_forces(const Elements& elements, const MaterialPoints& material,
                     const Restraints& restraints, const Field& u, Field& forces,
                     std::vector<double>* new_state = nullptr);

/// Adds their derivative by u to the solver's matrix, on the free components; fixed and hanging
/// ones keep their diagonal. Call LinearSolver::finish afterwards.
void assemble_tangent(const Elements& elements, const MaterialPoints& material,
                      const Restraints& restraints, const Field& u, LinearSolver& solver);

} // namespace calcar::solid
