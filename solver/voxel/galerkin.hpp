#pragma once

#include "voxel/aggregates.hpp"
#include "voxel/aggregation_matrix.hpp"
#include "voxel/level.hpp"

#include <mpi.h>

namespace calcar::voxel
{

/**
 * The stiffness between rigid motions of aggregates, A = Q^T K Q, with Q as in RigidModes and K
 * with springs. Voxel by voxel: the corners of a voxel fall into groups by aggregate, and what two
 * groups of corners do to each other in rigid motions about the voxel's centre is one of a few
 * matrices, linear in lambda and mu, that are made once. A voxel inside one aggregate adds nothing.
 * Collective.
 */
BlockMatrix rigid_stiffness(const Level& level, const Aggregates& aggregates, MPI_Comm comm);

} // namespace calcar::voxel
