#pragma once

#include "analysis/response.hpp"
#include "analysis/superposition.hpp"
#include "load/load_case.hpp"
#include "model/surface.hpp"
#include "model/voxel_contact.hpp"
#include "model/voxel_model.hpp"
#include "voxel/engine.hpp"

#include <mpi.h>

#include <cstddef>
#include <functional>
#include <vector>

namespace calcar::analysis
{

/// A rig that was solved: what its load cases' responses are made of, and what that took. On rank
/// 0; elsewhere it has no cases. The body (of a mesh, its model) must outlive it.
struct SolvedRig
{
  std::size_t cases = 0;
  /// The response to a case, made of the solutions anew each time: many cases, the instants of a
  /// cycle, take no more memory than one.
  std::function<Response(std::size_t)> response;
  SolverSummary solver;
  std::vector<model::NodeIndex> nodes; ///< of the displacements, of voxels
};

/// The responses to load cases, in their order, and what they took.
struct RigResult
{
  std::vector<Response> responses;
  SolverSummary solver;
  std::vector<model::NodeIndex> nodes; ///< of the displacements
};

/**
 * Solves the load cases of one rig on a body, which holds the rig's layers. Where inertia balances
 * the forces (model/inertia_relief.hpp) every load of the basis is balanced by itself, so that they
 * may be superposed, and displacements are told without the body's mean motion. Collective;
 * everything is read on rank 0 and the result lives there. Throws what voxel::Engine throws.
 *
 * With `contact` (null: everything is bonded) the answer is not linear in the load: each case is
 * solved by itself whatever `choice` says, and response(c) is its own solution.
 */
SolvedRig solve_cases(const model::VoxelBody& body, const model::Surface& surface,
                      const load::Rig& rig, const std::vector<load::LoadCase>& cases, MPI_Comm comm,
                      const voxel::Options& options, BasisChoice choice = BasisChoice::fewest,
                      const model::VoxelContact* contact = nullptr);

/// The same with all responses at once.
RigResult solve_rig(const model::VoxelBody& body, const model::Surface& surface,
                    const load::Rig& rig, const std::vector<load::LoadCase>& cases, MPI_Comm comm,
                    const voxel::Options& options, BasisChoice choice = BasisChoice::fewest,
                    const model::VoxelContact* contact = nullptr);

/// All responses of a rig.
RigResult all_responses(SolvedRig solved);

} // namespace calcar::analysis
