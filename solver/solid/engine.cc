#include "solid/engine.hpp"

#include "base/error.hpp"
#include "base/parallel.hpp"
#include "base/text.hpp"
#include "mesh/nodes.hpp"
#include "petsc/session.hpp"
#include "solid/assembly.hpp"
#include "solid/checks.hpp"
#include "solid/linear_solver.hpp"
#include "solid/numbering.hpp"
#include "solid/refinement.hpp"
#include "solid/spread.hpp"

#include <algorithm>
#include <array>
#include <chrono>
#include <cmath>
#include <utility>

namespace calcar::solid
{
namespace
{

/// Up to this many unknowns a factorisation is quicker than building a hierarchy.
constexpr std::uint64_t small_body = 6000;

Method chosen(Method asked, std::uint64_t unknowns)
{
  if (asked != Method::automatic)
    return asked;
  return unknowns <= small_body ? Method::mumps : Method::boomeramg;
}

/// Up to this many unknowns there is memory for factors where iterations do not converge.
constexpr std::uint64_t most_to_factor = 60000;

/// What to try where a method does not converge; the same for nothing.
Method instead_of(Method method, Method asked, std::uint64_t unknowns)
{
  if (method == Method::gamg)
    return Method::boomeramg;
  const bool may_factor = asked == Method::automatic && unknowns <= most_to_factor;
  return may_factor ? Method::mumps : method;
}

/// What of the mesh is needed after the set-up, on rank 0.
struct Known
{
  mesh::Mesh names; ///< points, their tags and the file, for messages
  mesh::Nodes nodes;
  std::vector<HangingNode> hanging;
  Supports supports;
};

Known check(const SolidBody& body, const Supports& supports, MPI_Comm comm)
{
  Known known;
  on_root(comm,
          [&]
          {
            check_body(body);
            known.nodes = mesh::nodes_of(body.mesh);
            known.hanging = body.hanging;
            check_hanging(known.hanging, known.nodes.points);
            known.supports = on_free_nodes(supports, known.hanging);
            check_supports(body, known.nodes, known.supports);
            known.names.points = body.mesh.points;
            known.names.point_tags = body.mesh.point_tags;
            known.names.source = body.mesh.source;
          });
  return known;
}

/// Numbers the nodes, and ties those that hang.
Numbering number_and_tie(const Known& known, Elements& elements, MPI_Comm comm)
{
  Numbering numbering = number_nodes(elements, known.nodes.of_cell, comm);
  const HangingRows hanging = spread_hanging(known.hanging, numbering.row_of_node, comm);
  if (!hanging.rows.empty())
    elements.tie(hanging);
  return numbering;
}

/// E and nu of each cell or point in the order in which the ranks have the cells.
std::vector<double> moduli(const SolidBody& body, const Numbering& numbering, MPI_Comm comm,
                           const Elements& elements)
{
  std::vector<std::array<double, 2>> pairs;
  int per_cell = 1;
  if (is_root(comm))
  {
    for (std::size_t n = 0; n < body.youngs.size(); ++n)
      pairs.push_back({body.youngs[n], body.poisson[n]});
    per_cell = static_cast<int>(body.youngs.size() / body.mesh.cells());
    pairs = in_ranks(pairs, static_cast<std::size_t>(per_cell), numbering);
  }
  MPI_Bcast(&per_cell, 1, MPI_INT, 0, comm);
  const auto own =
      scatter(pairs, elements.cells().size() * static_cast<std::size_t>(per_cell), comm);
  std::vector<double> properties;
  for (const auto& pair : own)
    properties.insert(properties.end(), pair.begin(), pair.end());
  return properties;
}

double seconds_since(std::chrono::steady_clock::time_point start)
{
  return std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
}

} // namespace

struct Engine::State
{
  MPI_Comm comm;
  Options options;
  Known known;
  Elements elements;
  Numbering numbering;
  Restraints restraints;
  MaterialPoints material;
  LinearSolver solver;
  Method method;

  State(const SolidBody& body, const Supports& supports, MPI_Comm communicator, Options asked)
      : comm(communicator), options(asked), known(check(body, supports, comm)),
        elements(body.mesh, comm), numbering(number_and_tie(known, elements, comm)),
        restraints(spread_supports(known.supports, elements, numbering, comm)),
        material{linear_elasticity(), moduli(body, numbering, comm, elements), {}},
        solver(elements, comm), method(chosen(asked.method, unknowns()))
  {
    known.nodes.of_cell = {};
    const Field zero(elements, comm);
    assemble_tangent(elements, material, restraints, zero, solver);
    std::vector<Vec3> points;
    if (is_root(comm))
      points = in_rows(known.nodes.points, numbering);
    solver.finish(method, scatter(points, elements.owned(), comm));
  }

  std::uint64_t unknowns() const { return 3 * std::uint64_t{elements.nodes()}; }

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
    return refine({elements, solver, method, instead_of(method, options.method, unknowns()),
                   options, comm, residual_of},
                  u, whole);
  }

  Solution solve(const std::vector<NodalForce>& forces, double scale_prescribed)
  {
    const auto start = std::chrono::steady_clock::now();
    std::vector<Vec3> rows;
    if (is_root(comm))
    {
      rows.resize(elements.nodes());
      for (const NodalForce& force : forces)
        rows[numbering.row_of_node[force.node]] += force.force;
      for (const HangingNode& tie : known.hanging)
      {
        const Vec3 force = std::exchange(rows[numbering.row_of_node[tie.node]], {});
        for (std::size_t m = 0; m < tie.masters.size(); ++m)
          rows[numbering.row_of_node[tie.masters[m]]] += tie.weights[m] * force;
      }
    }
    std::vector<double> external;
    for (const Vec3& force : scatter(rows, elements.owned(), comm))
      external.insert(external.end(), {force.x, force.y, force.z});
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
    gather_displacement(u, solution);
    gather_strain(u, solution);
    gather_reactions(u, whole, solution);
    return solution;
  }

  void gather_displacement(const Field& u, Solution& solution)
  {
    std::vector<Vec3> own;
    for (std::size_t n = 0; n < elements.owned(); ++n)
      own.push_back({u.values()[3 * n], u.values()[3 * n + 1], u.values()[3 * n + 2]});
    own = gather(own, comm);
    if (is_root(comm))
      solution.displacement = in_nodes(own, numbering);
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
    means = gather(means, comm);
    all = gather(all, comm);
    if (!is_root(comm))
      return;
    solution.strain = in_cells(means, 1, numbering);
    solution.strain_points = in_cells(all, points, numbering);
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
              check_forces(state_->known.names, state_->known.nodes.points, load);
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
  return state_->unknowns();
}

Method Engine::method() const
{
  return state_->method;
}

} // namespace calcar::solid
