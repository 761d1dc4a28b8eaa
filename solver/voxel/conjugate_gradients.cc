#include "voxel/conjugate_gradients.hpp"

#include "base/error.hpp"
#include "base/text.hpp"
#include "voxel/operator.hpp"

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
                   "; check for parts that hang on an edge or corner only, for moduli that "
                   "differ by more than 1e6, or allow more iterations or a larger residual");
}

/// r = f - K x in the free components.
void residual(const Level& level, const std::vector<LocalForce>& forces,
              const std::vector<double>& x, std::vector<double>& r)
{
  apply(level, x, r);
  for (double& value : r)
    value = -value;
  for (const LocalForce& force : forces)
    for (std::size_t c = 0; c < 3; ++c)
      r[3 * static_cast<std::size_t>(force.node) + c] += force.force[c];
  mask(level.constraints, r);
}

/// The state of one solve.
struct Iteration
{
  Multigrid& multigrid;
  MPI_Comm comm;
  std::vector<double> r, p, product;
  double rz = 0;
  double alpha = 0;

  const Level& level() const { return multigrid.finest(); }
  double norm() const { return std::sqrt(dot(level().nodes, r, r, comm)); }

  /// The V-cycle for r / scale: single precision must neither overflow nor lose small residuals.
  const std::vector<float>& precondition(double scale)
  {
    std::vector<float>& b = multigrid.right_side();
    const double factor = 1 / scale;
    for (std::size_t n = 0; n < b.size(); ++n)
      b[n] = static_cast<float>(factor * r[n]);
    return multigrid.cycle();
  }

  /// The next direction p and p K p. `restart` forgets the last direction.
  double direction(double scale, bool restart)
  {
    const std::vector<float>& z = precondition(scale);
    const double next = dot(level().nodes, z, r, comm);
    const double beta = restart ? 0 : -alpha * dot(level().nodes, z, product, comm) / rz;
    rz = next;
    if (restart)
      p.assign(z.begin(), z.end());
    else
      for (std::size_t n = 0; n < p.size(); ++n)
        p[n] = static_cast<double>(z[n]) + beta * p[n];
    apply(level(), p, product);
    mask(level().constraints, product);
    return dot(level().nodes, p, product, comm);
  }

  void advance(double curvature, std::vector<double>& x)
  {
    alpha = rz / curvature;
    for (std::size_t n = 0; n < x.size(); ++n)
    {
      x[n] += alpha * p[n];
      r[n] -= alpha * product[n];
    }
  }
};

} // namespace

SolveReport solve_system(Multigrid& multigrid, const std::vector<LocalForce>& forces,
                         std::vector<double>& x, const Options& options, MPI_Comm comm)
{
  const auto start = std::chrono::steady_clock::now();
  Iteration state{multigrid, comm, {}, {}, {}};
  SolveReport report;
  residual(state.level(), forces, x, state.r);
  const double whole = state.norm();
  if (!std::isfinite(whole))
    fail("met a load that is not a number", 0, whole);
  double norm = whole, last_true = whole, checkpoint = whole;
  constexpr int patience = 100;
  bool restart = true;
  while (norm > 0)
  {
    if (report.iterations == options.max_iterations)
      fail("did not converge", report.iterations, norm / whole);
    const double curvature = state.direction(norm, restart);
    ++report.iterations;
    restart = false;
    if (!(curvature > 0) || !(state.rz > 0) || !std::isfinite(curvature))
      fail("broke down", report.iterations, norm / whole);
    state.advance(curvature, x);
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
      continue;
    residual(state.level(), forces, x, state.r);
    norm = state.norm();
    if (norm <= options.relative_residual * whole)
      break;
    // Rounding made the running residual too small: go on from the true one while that still helps.
    if (norm > 0.5 * last_true)
    {
      if (norm > accepted_rounding_limit * whole)
        fail("reached the limit of double precision", report.iterations, norm / whole);
      report.at_rounding_limit = true;
      break;
    }
    last_true = norm;
    restart = true;
  }
  report.relative_residual = whole > 0 ? norm / whole : 0;
  report.seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
  return report;
}

} // namespace calcar::voxel
