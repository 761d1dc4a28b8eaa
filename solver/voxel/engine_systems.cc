#include "base/error.hpp"
#include "base/log.hpp"
#include "base/text.hpp"
#include "voxel/coarse_choice.hpp"
#include "voxel/contact_solve.hpp"
#include "voxel/engine_state.hpp"

#include <algorithm>

namespace calcar::voxel
{
namespace
{
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

/// New matrices for the aggregates, of what is pressed now.
void Engine::State::renew_aggregation(const PressedSet& set)
{
  aggregation.reset();
  build_aggregation();
  aggregated = set;
}

/// The V-cycle in the place of aggregates, which in single precision may prove indefinite where a
/// slender implant is all that holds a part.
void Engine::State::back_to_cycles()
{
  log_info("aggregates broke down: the V-cycle goes on without them");
  aggregation.reset();
  multigrid->renew();
  cycles_alone = true;
}

/// One system with held sets. Aggregates of other sets serve as long as they differ in few voxels;
/// but a single one that now holds a loose end may cost a hundred iterations, so that they are made
/// anew when as many have gone by as that takes time. What is reached is enough for a step of the
/// search, which looks at the true residual.
SolveReport Engine::State::solve_pressed(const PressedSet& set,
                                         const std::vector<LocalForce>& forces,
                                         std::vector<double>& u, const Course& course,
                                         const Options& how, int loads_left)
{
  constexpr std::uint64_t few = 50; // one in as many
  constexpr int as_dear_as_new_ones = 8;
  constexpr int enough_with_aggregates = 40;
  constexpr int enough_with_cycles = 200;
  const std::vector<double> start = u;
  SolveReport report;
  const auto go_on = [&](int most)
  {
    Course watched = course;
    watched.leave = [most](int iterations, double) { return iterations >= most; };
    const SolveReport more =
        cycles_alone ? solve_system(multigrid->finest(), *multigrid, forces, u, how, comm, watched)
                     : solve_by_multigrid(forces, u, watched, how, loads_left);
    const SolveReport before = report;
    report = more;
    report.iterations += before.iterations;
    report.seconds += before.seconds;
    report.aggregation = report.aggregation || before.aggregation;
    return more.relative_residual <= how.relative_residual;
  };
  try
  {
    if (!cycles_alone)
    {
      const bool first = !aggregation;
      const std::uint64_t changed = first ? 0 : count_changes(set, aggregated, comm);
      const bool many = few * changed > contact->all;
      if (many)
        renew_aggregation(set);
      if (first)
        aggregated = set;
      const bool fresh = changed == 0 || many;
      if (go_on(fresh ? enough_with_aggregates : as_dear_as_new_ones) || fresh)
        return report;
      renew_aggregation(set);
      go_on(enough_with_aggregates);
      return report;
    }
  }
  catch (const SolveError&)
  {
    u = start;
    back_to_cycles();
  }
  go_on(enough_with_cycles);
  return report;
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

} // namespace calcar::voxel
