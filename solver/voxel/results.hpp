#pragma once

#include "model/voxel_body.hpp"
#include "voxel/engine.hpp"
#include "voxel/level.hpp"
#include "voxel/spread.hpp"

#include <vector>

namespace calcar::voxel
{

/// Strain at the centre of each active voxel (mean gradient), six numbers xx yy zz yz zx xy a
/// voxel, in the rank's order.
std::vector<double> voxel_strains(const Level& level, const std::vector<double>& u);

/// Strains of all ranks on rank 0, in the order of VoxelBody; empty elsewhere. Collective.
std::vector<SymTensor> gather_strains(const Level& level, const std::vector<double>& u,
                                      const Distribution& distribution, MPI_Comm comm);

/// For each rank's owned nodes, in its order, their place in `nodes` (ascending by lattice number).
/// Only on rank 0.
using NodeOrder = std::vector<std::vector<std::int64_t>>;
NodeOrder node_order(const Level& level, const std::vector<model::NodeIndex>& nodes, MPI_Comm comm);

/// Displacements of all ranks on rank 0 in the order of `order`; empty elsewhere. Collective.
std::vector<Vec3> gather_displacements(const Level& level, const std::vector<double>& u,
                                       const NodeOrder& order, MPI_Comm comm);

} // namespace calcar::voxel
