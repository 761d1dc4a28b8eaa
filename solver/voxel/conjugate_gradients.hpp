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

/// Adds this rank's part of a product to f; what sharers of a node add is summed afterwards.
/// Collective.
using LocalProduct = std::function<void(const float* u, double* f)>;

/// How far solve_correction came.
struct CorrectionReport
{
  int iterations = 0;
  double relative_residual = 0; ///< of the iteration
};

/**
 * Solves (K + added) x = r in the free components from x = 0 until the residual has fallen to
 * `relative_residual` of its size, `max_iterations` are made, or the operator proves not to be
 * positive: a step of Newton's method, whose own residual judges it. `r` is consistent and zero at
 * fixed components. Collective.
 */
CorrectionReport solve_correction(const Level& level, Preconditioner& preconditioner,
                                  const LocalProduct& added, std::vector<double> r,
                                  std::vector<double>& x, double relative_residual,
                                  int max_iterations, MPI_Comm comm);

/// r = f - K x in the free components, 0 in fixed ones, N. Collective over the sharers.
void residual(const Level& level, const std::vector<LocalForce>& forces,
              const std::vector<double>& x, std::vector<double>& r);

/// The norm of the forces in the free components: the residual at x = 0, N. Collective.
double norm_of_load(const Level& level, const std::vector<LocalForce>& forces, MPI_Comm comm);

} // namespace calcar::voxel
