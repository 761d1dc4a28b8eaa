#pragma once

#include "analysis/fracture_path.hpp"
#include "mesh/mesh_model.hpp"
#include "solid/load_path.hpp"

#include <mpi.h>

#include <vector>

namespace calcar::analysis
{

/**
 * Follows a load case of a rig on a mesh as fracture_path() does on voxels; fields are those of
 * cells and of the nodes of mesh::nodes_of, in the mesh's axes. `hanging` where cells were refined
 * unequally. Collective; everything is read on rank 0. Throws what solid::follow throws.
 */
FracturePath fracture_path(const mesh::MeshModel& model, const solid::CellPlasticity& plasticity,
                           const solid::BoundaryNodes& boundary, const load::Rig& rig,
                           const load::LoadCase& load_case, const solid::PathOptions& options,
                           MPI_Comm comm, const std::vector<solid::HangingNode>& hanging = {});

} // namespace calcar::analysis
