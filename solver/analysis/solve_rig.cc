#include "analysis/solve_rig.hpp"

#include "analysis/combine.hpp"
#include "base/parallel.hpp"
#include "model/boundary.hpp"

#include <algorithm>
#include <chrono>
#include <tuple>

namespace calcar::analysis
{
namespace
{
SolverSummary summary_of(const voxel::Engine& engine, const std::vector<voxel::Solution>& solutions,
                         const model::VoxelBody& body)
{
  SolverSummary summary;
  summary.unknowns = engine.unknowns();
  summary.elements = body.voxels.size();
  summary.levels = engine.levels();
  summary.right_hand_sides = static_cast<int>(solutions.size());
  for (const voxel::Solution& solution : solutions)
  {
    summary.iterations = std::max(summary.iterations, solution.report.iterations);
    summary.iterations_total += solution.report.iterations;
    summary.relative_residual =
        std::max(summary.relative_residual, solution.report.relative_residual);
    summary.at_rounding_limit = summary.at_rounding_limit || solution.report.at_rounding_limit;
    summary.aggregation = summary.aggregation || solution.report.aggregation;
    summary.aggregation_left_out =
        summary.aggregation_left_out || solution.report.aggregation_left_out;
    summary.check = merge(summary.check, solution.report.check);
  }
  return summary;
}

/// The order of Engine::nodes().
bool comes_before(const model::NodeIndex& a, const model::NodeIndex& b)
{
  return std::tie(a.k, a.j, a.i) < std::tie(b.k, b.j, b.i);
}

/// 1/2 sum over forces of f . u is the strain energy when nothing but forces moves the body; here
/// by Hooke's law.
double strain_energy(const model::VoxelBody& body, const std::vector<SymTensor>& strain)
{
  double energy = 0;
  const double volume = body.grid.voxel_volume();
  for (std::size_t v = 0; v < strain.size(); ++v)
  {
    const double e = body.youngs[v];
    const double nu = body.poisson[v];
    const double lambda = e * nu / ((1 + nu) * (1 - 2 * nu));
    const double mu = e / (2 * (1 + nu));
    const double tr = trace(strain[v]);
    energy += 0.5 * volume * (lambda * tr * tr + 2 * mu * contract(strain[v], strain[v]));
  }
  return energy;
}
} // namespace

RigResult solve_rig(const model::VoxelBody& body, const model::Surface& surface,
                    const load::Rig& rig, const std::vector<load::LoadCase>& cases, MPI_Comm comm,
                    const voxel::Options& options, BasisChoice choice)
{
  const auto start = std::chrono::steady_clock::now();
  model::VoxelSupports supports;
  LoadBasis basis;
  std::vector<std::vector<model::NodalForce>> loads;
  on_root(comm,
          [&]
          {
            supports = model::supports_of(rig, body, surface);
            basis = load_basis(cases, choice);
            loads = nodal_loads(basis, [&](const load::AppliedForce& force)
                                { return model::forces_of(force, body, surface); });
          });
  int count = static_cast<int>(loads.size());
  MPI_Bcast(&count, 1, MPI_INT, 0, comm);
  loads.resize(static_cast<std::size_t>(count));

  voxel::Engine engine(body, supports, comm, options);
  const auto solutions = engine.solve(loads, std::vector<double>(loads.size(), 0.0));

  RigResult result;
  if (!is_root(comm))
    return result;
  result.nodes = engine.nodes();
  const auto number = [&](const model::NodalForce& force)
  {
    return static_cast<std::size_t>(
        std::lower_bound(result.nodes.begin(), result.nodes.end(), force.node, comes_before) -
        result.nodes.begin());
  };
  for (std::size_t c = 0; c < cases.size(); ++c)
  {
    Response response = combine(cases[c].name, basis.coefficients[c], solutions, supports.names);
    for (Reaction& reaction : response.reactions)
      reaction.force = model::to_lps(body.grid, reaction.force);
    response.strain_energy = strain_energy(body, response.strain);
    response.external_work =
        external_work(loads, basis.coefficients[c], response.displacement, number);
    result.responses.push_back(std::move(response));
  }
  result.solver = summary_of(engine, solutions, body);
  result.solver.seconds =
      std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
  return result;
}

} // namespace calcar::analysis
