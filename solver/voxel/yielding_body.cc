#include "voxel/yielding_body.hpp"

#include "base/log.hpp"
#include "base/parallel.hpp"
#include "base/text.hpp"
#include "model/load_path.hpp"
#include "voxel/checks.hpp"
#include "voxel/constraints.hpp"
#include "voxel/operator.hpp"
#include "voxel/product.hpp"
#include "voxel/runs.hpp"
#include "voxel/spread_values.hpp"

#include <algorithm>
#include <cmath>
#include <type_traits>

namespace calcar::voxel
{
namespace
{
/// The spring through which forces act, in parts of the body's own stiffness.
constexpr double machine_stiffness = 10;
/// Linear systems of Newton's method are solved to this share of their residual, and no farther:
/// what the tangent leaves out, how softening spreads through its average, gains no more than about
/// this factor in a step near and past the peak.
constexpr double linear_residual = 0.3;
constexpr int most_linear_iterations = 200;

/// The list of rank 0 on all ranks; plain values.
template <typename T>
void share(std::vector<T>& list, MPI_Comm comm)
{
  static_assert(std::is_trivially_copyable_v<T>);
  std::uint64_t count = list.size();
  MPI_Bcast(&count, 1, MPI_UINT64_T, 0, comm);
  list.resize(count);
  MPI_Bcast(list.data(), static_cast<int>(count * sizeof(T)), MPI_BYTE, 0, comm);
}
} // namespace

YieldingBody::YieldingBody(const model::VoxelBody& body, const model::VoxelPlasticity& plasticity,
                           const model::VoxelSupports& supports, MPI_Comm comm)
    : comm_(comm)
{
  on_root(comm,
          [&]
          {
            check_body(body);
            grid_ = body.grid;
            nodes_ = voxel::node_set(body);
            check_supports(body, nodes_, supports);
          });
  Level finest;
  finest.bricks = spread(body, comm, distribution_);
  finest.nodes = number_nodes(finest.bricks, comm);
  held_ = hold(finest, supports, comm);
  yields_ = spread_values(plasticity.voxels, finest.bricks.size, distribution_, comm);
  kinds_ = plasticity.kinds;
  share(kinds_, comm);
  multigrid_.emplace(std::move(finest), comm);
}

double YieldingBody::sum(double value) const
{
  MPI_Allreduce(MPI_IN_PLACE, &value, 1, MPI_DOUBLE, MPI_SUM, comm_);
  return value;
}

void YieldingBody::load(const std::vector<model::NodalForce>& forces,
                        const EquilibriumOptions& options)
{
  options_ = options;
  MPI_Bcast(&options_, sizeof options_, MPI_BYTE, 0, comm_);
  int given = !forces.empty();
  MPI_Bcast(&given, 1, MPI_INT, 0, comm_);
  by_forces_ = given != 0;
  on_root(comm_, [&] { check_forces(grid_, nodes_, forces); });
  forces_ = locate_forces(level(), forces, comm_);
  if (points_) // an earlier load has softened the level
    for (std::size_t v = 0; v < points_->voxels(); ++v)
    {
      level().bricks.lambda[points_->places[v]] = points_->lambda[v];
      level().bricks.mu[points_->places[v]] = points_->mu[v];
    }
  points_.emplace(make_points(level(), yields_, kinds_, options_.points));
  yielded_at_.assign(points_->voxels(), 0);
  softened_at_.assign(points_->voxels(), 0);
  equilibria_ = 0;
  neighbourhood_.reset();
  if (options_.averaging_mm > 0)
    neighbourhood_.emplace(level(), points_->places, options_.averaging_mm);
  multigrid_->renew();
  u_.assign(level().nodes.values(), 0);
  last_ = before_ = {u_, 0};
  set_drive(1);
  Options linear;
  linear.relative_residual = 1e-6;
  size_ = norm_of_load(level(), forces_, comm_);
  solve_system(level(), *multigrid_, forces_, u_, linear, comm_);
  compliance_ = by_forces_ ? forces_times(u_) : 1;
}

double YieldingBody::to_first_yield()
{
  double most = 0;
  for (std::size_t v = 0; v < points_->voxels(); ++v)
    if (points_->yields[v].kind >= 0)
      for (std::size_t g = 0; g < points_->per_voxel(); ++g)
        most = std::max(most, utilisation_at(*points_, level(), v, g, u_));
  MPI_Allreduce(MPI_IN_PLACE, &most, 1, MPI_DOUBLE, MPI_MAX, comm_);
  if (!(most > 0))
    return 0;
  for (double& value : u_)
    value /= most;
  last_ = {u_, (by_forces_ ? 1 + 1 / machine_stiffness : 1) / most};
  return last_.drive;
}

/// forces . u over owned nodes, N mm.
double YieldingBody::forces_times(const std::vector<double>& u)
{
  double work = 0;
  for (const LocalForce& force : forces_)
    if (force.node < level().nodes.owned)
      for (std::size_t c = 0; c < 3; ++c)
        work += force.force[c] * u[3 * static_cast<std::size_t>(force.node) + c];
  return sum(work);
}

void YieldingBody::set_drive(double to)
{
  drive_ = to;
  if (!by_forces_)
    for (const Prescribed& prescribed : held_.prescribed)
      u_[prescribed.component] = to * prescribed.displacement;
}

/// The accumulated strain by which each voxel softens.
std::vector<double> YieldingBody::softening_strain()
{
  std::vector<double> strain = accumulated(*points_);
  if (neighbourhood_ && neighbourhood_->averages())
    neighbourhood_->average(level(), strain);
  return strain;
}

/// The force on the supports along their prescribed displacements, and its size.
void YieldingBody::weigh_reactions()
{
  double along = 0, square = 0;
  for (const Prescribed& at : held_.prescribed)
    if (at.component < 3 * static_cast<std::size_t>(level().nodes.owned))
    {
      const double force = -residual_[at.component];
      along += force * at.displacement;
      square += force * force;
    }
  factor_ = sum(along);
  size_ = std::sqrt(sum(square));
}

/// Asks the law at the trial, averages what it answers and asks again; the load and the residual
/// follow.
void YieldingBody::balance()
{
  ask_law(level(), u_, nullptr, material::TangentKind::positive, *points_);
  if (neighbourhood_ && neighbourhood_->averages())
  {
    const std::vector<double> averaged = softening_strain();
    ask_law(level(), u_, &averaged, material::TangentKind::positive, *points_);
  }
  residual_.assign(u_.size(), 0);
  add_stress(*points_, level(), residual_.data());
  product(level(), u_.data(), residual_.data(), [](std::size_t, std::size_t) {});
  for (double& value : residual_)
    value = -value;
  if (!by_forces_)
    weigh_reactions();
  else
  {
    factor_ = machine_stiffness * (drive_ - forces_times(u_) / compliance_);
    for (const LocalForce& force : forces_)
      for (std::size_t c = 0; c < 3; ++c)
        residual_[3 * static_cast<std::size_t>(force.node) + c] += factor_ * force.force[c];
  }
  mask(level().constraints, residual_);
  out_of_balance_ = std::sqrt(dot(level().nodes, residual_, residual_, comm_));
}

double YieldingBody::relative_residual() const
{
  constexpr double least_factor = 1e-6;
  return out_of_balance_ / (by_forces_ ? std::max(std::abs(factor_), least_factor) * size_ : size_);
}

/// The tangent of the points and the spring of the machine.
void YieldingBody::add_to_product(const float* p, double* q)
{
  add_tangent(*points_, level(), p, q);
  if (!by_forces_)
    return;
  const auto owned = [&](auto&& visit)
  {
    for (const LocalForce& force : forces_)
      if (force.node < level().nodes.owned)
        for (std::size_t c = 0; c < 3; ++c)
          visit(3 * static_cast<std::size_t>(force.node) + c, force.force[c]);
  };
  double along = 0;
  owned([&](std::size_t n, double f) { along += f * static_cast<double>(p[n]); });
  along = machine_stiffness / compliance_ * sum(along);
  owned([&](std::size_t n, double f) { q[n] += along * f; });
}

/// Goes along `change` until the residual, or its work on the change, has fallen.
double YieldingBody::search_line(const std::vector<double>& start,
                                 const std::vector<double>& change)
{
  constexpr int most_tries = 4;
  constexpr double enough = 0.8;
  const double before = dot(level().nodes, residual_, change, comm_);
  const double norm_before = out_of_balance_;
  double step = 1;
  for (int n = 0;; ++n)
  {
    for (std::size_t i = 0; i < u_.size(); ++i)
      u_[i] = start[i] + step * change[i];
    balance();
    const double after = dot(level().nodes, residual_, change, comm_);
    const bool good = out_of_balance_ < norm_before || std::abs(after) <= enough * std::abs(before);
    if ((good && std::isfinite(out_of_balance_)) || n == most_tries)
      return step;
    const double crossing = std::isfinite(after) && before != after ? before / (before - after) : 0;
    step *= std::clamp(crossing, 0.1, 0.5);
  }
}

EquilibriumReport YieldingBody::move(double to)
{
  const double reach =
      last_.drive > before_.drive ? (to - last_.drive) / (last_.drive - before_.drive) : 0;
  for (std::size_t n = 0; n < u_.size(); ++n)
    u_[n] = last_.u[n] + reach * (last_.u[n] - before_.u[n]);
  set_drive(to);
  balance();
  const LocalProduct added = [this](const float* p, double* q) { add_to_product(p, q); };
  EquilibriumReport report;
  std::vector<double> course; // of the residual
  std::vector<double> change, start;
  for (;; ++report.newton)
  {
    report.residual = relative_residual();
    course.push_back(report.residual);
    report.found = report.residual <= options_.relative_residual;
    if (report.found || !std::isfinite(out_of_balance_) ||
        report.newton == options_.most_iterations ||
        model::is_slow(course, options_.relative_residual))
      return report;
    const CorrectionReport linear =
        solve_correction(level(), *multigrid_, added, residual_, change, linear_residual,
                         most_linear_iterations, comm_);
    report.linear += linear.iterations;
    start = u_;
    const double length = search_line(start, change);
    log_detail("  newton " + std::to_string(report.newton + 1) + ": from residual " +
               format_number(report.residual, 3) + ", " + std::to_string(linear.iterations) +
               " linear iterations to " + format_number(linear.relative_residual, 2) + ", line " +
               format_number(length, 3));
  }
}

/// A voxel that flowed, `own`, and whose yield stress has fallen by the strain `by`.
bool YieldingBody::has_softened(std::size_t voxel, double own, double by) const
{
  constexpr double fallen = 0.999; // rounding of an average is no softening
  return own > 0 && yield_left(*points_, voxel, by) < fallen;
}

void YieldingBody::accept()
{
  points_->old = points_->state;
  ++equilibria_;
  const std::vector<double> kappa = accumulated(*points_), by = softening_strain();
  for (std::size_t v = 0; v < kappa.size(); ++v)
  {
    if (kappa[v] > 0 && yielded_at_[v] == 0)
      yielded_at_[v] = equilibria_;
    if (softened_at_[v] == 0 && has_softened(v, kappa[v], by[v]))
      softened_at_[v] = equilibria_;
  }
  before_ = std::move(last_);
  last_ = {u_, drive_};
}

void YieldingBody::go_back()
{
  u_ = last_.u;
  set_drive(last_.drive);
  points_->state = points_->old;
  balance();
}

void YieldingBody::renew()
{
  multigrid_->renew();
}

double YieldingBody::work_displacement()
{
  return by_forces_ ? forces_times(u_) : drive_;
}

double YieldingBody::yielded_mm3()
{
  const Vec3& h = level().bricks.spacing;
  const std::vector<double> kappa = accumulated(*points_);
  return h.x * h.y * h.z *
         sum(static_cast<double>(
             std::count_if(kappa.begin(), kappa.end(), [](double k) { return k > 0; })));
}

double YieldingBody::softened_mm3()
{
  const Vec3& h = level().bricks.spacing;
  const std::vector<double> kappa = accumulated(*points_), by = softening_strain();
  double voxels = 0;
  for (std::size_t v = 0; v < kappa.size(); ++v)
    voxels += has_softened(v, kappa[v], by[v]) ? 1 : 0;
  return h.x * h.y * h.z * sum(voxels);
}

} // namespace calcar::voxel
