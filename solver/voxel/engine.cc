#include "voxel/engine.hpp"

#include "base/error.hpp"
#include "base/large_pages.hpp"
#include "base/log.hpp"
#include "base/parallel.hpp"
#include "base/text.hpp"
#include "voxel/boundary.hpp"
#include "voxel/checks.hpp"
#include "voxel/conjugate_gradients.hpp"
#include "voxel/constraints.hpp"
#include "voxel/engine_state.hpp"
#include "voxel/operator.hpp"
#include "voxel/petsc_reference.hpp"
#include "voxel/petsc_solve.hpp"
#include "voxel/results.hpp"

#include <algorithm>
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

} // namespace

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
