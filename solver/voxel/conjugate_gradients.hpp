#pragma once

#include "base/vec3.hpp"
#include "voxel/engine.hpp"
#include "voxel/multigrid.hpp"

#include <vector>

namespace calcar::voxel
{

/// A force on a local node, N; on all sharers of the node.
struct LocalForce
{
  std::int32_t node;
  Vec3 force;
};

/**
 * Flexible conjugate gradients (Polak-Ribiere) in double precision with the V-cycle in single
 * precision: solves K x = f in the free components, starting from `x`, whose fixed components hold
 * the prescribed displacements and whose other components are zero. The relative residual is ||f -
 * K x|| over that of the start, in the free components; it is recomputed from the true residual
 * before the answer counts.
 *
 * Throws SolveError with iterations and residual when it does not converge. Collective.
 */
SolveReport solve_system(Multigrid& multigrid, const std::vector<LocalForce>& forces,
                         std::vector<double>& x, const Options& options, MPI_Comm comm);

} // namespace calcar::voxel
