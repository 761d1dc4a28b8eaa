#include "voxel/load_path.hpp"

#include "base/error.hpp"
#include "base/log.hpp"
#include "base/parallel.hpp"
#include "base/text.hpp"
#include "voxel/boundary.hpp"
#include "voxel/checks.hpp"
#include "voxel/constraints.hpp"
#include "voxel/multigrid.hpp"
#include "voxel/neighbourhood.hpp"
#include "voxel/operator.hpp"
#include "voxel/product.hpp"
#include "voxel/results.hpp"
#include "voxel/runs.hpp"
#include "voxel/spread.hpp"

#include <algorithm>
#include <chrono>
#include <cmath>
#include <optional>

namespace calcar::voxel
{
namespace
{
/// The spring through which forces act, in parts of the body's own stiffness.
constexpr double machine_stiffness = 10;
/// Linear systems of Newton's method are solved to this share of their residual, and no farther.
constexpr double linear_residual = 0.02;
constexpr int most_linear_iterations = 200;
} // namespace

std::string to_string(PathEnd end)
{
  switch (end)
  {
  case PathEnd::past_peak:
    return "the load has fallen past its peak";
  case PathEnd::displacement:
    return "the largest displacement was reached";
  case PathEnd::no_balance:
    return "no equilibrium was found beyond";
  case PathEnd::steps:
    return "as many steps as allowed were made";
  }
  return "";
}

struct LoadPath::State
{
  MPI_Comm comm = MPI_COMM_NULL;
  image::Grid grid; ///< rank 0
  OffsetSet nodes;  ///< rank 0
  Distribution distribution;
  Held held;
  std::vector<model::VoxelYield> yields; ///< of this rank's voxels
  std::vector<model::YieldKind> kinds;
  std::optional<Multigrid> multigrid;

  // Of the path that is followed:
  PathOptions options;
  std::vector<LocalForce> forces;
  bool by_forces = true;
  double size = 1;
  double compliance = 1; ///< forces . u in N mm of the elastic body at factor 1
  std::optional<PlasticPoints> points;
  std::optional<Neighbourhood> neighbourhood;
  std::vector<double> u;        ///< at the trial
  std::vector<double> residual; ///< at the trial
  double out_of_balance = 0;    ///< norm of the residual
  double scale = 1;             ///< norm that it is compared with
  double factor = 0;            ///< of the load at the trial
  double drive = 0;             ///< where the machine or the supports are

  ~State()
  {
    multigrid.reset();
    int finalized = 0;
    MPI_Finalized(&finalized);
    if (!finalized && comm != MPI_COMM_NULL)
      MPI_Comm_free(&comm);
  }

  Level& level() { return multigrid->finest(); }

  void build(const model::VoxelBody& body, const model::VoxelPlasticity& plasticity,
             const model::VoxelSupports& supports);
  void begin(const PathLoad& load, const PathOptions& asked);
  double work_of(const std::vector<double>& at);
  void balance();
  void weigh_reactions();
  bool find_equilibrium(PathStep& step);
  double search_line(const std::vector<double>& start, const std::vector<double>& change);
  void set_drive(double to);
  double elastic_limit();
  double work_size() const { return by_forces ? size : 1; }
  void measure(PathStep& step);
  PathFields fields();
  double sum(double value) const
  {
    MPI_Allreduce(MPI_IN_PLACE, &value, 1, MPI_DOUBLE, MPI_SUM, comm);
    return value;
  }
};

void LoadPath::State::build(const model::VoxelBody& body, const model::VoxelPlasticity& plasticity,
                            const model::VoxelSupports& supports)
{
  on_root(comm,
          [&]
          {
            check_body(body);
            grid = body.grid;
            nodes = node_set(body);
            check_supports(body, nodes, supports);
          });
  Level finest;
  finest.bricks = spread(body, comm, distribution);
  finest.nodes = number_nodes(finest.bricks, comm);
  held = locate_supports(finest, supports, comm);
  for (const Prescribed& prescribed : held.prescribed)
    finest.constraints.fixed.push_back(prescribed.component);
  for (const Foundation& foundation : held.foundations)
    finest.constraints.springs.push_back(foundation.spring);
  merge(finest.constraints.springs);
  yields = spread_yields(plasticity.voxels, finest.bricks, distribution, comm);
  std::uint64_t count = plasticity.kinds.size();
  MPI_Bcast(&count, 1, MPI_UINT64_T, 0, comm);
  kinds = plasticity.kinds;
  kinds.resize(count);
  static_assert(std::is_trivially_copyable_v<model::YieldKind>);
  MPI_Bcast(kinds.data(), static_cast<int>(count * sizeof(model::YieldKind)), MPI_BYTE, 0, comm);
  multigrid.emplace(std::move(finest), comm);
}

/// forces . u over owned nodes, N mm.
double LoadPath::State::work_of(const std::vector<double>& at)
{
  double work = 0;
  for (const LocalForce& force : forces)
    if (force.node < level().nodes.owned)
      for (std::size_t c = 0; c < 3; ++c)
        work += force.force[c] * at[3 * static_cast<std::size_t>(force.node) + c];
  return sum(work);
}

/// The force on the supports along their prescribed displacements, and its size.
void LoadPath::State::weigh_reactions()
{
  double along = 0, square = 0;
  for (const Prescribed& at : held.prescribed)
    if (at.component < 3 * static_cast<std::size_t>(level().nodes.owned))
    {
      const double force = -residual[at.component];
      along += force * at.displacement;
      square += force * force;
    }
  factor = sum(along);
  scale = std::sqrt(sum(square));
}

/// Asks the law at u, averages what it answers and asks again; the load and the residual follow.
void LoadPath::State::balance()
{
  ask_law(level(), u, nullptr, material::TangentKind::positive, *points);
  if (neighbourhood && neighbourhood->averages())
  {
    std::vector<double> averaged = accumulated(*points);
    neighbourhood->average(level(), averaged);
    ask_law(level(), u, &averaged, material::TangentKind::positive, *points);
  }
  residual.assign(u.size(), 0);
  add_stress(*points, level(), residual.data());
  product(level(), u.data(), residual.data(), [](std::size_t, std::size_t) {});
  for (double& value : residual)
    value = -value;
  if (!by_forces)
    weigh_reactions();
  else
  {
    factor = machine_stiffness / compliance * (drive * compliance - work_of(u));
    for (const LocalForce& force : forces)
      for (std::size_t c = 0; c < 3; ++c)
        residual[3 * static_cast<std::size_t>(force.node) + c] += factor * force.force[c];
  }
  mask(level().constraints, residual);
  out_of_balance = std::sqrt(dot(level().nodes, residual, residual, comm));
}

/// Goes along `change` as far as the residual's work on it falls.
double LoadPath::State::search_line(const std::vector<double>& start,
                                    const std::vector<double>& change)
{
  const double before = dot(level().nodes, residual, change, comm);
  const double norm_before = out_of_balance;
  double step = 1;
  constexpr int most_tries = 4;
  for (int n = 0;; ++n)
  {
    for (std::size_t i = 0; i < u.size(); ++i)
      u[i] = start[i] + step * change[i];
    balance();
    const double after = dot(level().nodes, residual, change, comm);
    const bool good = out_of_balance < norm_before || std::abs(after) <= 0.8 * std::abs(before);
    if ((good && std::isfinite(out_of_balance)) || n == most_tries)
      return step;
    const double crossing = std::isfinite(after) && before != after ? before / (before - after) : 0;
    step *= std::clamp(crossing, 0.1, 0.5);
  }
}

/// Newton's method at the present drive, from the present u.
bool LoadPath::State::find_equilibrium(PathStep& step)
{
  balance();
  const LocalProduct added = [this](const float* p, double* q)
  {
    add_tangent(*points, level(), p, q);
    if (!by_forces)
      return;
    double along = 0;
    const auto owned = [&](auto&& visit)
    {
      for (const LocalForce& force : forces)
        if (force.node < level().nodes.owned)
          for (std::size_t c = 0; c < 3; ++c)
            visit(3 * static_cast<std::size_t>(force.node) + c, force.force[c]);
    };
    owned([&](std::size_t n, double f) { along += f * static_cast<double>(p[n]); });
    along = machine_stiffness / compliance * sum(along);
    owned([&](std::size_t n, double f) { q[n] += along * f; });
  };
  std::vector<double> change, start;
  for (step.newton = 0; step.newton < options.most_iterations; ++step.newton)
  {
    if (!std::isfinite(out_of_balance))
      return false;
    const double whole = by_forces ? std::max(std::abs(factor), 1e-6) * scale : scale;
    step.residual = out_of_balance / whole;
    if (step.residual <= options.relative_residual)
      return true;
    const CorrectionReport report = solve_correction(level(), *multigrid, added, residual, change,
                                                     linear_residual, most_linear_iterations, comm);
    step.linear += report.iterations;
    start = u;
    const double length = search_line(start, change);
    log_detail("  newton " + std::to_string(step.newton + 1) + ": residual " +
               format_number(step.residual, 3) + ", " + std::to_string(report.iterations) +
               " linear iterations to " + format_number(report.relative_residual, 2) + ", line " +
               format_number(length, 3));
  }
  return false;
}

void LoadPath::State::set_drive(double to)
{
  drive = to;
  if (!by_forces)
    for (const Prescribed& prescribed : held.prescribed)
      u[prescribed.component] = to * prescribed.displacement;
}

/// The load factor at which the first point yields, u being the elastic answer to factor 1.
double LoadPath::State::elastic_limit()
{
  double most = 0;
  const std::size_t count = points->per_voxel();
  for (std::size_t v = 0; v < points->voxels(); ++v)
    if (points->yields[v].kind >= 0)
      for (std::size_t g = 0; g < count; ++g)
        most = std::max(most, utilisation_at(*points, level(), v, g, u));
  MPI_Allreduce(MPI_IN_PLACE, &most, 1, MPI_DOUBLE, MPI_MAX, comm);
  return most > 0 ? 1 / most : 0;
}

void LoadPath::State::begin(const PathLoad& load, const PathOptions& asked)
{
  options = asked;
  MPI_Bcast(&options, sizeof options, MPI_BYTE, 0, comm);
  int given_forces = !load.forces.empty();
  size = load.size;
  MPI_Bcast(&given_forces, 1, MPI_INT, 0, comm);
  MPI_Bcast(&size, 1, MPI_DOUBLE, 0, comm);
  by_forces = given_forces != 0;
  on_root(comm, [&] { check_forces(grid, nodes, load.forces); });
  forces = locate_forces(level(), load.forces, comm);
  if (points) // an earlier path has softened the level
    for (std::size_t v = 0; v < points->voxels(); ++v)
    {
      level().bricks.lambda[points->places[v]] = points->lambda[v];
      level().bricks.mu[points->places[v]] = points->mu[v];
    }
  points.emplace(make_points(level(), yields, kinds, options.points));
  neighbourhood.reset();
  if (options.averaging_mm > 0)
    neighbourhood.emplace(level(), points->places, options.averaging_mm);
  multigrid->renew();
  u.assign(level().nodes.values(), 0);
  drive = 1;
  if (!by_forces)
    set_drive(1);
  Options linear;
  linear.relative_residual = 1e-6;
  scale = norm_of_load(level(), forces, comm);
  solve_system(level(), *multigrid, forces, u, linear, comm);
  compliance = by_forces ? work_of(u) : 1;
}

void LoadPath::State::measure(PathStep& step)
{
  step.factor = factor;
  step.displacement = by_forces ? work_of(u) / size : drive;
  const Vec3& h = level().bricks.spacing;
  const double voxel = h.x * h.y * h.z;
  const std::vector<double> kappa = accumulated(*points);
  double yielded = 0, softened = 0;
  std::vector<double> by = kappa;
  if (neighbourhood && neighbourhood->averages())
    neighbourhood->average(level(), by);
  for (std::size_t v = 0; v < kappa.size(); ++v)
  {
    yielded += kappa[v] > 0 ? voxel : 0;
    softened += kappa[v] > 0 && law_of(*points, v).curve.stress(by[v]) <
                                    0.999 * law_of(*points, v).curve.stress(0)
                    ? voxel
                    : 0;
  }
  step.yielded_mm3 = sum(yielded);
  step.softened_mm3 = sum(softened);
}

PathFields LoadPath::State::fields()
{
  PathFields fields;
  const std::vector<double> kappa = accumulated(*points);
  std::vector<double> by = kappa;
  if (neighbourhood && neighbourhood->averages())
    neighbourhood->average(level(), by);
  std::vector<double> left(kappa.size(), 1);
  for (std::size_t v = 0; v < kappa.size(); ++v)
    if (points->yields[v].kind >= 0)
    {
      const material::PlasticLaw law = law_of(*points, v);
      left[v] = (1 - law.damage.loss(by[v])) * law.curve.stress(by[v]) / law.curve.stress(0);
    }
  fields.accumulated = gather_values(level(), kappa, distribution, comm);
  fields.softened = gather_values(level(), left, distribution, comm);
  fields.strain = gather_strains(level(), u, distribution, comm);
  fields.displacement = gather_displacements(level(), u, nodes, comm);
  return fields;
}

LoadPath::LoadPath(const model::VoxelBody& body, const model::VoxelPlasticity& plasticity,
                   const model::VoxelSupports& supports, MPI_Comm comm)
    : state_(std::make_unique<State>())
{
  MPI_Comm_dup(comm, &state_->comm);
  state_->build(body, plasticity, supports);
}

LoadPath::~LoadPath() = default;
LoadPath::LoadPath(LoadPath&&) noexcept = default;

namespace
{
/// What a step that was not taken leaves behind.
struct Kept
{
  std::vector<double> u;
  std::vector<material::PlasticState> state;
  double drive = 0;
};
} // namespace

PathResult LoadPath::follow(const PathLoad& load, const PathOptions& asked,
                            const std::function<void(const PathStep&)>& on_step)
{
  State& s = *state_;
  const auto begin = std::chrono::steady_clock::now();
  s.begin(load, asked);
  const PathOptions& options = s.options;
  PathResult result;
  // The elastic part ends where the first point yields.
  const double limit = s.elastic_limit();
  if (!(limit > 0))
    throw SolveError("nothing of the body can yield: there is no load that breaks it; give its "
                     "material a law that yields");
  for (double& value : s.u)
    value *= limit;
  PathStep first;
  s.set_drive(s.by_forces ? limit * (1 + 1 / machine_stiffness) : limit);
  if (!s.find_equilibrium(first))
    throw SolveError("no equilibrium at the end of the elastic part (load factor " +
                     format_number(limit, 3) + ", residual " + format_number(first.residual, 2) +
                     "); allow a larger residual, or check the supports");
  s.measure(first);
  first.work = 0.5 * first.factor * first.displacement * s.work_size();
  s.points->old = s.points->state;
  result.steps.push_back(first);
  if (on_step && is_root(s.comm))
    on_step(first);

  Kept last{s.u, s.points->old, s.drive}, before{std::vector<double>(s.u.size(), 0), {}, 0};
  double growth = options.growth;
  int linear_at_renewal = first.linear;
  result.end = PathEnd::steps;
  bool new_peak = true;
  PathFields peak_fields;
  while (static_cast<int>(result.steps.size()) < options.most_steps)
  {
    double stride = growth * last.drive;
    if (!s.by_forces) // ends on it exactly
      stride = std::min(stride, options.most_displacement - last.drive);
    // From the last equilibrium in the direction in which the path came.
    const double reach = stride / (last.drive - before.drive);
    for (std::size_t n = 0; n < s.u.size(); ++n)
      s.u[n] = last.u[n] + reach * (last.u[n] - before.u[n]);
    s.set_drive(last.drive + stride);
    PathStep step;
    bool found = s.find_equilibrium(step);
    if (found)
      s.measure(step);
    const PathStep& previous = result.steps.back();
    const double peak = result.steps[result.peak].factor;
    const bool jumped = found && previous.factor - step.factor > options.most_drop * peak &&
                        previous.factor > 0.98 * peak;
    if (!found || (jumped && growth > options.growth / 64))
    {
      growth /= 2;
      s.u = last.u;
      s.points->state = s.points->old;
      s.multigrid->renew();
      if (growth < options.smallest_step)
      {
        result.end = PathEnd::no_balance;
        break;
      }
      continue;
    }
    step.work = previous.work + 0.5 * (previous.factor + step.factor) *
                                    (step.displacement - previous.displacement) * s.work_size();
    s.points->old = s.points->state;
    before = std::move(last);
    last = {s.u, s.points->old, s.drive};
    result.steps.push_back(step);
    log_info("step " + std::to_string(result.steps.size()) + ": load factor " +
             format_number(step.factor, 5) + " at " + format_number(step.displacement, 4) +
             " mm, yielded " + format_number(step.yielded_mm3, 4) + " mm3, softened " +
             format_number(step.softened_mm3, 4) + " mm3, " + std::to_string(step.newton) +
             " iterations with " + std::to_string(step.linear) + " linear ones");
    if (on_step && is_root(s.comm))
      on_step(step);
    if (step.factor > peak)
    {
      result.peak = result.steps.size() - 1;
      new_peak = true;
    }
    else if (new_peak)
    {
      new_peak = false;
    }
    if (step.factor < options.end_at * result.steps[result.peak].factor)
    {
      result.end = PathEnd::past_peak;
      break;
    }
    if (step.displacement >= options.most_displacement)
    {
      result.end = PathEnd::displacement;
      break;
    }
    if (step.newton <= 5)
      growth = std::min(growth * 1.5, options.growth);
    else if (step.newton > 12)
      growth /= 1.5;
    if (step.linear > 1.5 * linear_at_renewal || result.steps.size() % 5 == 0)
    {
      s.multigrid->renew();
      linear_at_renewal = std::max(step.linear, 10);
    }
  }
  result.peak_reached = result.steps.back().factor < 0.99 * result.steps[result.peak].factor;
  result.at_end = s.fields();
  result.seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count();
  return result;
}

std::vector<model::NodeIndex> LoadPath::nodes() const
{
  std::vector<model::NodeIndex> list;
  list.reserve(state_->nodes.size());
  state_->nodes.for_each([&](std::uint64_t id)
                         { list.push_back(lattice_node(state_->grid.size, id)); });
  return list;
}

} // namespace calcar::voxel
