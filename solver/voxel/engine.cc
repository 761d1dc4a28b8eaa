#include "voxel/engine.hpp"

#include "base/error.hpp"
#include "base/large_pages.hpp"
#include "base/log.hpp"
#include "base/parallel.hpp"
#include "base/text.hpp"
#include "voxel/aggregation.hpp"
#include "voxel/boundary.hpp"
#include "voxel/checks.hpp"
#include "voxel/coarse_choice.hpp"
#include "voxel/conjugate_gradients.hpp"
#include "voxel/constraints.hpp"
#include "voxel/contact_solve.hpp"
#include "voxel/earlier_solutions.hpp"
#include "voxel/multigrid.hpp"
#include "voxel/operator.hpp"
#include "voxel/petsc_reference.hpp"
#include "voxel/petsc_solve.hpp"
#include "voxel/results.hpp"
#include "voxel/runs.hpp"
#include "voxel/spread.hpp"

#include <algorithm>
#include <optional>
#include <stdexcept>

namespace calcar::voxel
{
namespace
{
[[noreturn]] void refuse_petsc_with_contact()
{
  throw InputError(Fault::command,
                   Problem{"--petsc", "PETSc's solvers and an implant that is not bonded",
                           "the own solver where surfaces open and close",
                           "leave --petsc out, or bond the implant", ""});
}

/// Largest Young's modulus of the voxels of all ranks, MPa.
double stiffest_of(const Level& level, MPI_Comm comm)
{
  double most = 0;
  for (std::size_t v = 0; v < level.bricks.mu.size(); ++v)
    if (level.bricks.mu[v] > 0)
    {
      const auto lambda = static_cast<double>(level.bricks.lambda[v]);
      const auto mu = static_cast<double>(level.bricks.mu[v]);
      most = std::max(most, mu * (3 * lambda + 2 * mu) / (lambda + mu));
    }
  MPI_Allreduce(MPI_IN_PLACE, &most, 1, MPI_DOUBLE, MPI_MAX, comm);
  return most;
}
} // namespace

struct Engine::State
{
  MPI_Comm comm = MPI_COMM_NULL;
  Options options;
  image::Grid grid;          ///< rank 0
  OffsetSet nodes;           ///< rank 0: lattice numbers of all
  Distribution distribution; ///< rank 0
  Held held;
  int supports = 0;
  std::uint64_t unknowns = 0;
  std::optional<Multigrid> multigrid;
  std::optional<Aggregation> aggregation; ///< once it has taken over
  std::optional<ContactLayer> contact;    ///< of a body that has any
  PressedSet aggregated;                  ///< what the aggregates take to be pressed
  EarlierSolutions earlier;
  std::optional<SolverReference> reference; ///< assembled at the first check

  ~State()
  {
    reference.reset();
    aggregation.reset();
    multigrid.reset();
    int finalized = 0;
    MPI_Finalized(&finalized);
    if (!finalized && comm != MPI_COMM_NULL)
      MPI_Comm_free(&comm);
  }

  void build(const model::VoxelBody& body, const model::VoxelSupports& given,
             const model::VoxelContact& given_contact);
  Solution solve(const std::vector<model::NodalForce>& forces, double scale, int loads_left);
  SolveReport solve_local(const std::vector<LocalForce>& forces, std::vector<double>& u,
                          int loads_left);
  SolveReport solve_with_contact(const std::vector<LocalForce>& forces, std::vector<double>& u,
                                 int loads_left);
  SolveReport solve_by_multigrid(const std::vector<LocalForce>& forces, std::vector<double>& u,
                                 const Course& course, const Options& how, int loads_left);
  bool begin_with_aggregates() const;
  void build_aggregation();
  void renew_aggregation(const PressedSet& set);
  SolveReport solve_pressed(const PressedSet& set, const std::vector<LocalForce>& forces,
                            std::vector<double>& u, const Course& course, const Options& how,
                            int loads_left);
  void check(const std::vector<LocalForce>& forces, const std::vector<double>& start,
             const std::vector<double>& u, SolveReport& report);
};

void Engine::State::build(const model::VoxelBody& body, const model::VoxelSupports& given,
                          const model::VoxelContact& given_contact)
{
  on_all(comm, [] { log_detail("kernels: " + name_of(instruction_set())); });
  on_root(comm,
          [&]
          {
            check_body(body);
            grid = body.grid;
            nodes = node_set(body);
            check_supports(body, nodes, given);
            check_contact(body, given_contact);
            if (!given_contact.empty() && !options.petsc.empty())
              refuse_petsc_with_contact();
          });
  Level finest;
  finest.bricks = spread(body, comm, distribution);
  finest.nodes = number_nodes(finest.bricks, comm);
  held = hold(finest, given, comm);
  ContactLayer layer = hold_contact(
      finest, is_root(comm) ? limited_by_tissue(body, given_contact) : model::VoxelContact{}, comm);
  if (layer.all > 0)
    contact.emplace(std::move(layer));

  supports = static_cast<int>(given.names.size());
  MPI_Bcast(&supports, 1, MPI_INT, 0, comm);
  unknowns = 3 * static_cast<std::uint64_t>(finest.nodes.owned);
  MPI_Allreduce(MPI_IN_PLACE, &unknowns, 1, MPI_UINT64_T, MPI_SUM, comm);
  if (options.check)
    refuse_large_check(unknowns);
  // What follows communicates all the way: its own errors are the same on all ranks, and any other
  // must not be waited for.
  multigrid.emplace(std::move(finest), comm);
}

/// Puts aggregates in the place of the coarse levels.
void Engine::State::build_aggregation()
{
  multigrid->release();
  aggregation.emplace(multigrid->finest(), multigrid->fine_vectors(), comm);
  multigrid->keep_finest_only(); // only now: without either the engine could not go on
  const AggregationReport& report = aggregation->report();
  log_info("aggregates give the coarse space: " + std::to_string(report.aggregates) + " in " +
           format_number(report.seconds, 3) + " s, " +
           format_number(static_cast<double>(report.bytes) / static_cast<double>(unknowns), 3) +
           " bytes an unknown");
}

/// Aggregates were asked for, or the body is one that V-cycles serve badly.
bool Engine::State::begin_with_aggregates() const
{
  if (options.coarse_space != CoarseSpace::automatic)
    return options.coarse_space == CoarseSpace::aggregation;
  if (contact)
    return options.may_aggregate;
  const Filling filling = filling_of(multigrid->finest(), comm);
  return options.may_aggregate && begins_with_aggregates(filling.voxels, filling.nodes,
                                                         stiffest_of(multigrid->finest(), comm));
}

/// By V-cycles as long as they serve, then with aggregates.
SolveReport Engine::State::solve_by_multigrid(const std::vector<LocalForce>& forces,
                                              std::vector<double>& u, const Course& course,
                                              const Options& how, int loads_left)
{
  const Level& level = multigrid->finest();
  if (!aggregation && begin_with_aggregates())
    build_aggregation();
  SolveReport first;
  if (!aggregation)
  {
    CoarseChoice choice(how.relative_residual, loads_left);
    bool left = false;
    Course watched = course;
    if (options.coarse_space == CoarseSpace::automatic)
      watched.leave = [&](int, double residual)
      {
        left = left || choice.takes_over(residual);
        return left && options.may_aggregate;
      };
    first = solve_system(level, *multigrid, forces, u, how, comm, watched);
    first.aggregation_left_out = left && !options.may_aggregate;
    if (!left || first.aggregation_left_out)
      return first;
    log_info("the V-cycle reached " + format_number(first.relative_residual, 2) + " in " +
             std::to_string(first.iterations) + " iterations");
    build_aggregation();
  }
  Course rest = course;
  if (first.iterations > 0)
    rest.whole = first.whole;
  SolveReport report = solve_system(level, *aggregation, forces, u, how, comm, rest);
  report.iterations += first.iterations;
  report.seconds += first.iterations > 0 ? first.seconds + aggregation->report().seconds : 0;
  report.starting_residual =
      first.iterations > 0 ? first.starting_residual : report.starting_residual;
  report.aggregation = true;
  return report;
}

SolveReport Engine::State::solve_local(const std::vector<LocalForce>& forces,
                                       std::vector<double>& u, int loads_left)
{
  if (!options.petsc.empty())
    return solve_with_petsc(*multigrid, forces, u, options, options.petsc, comm);
  if (contact)
    return solve_with_contact(forces, u, loads_left);
  const Level& level = multigrid->finest();
  Course course;
  if (is_homogeneous(u, held.prescribed, comm))
  {
    course.whole = norm_of_load(level, forces, comm);
    earlier.start(level.nodes, forces, u, comm);
  }
  return solve_by_multigrid(forces, u, course, options, loads_left);
}

/// New matrices for the aggregates, of what is pressed now.
void Engine::State::renew_aggregation(const PressedSet& set)
{
  aggregation.reset();
  build_aggregation();
  aggregated = set;
}

/// One system with held sets. Aggregates of other sets serve as long as they differ in few voxels;
/// but a single one that now holds a loose end may cost a hundred iterations, so that they are made
/// anew when as many have gone by as that takes time.
SolveReport Engine::State::solve_pressed(const PressedSet& set,
                                         const std::vector<LocalForce>& forces,
                                         std::vector<double>& u, const Course& course,
                                         const Options& how, int loads_left)
{
  constexpr std::uint64_t few = 50; // one in as many
  constexpr int as_dear_as_new_ones = 8;
  constexpr int enough_for_a_step = 40; // the search goes on from what is reached
  if (!aggregation)
  {
    aggregated = set;
    return solve_by_multigrid(forces, u, course, how, loads_left);
  }
  const std::uint64_t changed = count_changes(set, aggregated, comm);
  if (few * changed > contact->all)
    renew_aggregation(set);
  if (changed == 0 || few * changed > contact->all)
    return solve_by_multigrid(forces, u, course, how, loads_left);
  Course watched = course;
  watched.leave = [](int iterations, double) { return iterations >= as_dear_as_new_ones; };
  SolveReport first = solve_by_multigrid(forces, u, watched, how, loads_left);
  if (first.relative_residual <= how.relative_residual)
    return first;
  renew_aggregation(set);
  watched.leave = [](int iterations, double) { return iterations >= enough_for_a_step; };
  SolveReport rest = solve_by_multigrid(forces, u, watched, how, loads_left);
  rest.iterations += first.iterations;
  rest.seconds += first.seconds + aggregation->report().seconds;
  rest.starting_residual = first.starting_residual;
  return rest;
}

SolveReport Engine::State::solve_with_contact(const std::vector<LocalForce>& forces,
                                              std::vector<double>& u, int loads_left)
{
  Level& level = multigrid->finest();
  const bool warm = earlier.size() > 0 && is_homogeneous(u, held.prescribed, comm);
  if (warm)
    earlier.start(level.nodes, forces, u, comm);
  const auto linear =
      [&](const PressedSet& set, std::vector<double>& x, double residual, double whole)
  {
    Options how = options;
    how.relative_residual = residual;
    Course course;
    course.whole = whole;
    return solve_pressed(set, forces, x, course, how, loads_left);
  };
  const double goal =
      std::max({options.relative_residual, options.contact_residual, least_contact_residual});
  return solve_contact(level, *contact, forces, u, warm, goal, linear, comm);
}

/// Compares a solution with that of the assembled matrix.
void Engine::State::check(const std::vector<LocalForce>& forces, const std::vector<double>& start,
                          const std::vector<double>& u, SolveReport& report)
{
  if (!reference || contact)
    reference.emplace(multigrid->finest(), comm); // with contact: of what is pressed now
  report.check = reference->check(multigrid->finest(), forces, start, u, report.relative_residual);
  log_info("checked against the assembled matrix: differences " +
           format_number(report.check->displacement_difference, 2) + " in the displacements, " +
           format_number(report.check->reaction_difference, 2) + " in the reactions, " +
           format_number(report.check->energy_difference, 2) + " in the energy");
}

Solution Engine::State::solve(const std::vector<model::NodalForce>& forces, double scale,
                              int loads_left)
{
  on_root(comm, [&] { check_forces(grid, nodes, forces); });
  const Level& level = multigrid->finest();
  const std::vector<LocalForce> local = locate_forces(level, forces, comm);
  MPI_Bcast(&scale, 1, MPI_DOUBLE, 0, comm);
  std::vector<double> u;
  assign_on_large_pages(u, level.nodes.values(), 0.0);
  for (const Prescribed& prescribed : held.prescribed)
    u[prescribed.component] = scale * prescribed.displacement;
  const std::vector<double> start = options.check ? u : std::vector<double>{};

  Solution solution;
  solution.report = solve_local(local, u, loads_left);
  multigrid->release(); // room for the results
  log_detail("solved " + std::to_string(unknowns) + " unknowns in " +
             std::to_string(solution.report.iterations) + " iterations, " +
             format_number(solution.report.seconds, 3) + " s, relative residual " +
             format_number(solution.report.relative_residual, 2) + " from " +
             format_number(solution.report.starting_residual, 2));
  if (loads_left > 1 && options.petsc.empty() && is_homogeneous(u, held.prescribed, comm))
    earlier.add(level.nodes, local, u, comm);
  if (options.check)
    check(local, start, u, solution.report);
  solution.strain = gather_strains(level, u, distribution, comm);
  solution.displacement = gather_displacements(level, u, nodes, comm);
  if (contact)
    solution.contact_pressure = gather_pressure(*contact, u, comm);
  Balance balance = balance_of(level, held, local, u, supports, comm);
  if (is_root(comm))
  {
    solution.strain_energy = balance.strain_energy;
    solution.reaction = std::move(balance.reactions);
  }
  return solution;
}

Engine::Engine(const model::VoxelBody& body, const model::VoxelSupports& supports, MPI_Comm comm,
               Options options, const model::VoxelContact& contact)
    : state_(std::make_unique<State>())
{
  MPI_Comm_dup(comm, &state_->comm);
  state_->options = options;
  state_->build(body, supports, contact);
}

Engine::~Engine() = default;
Engine::Engine(Engine&&) noexcept = default;

std::vector<Solution> Engine::solve(const std::vector<std::vector<model::NodalForce>>& forces,
                                    const std::vector<double>& scale_prescribed)
{
  on_root(state_->comm,
          [&]
          {
            if (forces.size() != scale_prescribed.size())
              throw std::invalid_argument("as many scales as load cases are needed");
          });
  std::uint64_t cases = forces.size();
  MPI_Bcast(&cases, 1, MPI_UINT64_T, 0, state_->comm);
  state_->earlier = {}; // each list begins afresh; aggregates, once built, stay
  std::vector<Solution> solutions;
  for (std::size_t n = 0; n < cases; ++n)
    solutions.push_back(state_->solve(
        is_root(state_->comm) ? forces[n] : std::vector<model::NodalForce>{},
        is_root(state_->comm) ? scale_prescribed[n] : 0, static_cast<int>(cases - n)));
  state_->earlier = {};
  return solutions;
}

std::vector<model::NodeIndex> Engine::nodes() const
{
  std::vector<model::NodeIndex> list;
  list.reserve(state_->nodes.size());
  state_->nodes.for_each([&](std::uint64_t id)
                         { list.push_back(lattice_node(state_->grid.size, id)); });
  return list;
}

std::uint64_t Engine::unknowns() const
{
  return state_->unknowns;
}

int Engine::levels() const
{
  return state_->aggregation ? state_->aggregation->report().levels
                             : static_cast<int>(state_->multigrid->levels().size());
}

} // namespace calcar::voxel
