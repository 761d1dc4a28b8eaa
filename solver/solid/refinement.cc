#include "solid/refinement.hpp"

#include "base/error.hpp"
#include "base/text.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

namespace calcar::solid
{
namespace
{

std::string name_of(Method method)
{
  switch (method)
  {
  case Method::gamg:
    return "conjugate gradients with GAMG";
  case Method::mumps:
    return "the factorisation by MUMPS";
  case Method::automatic:
  case Method::boomeramg:
    break;
  }
  return "conjugate gradients with BoomerAMG";
}

std::string remedy_of(Method method)
{
  const std::string look = "check the mesh for slivers, the moduli for extreme contrasts and the "
                           "supports for parts that hardly hold; ";
  switch (method)
  {
  case Method::gamg:
    return look + "solve with BoomerAMG, or with MUMPS if there is memory for the factors";
  case Method::mumps:
    return look + "if memory ran out, solve with BoomerAMG";
  case Method::automatic:
  case Method::boomeramg:
    break;
  }
  return look +
         "allow more iterations or a larger residual, or solve with MUMPS if there is memory "
         "for the factors";
}

/// sum of a_n b_n over all ranks.
double product(std::span<const double> a, std::span<const double> b, MPI_Comm comm)
{
  double sum = 0;
  for (std::size_t n = 0; n < a.size(); ++n)
    sum += a[n] * b[n];
  MPI_Allreduce(MPI_IN_PLACE, &sum, 1, MPI_DOUBLE, MPI_SUM, comm);
  return sum;
}

double largest(std::span<const double> own, MPI_Comm comm)
{
  double most = 0;
  for (const double x : own)
    most = std::max(most, std::abs(x));
  MPI_Allreduce(MPI_IN_PLACE, &most, 1, MPI_DOUBLE, MPI_MAX, comm);
  return most;
}

class Refinement
{
public:
  Refinement(const Equations& equations, Field& u, Field& whole)
      : equations_(equations), options_(equations.options), comm_(equations.comm), u_(u),
        whole_(whole), r_(equations.elements, comm_), correction_(equations.elements, comm_),
        first_(equations.residual(u, r_, whole)), norm_(first_),
        f_(r_.own().begin(), r_.own().end())
  {
  }

  SolveReport run()
  {
    if (!std::isfinite(first_))
      fail("met a load that is not a number");
    while (!arrived())
    {
      const auto outcome = find_correction();
      if (!outcome.converged && change_method(outcome))
        continue;
      apply_correction();
      if (arrived())
        break;
      if (!outcome.converged || !std::isfinite(norm_))
        fail("stopped with " + outcome.reason);
      if (stalled_ && accepted_at_limit())
        break;
      if (report_.iterations >= options_.max_iterations)
        fail("did not converge");
    }
    report_.method = equations_.method;
    return report_;
  }

private:
  bool arrived() const { return norm_ <= options_.relative_residual * first_; }

  /// c from K c = r. Its work c . r is the square of the error of u, in the energy norm.
  LinearSolver::Outcome find_correction()
  {
    // A pass that need gain little must not be taken for one that cannot gain more, and what could
    // not be gained is to be known well.
    const double reduction =
        std::min(stalled_ ? 0.01 : 0.1, options_.relative_residual * first_ / norm_);
    const auto outcome = equations_.solver.solve(r_, correction_, reduction,
                                                 options_.max_iterations - report_.iterations);
    if (equations_.method != Method::mumps)
      report_.iterations += outcome.iterations;
    return outcome;
  }

  void apply_correction()
  {
    work_before_ = first_work_ > 0 ? work_ : work_before_;
    work_ = product(correction_.own(), r_.own(), comm_);
    if (!(first_work_ > 0))
      first_work_ = work_;
    for (std::size_t n = 0; n < f_.size(); ++n)
      u_.values()[n] += correction_.values()[n];
    const double before = norm_;
    norm_ = equations_.residual(u_, r_, whole_);
    report_.relative_residual = norm_ / first_;
    stalled_ = stalled_ || norm_ > 0.5 * before;
  }

  /// Where another method is left it goes on from the same u.
  bool change_method(const LinearSolver::Outcome& outcome)
  {
    if (equations_.otherwise == equations_.method)
      return false;
    report_.fallback = name_of(equations_.method) + " stopped with " + outcome.reason + " after " +
                       std::to_string(report_.iterations) + " iterations; solved by " +
                       name_of(equations_.otherwise);
    report_.iterations = 0;
    equations_.method = equations_.otherwise;
    equations_.solver.prepare(equations_.method);
    return true;
  }

  /// Rounding keeps the residual from getting smaller: accepts u, refuses it, or goes on (false)
  /// while its error, which rounding stops later, still gets smaller.
  bool accepted_at_limit()
  {
    report_.energy_error = std::sqrt(work_ / first_work_); // not a number where K is not definite
    report_.backward_error = backward_error();
    const bool is_rounding = report_.backward_error <= accepted_backward_error;
    const bool is_small = report_.relative_residual <= accepted_rounding_noise;
    if (report_.energy_error <= accepted_energy_error && is_rounding && is_small)
    {
      report_.at_rounding_limit = true;
      return true;
    }
    if (!(work_ > 0 && work_ <= 0.25 * work_before_))
      fail("reached the limit of double precision (backward error " +
               format_number(report_.backward_error, 3) + ", error in the energy norm " +
               format_number(report_.energy_error, 3) + ")",
           "stiff parts hang on parts or foundations too soft beside them: raise the smallest "
           "moduli and foundation stiffnesses, hold the stiff parts by supports of their own, or "
           "check the mesh for slivers");
    return false;
  }

  /// max_i |r_i| / (sum_j |K_ij| max_j |u_j| + |f_i|).
  double backward_error()
  {
    const double most = largest(u_.own(), comm_);
    const std::vector<double> sums = equations_.solver.row_sums();
    std::vector<double> shares;
    for (std::size_t n = 0; n < f_.size(); ++n)
      shares.push_back(r_.values()[n] == 0 ? 0
                                           : r_.values()[n] / (sums[n] * most + std::abs(f_[n])));
    return largest(shares, comm_);
  }

  [[noreturn]] void fail(const std::string& what) const
  {
    fail(what, remedy_of(equations_.method));
  }

  [[noreturn]] void fail(const std::string& what, const std::string& remedy) const
  {
    throw SolveError("the solver of the mesh's equations (" + name_of(equations_.method) + ") " +
                     what + " after " + std::to_string(report_.iterations) +
                     " iterations at a relative residual of " +
                     format_number(report_.relative_residual, 3) + "; " + remedy +
                     (report_.fallback.empty() ? "" : " (before: " + report_.fallback + ")"));
  }

  const Equations& equations_;
  const Options& options_;
  MPI_Comm comm_;
  Field& u_;
  Field& whole_;
  Field r_;
  Field correction_;
  double first_;
  double norm_;
  std::vector<double> f_;
  double work_ = 0;
  double work_before_ = std::numeric_limits<double>::infinity();
  double first_work_ = 0;
  bool stalled_ = false;
  SolveReport report_;
};

} // namespace

SolveReport refine(const Equations& equations, Field& u, Field& whole)
{
  return Refinement(equations, u, whole).run();
}

} // namespace calcar::solid
