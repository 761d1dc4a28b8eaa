#pragma once

#include "analysis/response.hpp"
#include "analysis/superposition.hpp"
#include "load/load_case.hpp"
#include "model/surface.hpp"
#include "model/voxel_model.hpp"
#include "voxel/engine.hpp"

#include <mpi.h>

#include <vector>

namespace calcar::analysis
{

/// The responses to load cases, in their order, and what they took.
struct RigResult
{
  std::vector<Response> responses;
  SolverSummary solver;
  std::vector<model::NodeIndex> nodes; ///< of the displacements
};

/**
 * Solves the load cases of one rig on a body. Collective; everything is read on rank 0 and the
 * result lives there. Throws what voxel::Engine throws.
 */
RigResult solve_rig(const model::VoxelBody& body, const model::Surface& surface,
                    const load::Rig& rig, const std::vector<load::LoadCase>& cases, MPI_Comm comm,
                    const voxel::Options& options, BasisChoice choice = BasisChoice::fewest);

} // namespace calcar::analysis
