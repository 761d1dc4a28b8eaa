#include "voxel/engine.hpp"

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

  void build(const model::VoxelBody& body, const model::VoxelSupports& given);
  Solution solve(const std::vector<model::NodalForce>& forces, double scale, int loads_left);
  SolveReport solve_local(const std::vector<LocalForce>& forces, std::vector<double>& u,
                          int loads_left);
  SolveReport solve_by_multigrid(const std::vector<LocalForce>& forces, std::vector<double>& u,
                                 const Course& course, int loads_left);
  bool begin_with_aggregates() const;
  void build_aggregation();
  void check(const std::vector<LocalForce>& forces, const std::vector<double>& start,
             const std::vector<double>& u, SolveReport& report);
};

void Engine::State::build(const model::VoxelBody& body, const model::VoxelSupports& given)
{
  on_all(comm, [] { log_detail("kernels: " + name_of(instruction_set())); });
  on_root(comm,
          [&]
          {
            check_body(body);
            grid = body.grid;
            nodes = node_set(body);
            check_supports(body, nodes, given);
          });
  Level finest;
  finest.bricks = spread(body, comm, distribution);
  finest.nodes = number_nodes(finest.bricks, comm);
  held = hold(finest, given, comm);

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
  const Filling filling = filling_of(multigrid->finest(), comm);
  return options.may_aggregate && begins_with_aggregates(filling.voxels, filling.nodes);
}

/// By V-cycles as long as they serve, then with aggregates.
SolveReport Engine::State::solve_by_multigrid(const std::vector<LocalForce>& forces,
                                              std::vector<double>& u, const Course& course,
                                              int loads_left)
{
  const Level& level = multigrid->finest();
  if (!aggregation && begin_with_aggregates())
    build_aggregation();
  SolveReport first;
  if (!aggregation)
  {
    CoarseChoice choice(options.relative_residual, loads_left);
    bool left = false;
    Course watched = course;
    if (options.coarse_space == CoarseSpace::automatic)
      watched.leave = [&](int, double residual)
      {
        left = left || choice.takes_over(residual);
        return left && options.may_aggregate;
      };
    first = solve_system(level, *multigrid, forces, u, options, comm, watched);
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
  SolveReport report = solve_system(level, *aggregation, forces, u, options, comm, rest);
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
  const Level& level = multigrid->finest();
  Course course;
  if (is_homogeneous(u, held.prescribed, comm))
  {
    course.whole = norm_of_load(level, forces, comm);
    earlier.start(level.nodes, forces, u, comm);
  }
  return solve_by_multigrid(forces, u, course, loads_left);
}

/// Compares a solution with that of the assembled matrix.
void Engine::State::check(const std::vector<LocalForce>& forces, const std::vector<double>& start,
                          const std::vector<double>& u, SolveReport& report)
{
  if (!reference)
    reference.emplace(multigrid->finest(), comm);
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
  Balance balance = balance_of(level, held, local, u, supports, comm);
  if (is_root(comm))
  {
    solution.strain_energy = balance.strain_energy;
    solution.reaction = std::move(balance.reactions);
  }
  return solution;
}

Engine::Engine(const model::VoxelBody& body, const model::VoxelSupports& supports, MPI_Comm comm,
               Options options)
    : state_(std::make_unique<State>())
{
  MPI_Comm_dup(comm, &state_->comm);
  state_->options = options;
  state_->build(body, supports);
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
