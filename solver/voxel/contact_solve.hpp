#pragma once

#include "voxel/conjugate_gradients.hpp"
#include "voxel/contact_layer.hpp"
#include "voxel/level.hpp"

#include <mpi.h>

#include <functional>
#include <vector>

namespace calcar::voxel
{

/// Solves K u = f with the level's present `pressed`, those of the set, from u on, to ||f - K u||
/// <= residual * whole. Collective.
using LinearSolve = std::function<SolveReport(const PressedSet& set, std::vector<double>& u,
                                              double residual, double whole)>;

/**
 * Finds the displacements of a body with contact,
 *
 *   f = K u + sum over contact voxels of V p min(e(u), 0) w n,
 *
 * by a semi-smooth Newton method: with the set of pressed voxels of the last displacements the
 * system is linear, and because the law has no offset its solution is the next iterate itself. The
 * first systems are solved only as far as the set is worth it. The energy is convex with a
 * continuous slope; where it rises again along a step, the step ends where it is least, which costs
 * sums over the contact voxels and no product. Done when the true residual, which switches with
 * the voxels, is `goal` of the load: voxels that neither press nor open may then change sides
 * without end.
 *
 * `u` holds the prescribed displacements, and is a start that is worth its set when `warm`; else
 * all voxels are pressed at first. Leaves the final set in the level. Throws SolveError when the
 * sets do not settle. Collective.
 */
SolveReport solve_contact(Level& level, const ContactLayer& layer,
                          const std::vector<LocalForce>& forces, std::vector<double>& u, bool warm,
                          double goal, const LinearSolve& solve, MPI_Comm comm);

} // namespace calcar::voxel
