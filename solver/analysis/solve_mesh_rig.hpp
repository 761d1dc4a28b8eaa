#pragma once

#include "analysis/solve_rig.hpp"
#include "mesh/mesh_model.hpp"
#include "solid/engine.hpp"

#include <mpi.h>

#include <vector>

namespace calcar::analysis
{

/// The elastic body of a model; `hanging` where its cells were refined unequally.
solid::SolidBody body_of(const mesh::MeshModel& model,
                         const std::vector<solid::HangingNode>& hanging = {});

/**
 * Solves the load cases of one rig on a mesh, as solve_cases does on voxels. E is the cells' mean,
 * or that at the integration points where the model has it. Strains of the responses are the cells'
 * means; SolvedRig::nodes stays empty (displacements are at the nodes of mesh::nodes_of).
 * Collective; everything is read on rank 0 and the result lives there. Throws what solid::Engine
 * throws.
 */
SolvedRig solve_cases(const mesh::MeshModel& model, const solid::BoundaryNodes& boundary,
                      const load::Rig& rig, const std::vector<load::LoadCase>& cases, MPI_Comm comm,
                      const solid::Options& options, BasisChoice choice = BasisChoice::fewest,
                      const std::vector<solid::HangingNode>& hanging = {});

/// The same with all responses at once.
RigResult solve_rig(const mesh::MeshModel& model, const solid::BoundaryNodes& boundary,
                    const load::Rig& rig, const std::vector<load::LoadCase>& cases, MPI_Comm comm,
                    const solid::Options& options, BasisChoice choice = BasisChoice::fewest,
                    const std::vector<solid::HangingNode>& hanging = {});

} // namespace calcar::analysis
