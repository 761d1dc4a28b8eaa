#pragma once

#include "model/voxel_body.hpp"
#include "voxel/engine.hpp"
#include "voxel/level.hpp"
#include "voxel/spread.hpp"

#include <vector>

namespace calcar::voxel
{

/// Strains at the centres of the active voxels (mean gradient) of all ranks on rank 0, in the order
/// of VoxelBody; empty elsewhere. They travel in parts of a few megabytes. Collective.
std::vector<SymTensor> gather_strains(const Level& level, const std::vector<double>& u,
                                      const Distribution& distribution, MPI_Comm comm);

/// Values of the active voxels of all ranks, `local` brick by brick, on rank 0 in the order of
/// VoxelBody; empty elsewhere. Collective.
std::vector<double> gather_values(const Level& level, const std::vector<double>& local,
                                  const Distribution& distribution, MPI_Comm comm);

/// Displacements of all ranks on rank 0, in the order of `nodes` (rank 0's node_set()); empty
/// elsewhere. Collective.
std::vector<Vec3> gather_displacements(const Level& level, const std::vector<double>& u,
                                       const OffsetSet& nodes, MPI_Comm comm);

/// The other way: values of the nodes, read on rank 0 in the order of `nodes`, at this rank's local
/// nodes, three a node and zero at the spare one. Collective.
std::vector<double> scatter_displacements(const Level& level, const std::vector<Vec3>& values,
                                          const OffsetSet& nodes, MPI_Comm comm);

} // namespace calcar::voxel
