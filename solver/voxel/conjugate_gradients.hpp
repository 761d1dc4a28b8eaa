#pragma once

#include "base/vec3.hpp"
#include "voxel/engine.hpp"
#include "voxel/level.hpp"
#include "voxel/preconditioner.hpp"

#include <functional>
#include <vector>

namespace calcar::voxel
{

/// A force on a local node, N; on all sharers of the node.
struct LocalForce
{
  std::int32_t node;
  Vec3 force;
};

/// Where a solve starts from, and when it may give up.
struct Course
{
  /// The norm that relative residuals refer to, N; 0: that of the residual at the start.
  double whole = 0;
  /// Asked after each iteration with their number and the relative residual: true ends the solve
  /// with what is reached. Must answer the same on all ranks.
  std::function<bool(int, double)> leave;
};

/**
 * Conjugate gradients in double precision with a preconditioner in single precision: solves K x = f
 * in the free components, starting from `x`, whose fixed components hold the prescribed
 * displacements. The relative residual is ||f - K x|| in the free components over that of the
 * start; it is recomputed from the true residual before the answer counts.
 *
 * The direction is kept in single precision and its product taken in double precision, so that x
 * and r stay consistent.
 *
 * Throws SolveError with iterations and residual when it does not converge. Collective.
 */
SolveReport solve_system(const Level& level, Preconditioner& preconditioner,
                         const std::vector<LocalForce>& forces, std::vector<double>& x,
                         const Options& options, MPI_Comm comm, const Course& course = {});

/// r = f - K x in the free components, 0 in fixed ones, N. Collective over the sharers.
void residual(const Level& level, const std::vector<LocalForce>& forces,
              const std::vector<double>& x, std::vector<double>& r);

/// The norm of the forces in the free components: the residual at x = 0, N. Collective.
double norm_of_load(const Level& level, const std::vector<LocalForce>& forces, MPI_Comm comm);

} // namespace calcar::voxel
