#include "voxel/contact_solve.hpp"

#include "base/error.hpp"
#include "base/log.hpp"
#include "base/text.hpp"
#include "voxel/operator.hpp"

#include <algorithm>
#include <cmath>
#include <string>

namespace calcar::voxel
{
namespace
{
constexpr int most_newton = 60;
/// A linear system is solved to this share of the residual it starts from, while sets change.
constexpr double linear_share = 0.03;

/// The displacements of a search, the voxels that are pressed at them, and what is out of balance.
class Search
{
public:
  Search(Level& level, const ContactLayer& layer, const std::vector<LocalForce>& forces,
         std::vector<double>& u, MPI_Comm comm)
      : level_(level), layer_(layer), forces_(forces), comm_(comm), u_(u)
  {
  }

  void start(bool warm)
  {
    press(warm ? pressed_at(layer_, u_) : PressedSet(layer_.voxels.size(), 1));
    balance(u_);
    if (!warm || scale())
      return;
    std::fill(u_.begin(), u_.end(), 0.0);
    press(PressedSet(layer_.voxels.size(), 1));
    balance(u_);
  }

  const PressedSet& set() const { return set_; }
  double norm() const { return norm_; } ///< of the residual, N

  /// Goes from u towards `next`, the solution with the present set, and takes over the set there.
  /// Returns in how many voxels it is another at `next`; 0: u is `next`.
  std::uint64_t go(std::vector<double>& next)
  {
    PressedSet pressed = pressed_at(layer_, next);
    const std::uint64_t changed = count_changes(pressed, set_, comm_);
    const double slope_from = slope(next);
    press(std::move(pressed));
    balance(next);
    const double made = changed == 0 ? 1 : step(next, slope_from, slope(next));
    if (made == 1)
    {
      std::swap(u_, next);
      return changed;
    }
    log_detail("    a step of " + format_number(made, 3));
    for (std::size_t n = 0; n < u_.size(); ++n)
      u_[n] += made * (next[n] - u_[n]);
    press(pressed_at(layer_, u_));
    balance(u_);
    return changed;
  }

private:
  double sum(double value) const
  {
    MPI_Allreduce(MPI_IN_PLACE, &value, 1, MPI_DOUBLE, MPI_SUM, comm_);
    return value;
  }

  void press(PressedSet set)
  {
    set_ = std::move(set);
    level_.pressed = terms_of(layer_, set_);
  }

  void balance(const std::vector<double>& u)
  {
    residual(level_, forces_, u, r_);
    norm_ = std::sqrt(dot(level_.nodes, r_, r_, comm_));
  }

  /// Of the energy along next - u, where the residual is the present one.
  double slope(const std::vector<double>& next) const
  {
    return dot(level_.nodes, r_, u_, comm_) - dot(level_.nodes, r_, next, comm_);
  }

  /// Scales a warm start to where its energy is least: the law is homogeneous, so that s u presses
  /// the voxels of u for all s > 0. False where no s helps.
  bool scale()
  {
    double work = 0;
    for (const LocalForce& force : forces_)
      if (force.node < level_.nodes.owned)
        for (std::size_t c = 0; c < 3; ++c)
          work += force.force[c] * u_[3 * static_cast<std::size_t>(force.node) + c];
    work = sum(work);
    const double stiffness = work - dot(level_.nodes, r_, u_, comm_);
    if (!(work > 0) || !(stiffness > 0))
      return false;
    for (double& value : u_)
      value *= work / stiffness;
    balance(u_);
    return true;
  }

  /// How much of the way to `next` to make, when the energy's slope along it is `slope_from` at its
  /// beginning and `slope_to` at its end: all, unless it rises again as steeply as half of that.
  double step(const std::vector<double>& next, double slope_from, double slope_to) const
  {
    constexpr double enough = 0.5;
    if (!(slope_from < 0) || slope_to <= enough * -slope_from)
      return 1;
    std::vector<double> strain, change;
    for (const PressedVoxel& voxel : layer_.voxels)
    {
      strain.push_back(normal_strain(voxel, u_.data()));
      change.push_back(normal_strain(voxel, next.data()) - strain.back());
    }
    const auto of_contact = [&](double s)
    {
      double along = 0;
      for (std::size_t n = 0; n < strain.size(); ++n)
        along += layer_.voxels[n].stiffness * std::min(strain[n] + s * change[n], 0.0) * change[n];
      return sum(along);
    };
    // slope(s) = a + b s + that of the contact, which rises with s: a and b from both ends.
    const double a = slope_from - of_contact(0), b = slope_to - of_contact(1) - a;
    double low = 0, high = 1;
    constexpr int halvings = 20;
    for (int n = 0; n < halvings; ++n)
    {
      const double middle = 0.5 * (low + high);
      (a + b * middle + of_contact(middle) < 0 ? low : high) = middle;
    }
    return high;
  }

  Level& level_;
  const ContactLayer& layer_;
  const std::vector<LocalForce>& forces_;
  MPI_Comm comm_;
  std::vector<double>& u_;
  std::vector<double> r_;
  double norm_ = 0;
  PressedSet set_;
};

void add_linear(const SolveReport& linear, SolveReport& report)
{
  ++report.newton;
  report.iterations += linear.iterations;
  report.most_iterations = std::max(report.most_iterations, linear.iterations);
  report.seconds += linear.seconds;
  report.aggregation = report.aggregation || linear.aggregation;
  report.aggregation_left_out = report.aggregation_left_out || linear.aggregation_left_out;
  report.at_rounding_limit = linear.at_rounding_limit;
}

[[noreturn]] void fail(std::uint64_t changed, double residual)
{
  throw SolveError(
      "the contact between implant and bone did not settle in " + std::to_string(most_newton) +
      " steps of Newton's method: at a relative residual of " + format_number(residual, 3) + " " +
      std::to_string(changed) +
      " contact voxels changed sides; check that bone or screws hold every part of the implant, or "
      "bond it");
}
} // namespace

SolveReport solve_contact(Level& level, const ContactLayer& layer,
                          const std::vector<LocalForce>& forces, std::vector<double>& u, bool warm,
                          double goal, const LinearSolve& solve, MPI_Comm comm)
{
  Search search(level, layer, forces, u, comm);
  search.start(warm);
  SolveReport report;
  report.whole = warm ? norm_of_load(level, forces, comm) : search.norm();
  report.starting_residual = report.whole > 0 ? search.norm() / report.whole : 0;
  std::vector<double> next;
  std::uint64_t changed = 1;
  while (search.norm() > goal * report.whole)
  {
    const double before = search.norm() / report.whole;
    if (report.newton == most_newton)
      fail(changed, before);
    next = u;
    const SolveReport linear =
        solve(search.set(), next, changed == 0 ? goal : std::max(goal, linear_share * before),
              report.whole);
    add_linear(linear, report);
    changed = search.go(next);
    log_detail("  contact " + std::to_string(report.newton) + ": from residual " +
               format_number(before, 3) + ", " + std::to_string(linear.iterations) +
               " iterations to " + format_number(linear.relative_residual, 2) + ", " +
               std::to_string(changed) + " voxels change sides");
    if (changed == 0 && linear.at_rounding_limit)
      break;
  }
  report.pressed = count_pressed(search.set(), comm);
  report.relative_residual = report.whole > 0 ? search.norm() / report.whole : 0;
  return report;
}

} // namespace calcar::voxel
