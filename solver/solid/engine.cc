#include "solid/engine.hpp"

#include "base/parallel.hpp"
#include "petsc/session.hpp"
#include "solid/assembly.hpp"
#include "solid/checks.hpp"
#include "solid/linear_solver.hpp"
#include "solid/refinement.hpp"
#include "solid/spread_body.hpp"

#include <chrono>
#include <cmath>
#include <utility>

namespace calcar::solid
{
namespace
{

double seconds_since(std::chrono::steady_clock::time_point start)
{
  return std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
}

} // namespace

struct Engine::State
{
  Options options;
  SpreadBody body;
  MPI_Comm comm;
  const Elements& elements;
  const Restraints& restraints;
  MaterialPoints material;
  LinearSolver solver;
  Method method;

  State(const SolidBody& given, const Supports& supports, MPI_Comm communicator, Options asked)
      : options(asked), body(given, supports, communicator), comm(communicator),
        elements(body.elements),
        restraints(body.restraints), material{linear_elasticity(), std::move(body.moduli), {}},
        solver(elements, comm), method(chosen(asked.method, body.unknowns()))
  {
    const Field zero(elements, comm);
    assemble_tangent(elements, material, restraints, zero, solver);
    solver.finish(method, body.own_points());
  }

  /// ||external - internal|| on the free components, which go to `out`; all of it in `whole`.
  double residual(const std::vector<double>& external, Field& u, Field& out, Field& whole)
  {
    u.fetch_ghosts();
    follow_masters(elements.ties(), u.values());
    internal_forces(elements, material, restraints, u, whole);
    for (std::size_t n = 0; n < external.size(); ++n)
    {
      whole.values()[n] = external[n] - whole.values()[n];
      out.values()[n] = restraints.fixed[n] ? 0 : whole.values()[n];
    }
    return norm_of(out.own(), comm);
  }

  /// Improves u until the true residual is small, and leaves all of it in `whole`.
  SolveReport converge(const std::vector<double>& external, Field& u, Field& whole)
  {
    const auto residual_of = [&](Field& displacement, Field& free, Field& all)
    { return residual(external, displacement, free, all); };
    return refine({elements, solver, method, instead_of(method, options.method, body.unknowns()),
                   options, comm, residual_of},
                  u, whole);
  }

  Solution solve(const std::vector<NodalForce>& forces, double scale_prescribed)
  {
    const auto start = std::chrono::steady_clock::now();
    const std::vector<double> external = body.own_forces(forces);
    Field u(elements, comm);
    Field whole(elements, comm);
    for (std::size_t n = 0; n < external.size(); ++n)
      u.values()[n] = scale_prescribed * restraints.prescribed[n];
    const SolveReport report = converge(external, u, whole);
    Solution solution = gathered(u, whole);
    solution.report = report;
    solution.report.seconds = seconds_since(start);
    return solution;
  }

  Solution gathered(const Field& u, const Field& whole)
  {
    Solution solution;
    solution.displacement = body.displacements(u);
    gather_strain(u, solution);
    gather_reactions(u, whole, solution);
    return solution;
  }

  void gather_strain(const Field& u, Solution& solution)
  {
    const std::size_t cells = elements.cells().size();
    const auto points = static_cast<std::size_t>(elements.points_per_cell());
    std::vector<SymTensor> means(cells);
    std::vector<SymTensor> all(cells * points);
    std::vector<double> volumes(cells);
    double energy = 0;
    for_each_point(elements, material, u,
                   [&](std::size_t cell, std::size_t q, double volume, const SymTensor& strain,
                       const SymTensor& stress)
                   {
                     all[points * cell + q] = strain;
                     means[cell] = means[cell] + volume * strain;
                     volumes[cell] += volume;
                     energy += 0.5 * volume * contract(stress, strain);
                   });
    for (std::size_t c = 0; c < cells; ++c)
      means[c] = (1 / volumes[c]) * means[c];
    MPI_Reduce(&energy, &solution.strain_energy, 1, MPI_DOUBLE, MPI_SUM, 0, comm);
    solution.strain = body.gathered(means, 1);
    solution.strain_points = body.gathered(all, points);
  }

  /// Supports give what is missing of the equilibrium at fixed components (external - internal is
  /// -reaction there), and springs their force; both are in `whole`, so springs at fixed components
  /// are told apart from them.
  void gather_reactions(const Field& u, const Field& whole, Solution& solution)
  {
    std::vector<Vec3> sums(restraints.supports);
    for (std::size_t n = 0; n < restraints.support.size(); ++n)
      if (restraints.support[n] >= 0)
        sums[static_cast<std::size_t>(restraints.support[n])][n % 3] -= whole.values()[n];
    for (const Restraints::Spring& spring : restraints.springs)
    {
      const double* at = u.values().data() + 3 * std::size_t{spring.node};
      sums[static_cast<std::size_t>(spring.support)] +=
          -1.0 * (spring.stiffness * Vec3{at[0], at[1], at[2]});
    }
    solution.reaction.resize(sums.size());
    MPI_Reduce(sums.data(), solution.reaction.data(), static_cast<int>(3 * sums.size()), MPI_DOUBLE,
               MPI_SUM, 0, comm);
    if (!is_root(comm))
      solution.reaction.clear();
  }
};

Engine::Engine(const SolidBody& body, const Supports& supports, MPI_Comm comm, Options options)
{
  petsc::start();
  state_ = std::make_unique<State>(body, supports, comm, options);
}

Engine::~Engine() = default;
Engine::Engine(Engine&&) noexcept = default;

std::vector<Solution> Engine::solve(const std::vector<std::vector<NodalForce>>& forces,
                                    const std::vector<double>& scale_prescribed)
{
  int count = static_cast<int>(scale_prescribed.size());
  on_root(state_->comm,
          [&]
          {
            if (forces.size() != scale_prescribed.size())
              throw std::logic_error("as many factors as load cases are needed");
            for (const auto& load : forces)
              check_forces(state_->body.known.names, state_->body.known.nodes.points, load);
          });
  MPI_Bcast(&count, 1, MPI_INT, 0, state_->comm);
  std::vector<double> scale = scale_prescribed;
  scale.resize(static_cast<std::size_t>(count));
  MPI_Bcast(scale.data(), count, MPI_DOUBLE, 0, state_->comm);
  std::vector<Solution> solutions;
  for (std::size_t n = 0; n < scale.size(); ++n)
    solutions.push_back(
        state_->solve(is_root(state_->comm) ? forces[n] : std::vector<NodalForce>{}, scale[n]));
  return solutions;
}

std::uint64_t Engine::unknowns() const
{
  return state_->body.unknowns();
}

Method Engine::method() const
{
  return state_->method;
}

} // namespace calcar::solid
