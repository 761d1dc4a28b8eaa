#include "voxel/conjugate_gradients.hpp"

#include "base/error.hpp"
#include "base/large_pages.hpp"
#include "base/text.hpp"
#include "voxel/operator.hpp"
#include "voxel/product.hpp"
#include "voxel/rounding_limit.hpp"

#include <algorithm>
#include <chrono>
#include <cmath>

namespace calcar::voxel
{
namespace
{

[[noreturn]] void fail(const std::string& what, int iterations, double residual)
{
  throw SolveError("the voxel solver " + what + " after " + std::to_string(iterations) +
                   " iterations at a relative residual of " + format_number(residual, 3) +
                   "; check for moduli that differ by more than 1e6, or allow more iterations or a "
                   "larger residual");
}

void add_forces(const std::vector<LocalForce>& forces, std::vector<double>& f)
{
  for (const LocalForce& force : forces)
    for (std::size_t c = 0; c < 3; ++c)
      f[3 * static_cast<std::size_t>(force.node) + c] += force.force[c];
}

/// The state of one solve. The direction is single precision: the product with it is taken and
/// subtracted in double precision, so that x and r stay consistent.
struct Iteration
{
  const Level& level;
  Preconditioner& preconditioner;
  MPI_Comm comm;
  std::vector<double> r;
  std::vector<float> p;
  double rz = 0;
  const LocalProduct* added = nullptr; ///< what the operator has beyond the level's product

  double norm() const { return std::sqrt(dot(level.nodes, r, r, comm)); }

  /// M^-1 r / scale: single precision must neither overflow nor lose small residuals.
  const std::vector<float>& precondition(double scale)
  {
    std::vector<float>& b = preconditioner.right_side();
    const double factor = 1 / scale;
    for (std::size_t n = 0; n < b.size(); ++n)
      b[n] = static_cast<float>(factor * r[n]);
    return preconditioner.cycle();
  }

  /// The next direction; `restart` forgets the last one. The preconditioner is symmetric to
  /// rounding, so that orthogonality to the last residual need not be enforced.
  void turn(double scale, bool restart)
  {
    const std::vector<float>& z = precondition(scale);
    const double next = dot(level.nodes, z, r, comm);
    const auto beta = static_cast<float>(restart ? 0 : next / rz);
    rz = next;
    for (std::size_t n = 0; n < p.size(); ++n)
      p[n] = z[n] + beta * p[n];
  }

  /// One step along p, unless the curvature p K p, which it returns, is not positive.
  double advance(std::vector<double>& x)
  {
    std::vector<double>& q = preconditioner.borrowed();
    std::fill(q.begin(), q.end(), 0.0);
    if (added)
      (*added)(p.data(), q.data());
    product(level, p.data(), q.data(), [](std::size_t, std::size_t) {});
    mask(level.constraints, q);
    const double curvature = dot(level.nodes, p, q, comm);
    if (!(curvature > 0) || !std::isfinite(curvature))
      return curvature;
    const double alpha = rz / curvature;
    for (std::size_t n = 0; n < x.size(); ++n)
    {
      x[n] += alpha * static_cast<double>(p[n]);
      r[n] -= alpha * q[n];
    }
    return curvature;
  }
};

} // namespace

void residual(const Level& level, const std::vector<LocalForce>& forces,
              const std::vector<double>& x, std::vector<double>& r)
{
  apply(level, x, r);
  for (double& value : r)
    value = -value;
  add_forces(forces, r);
  mask(level.constraints, r);
}

double norm_of_load(const Level& level, const std::vector<LocalForce>& forces, MPI_Comm comm)
{
  std::vector<double> f(level.nodes.values(), 0);
  add_forces(forces, f);
  mask(level.constraints, f);
  return std::sqrt(dot(level.nodes, f, f, comm));
}

SolveReport solve_system(const Level& level, Preconditioner& preconditioner,
                         const std::vector<LocalForce>& forces, std::vector<double>& x,
                         const Options& options, MPI_Comm comm, const Course& course)
{
  const auto start = std::chrono::steady_clock::now();
  Iteration state{level, preconditioner, comm, {}, {}};
  assign_on_large_pages(state.p, x.size(), 0.0F);
  SolveReport report;
  residual(level, forces, x, state.r);
  double norm = state.norm();
  const double whole = course.whole > 0 ? course.whole : norm;
  if (!std::isfinite(norm))
    fail("met a load that is not a number", 0, norm);
  report.whole = whole;
  report.starting_residual = whole > 0 ? norm / whole : 0;
  RoundingLimit limit(norm);
  double checkpoint = norm;
  constexpr int patience = 100;
  bool restart = true;
  while (norm > course.whole * options.relative_residual)
  {
    if (report.iterations == options.max_iterations)
      fail("did not converge", report.iterations, norm / whole);
    state.turn(norm, restart);
    const double curvature = state.advance(x);
    ++report.iterations;
    restart = false;
    if (!(curvature > 0) || !(state.rz > 0) || !std::isfinite(curvature))
      fail("broke down", report.iterations, norm / whole);
    norm = state.norm();
    if (!std::isfinite(norm))
      fail("met a value that is not a number", report.iterations, norm / whole);
    if (report.iterations % patience == 0)
    {
      if (norm > 0.5 * checkpoint)
        fail("stagnated", report.iterations, norm / whole);
      checkpoint = norm;
    }
    if (norm > options.relative_residual * whole)
    {
      if (course.leave && course.leave(report.iterations, norm / whole))
        break;
      continue;
    }
    residual(level, forces, x, state.r);
    norm = state.norm();
    if (norm <= options.relative_residual * whole)
      break;
    // Rounding made the running residual too small: go on from the true one while that still helps.
    if (limit.reached(norm))
    {
      if (norm > accepted_rounding_limit * whole)
        fail("reached the limit of double precision", report.iterations, norm / whole);
      report.at_rounding_limit = true;
      break;
    }
    restart = true;
  }
  report.relative_residual = whole > 0 ? norm / whole : 0;
  report.seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
  return report;
}

CorrectionReport solve_correction(const Level& level, Preconditioner& preconditioner,
                                  const LocalProduct& added, std::vector<double> r,
                                  std::vector<double>& x, double relative_residual,
                                  int max_iterations, MPI_Comm comm)
{
  x.assign(r.size(), 0);
  Iteration state{level, preconditioner, comm, std::move(r), {}, 0, &added};
  assign_on_large_pages(state.p, x.size(), 0.0F);
  const double whole = state.norm();
  CorrectionReport report;
  double norm = whole;
  while (norm > relative_residual * whole && report.iterations < max_iterations)
  {
    state.turn(norm, report.iterations == 0);
    const double curvature = state.advance(x);
    if (!(curvature > 0) || !(state.rz > 0) || !std::isfinite(curvature))
      break;
    ++report.iterations;
    norm = state.norm();
  }
  report.relative_residual = whole > 0 ? norm / whole : 0;
  return report;
}

} // namespace calcar::voxel
