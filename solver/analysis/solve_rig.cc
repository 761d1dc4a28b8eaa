#include "analysis/solve_rig.hpp"

#include "base/parallel.hpp"
#include "model/boundary.hpp"

#include <algorithm>
#include <chrono>

namespace calcar::analysis
{
namespace
{
/// sum over l of coefficients[l] * solutions[l], with vectors turned into LPS where they leave the
/// grid.
Response combine(const std::string& name, const std::vector<double>& coefficients,
                 const std::vector<voxel::Solution>& solutions,
                 const std::vector<std::string>& supports, const image::Grid& grid)
{
  Response response;
  response.name = name;
  response.strain.resize(solutions.front().strain.size());
  response.displacement.resize(solutions.front().displacement.size());
  for (const std::string& support : supports)
    response.reactions.push_back({support, {}});
  for (std::size_t l = 0; l < solutions.size(); ++l)
  {
    const double c = coefficients[l];
    if (c == 0)
      continue;
    for (std::size_t v = 0; v < response.strain.size(); ++v)
      response.strain[v] = response.strain[v] + c * solutions[l].strain[v];
    for (std::size_t n = 0; n < response.displacement.size(); ++n)
      response.displacement[n] += c * solutions[l].displacement[n];
    for (std::size_t s = 0; s < supports.size(); ++s)
      response.reactions[s].force += c * model::to_lps(grid, solutions[l].reaction[s]);
  }
  return response;
}

SolverSummary summary_of(const voxel::Engine& engine, const std::vector<voxel::Solution>& solutions,
                         const model::VoxelBody& body)
{
  SolverSummary summary;
  summary.unknowns = engine.unknowns();
  summary.voxels = body.voxels.size();
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

std::optional<voxel::SolverCheck> merge(const std::optional<voxel::SolverCheck>& a,
                                        const std::optional<voxel::SolverCheck>& b)
{
  if (!a || !b)
    return a ? a : b;
  return voxel::SolverCheck{std::max(a->displacement_difference, b->displacement_difference),
                            std::max(a->reaction_difference, b->reaction_difference),
                            std::max(a->energy_difference, b->energy_difference),
                            std::max(a->unknowns, b->unknowns), a->seconds + b->seconds};
}

SolverSummary merge(const SolverSummary& a, const SolverSummary& b)
{
  SolverSummary sum = a;
  sum.unknowns = std::max(a.unknowns, b.unknowns);
  sum.voxels = std::max(a.voxels, b.voxels);
  sum.levels = std::max(a.levels, b.levels);
  sum.right_hand_sides = a.right_hand_sides + b.right_hand_sides;
  sum.iterations = std::max(a.iterations, b.iterations);
  sum.iterations_total = a.iterations_total + b.iterations_total;
  sum.relative_residual = std::max(a.relative_residual, b.relative_residual);
  sum.at_rounding_limit = a.at_rounding_limit || b.at_rounding_limit;
  sum.aggregation = a.aggregation || b.aggregation;
  sum.aggregation_left_out = a.aggregation_left_out || b.aggregation_left_out;
  sum.seconds = a.seconds + b.seconds;
  sum.check = merge(a.check, b.check);
  return sum;
}

RigResult solve_rig(const model::VoxelBody& body, const model::Surface& surface,
                    const load::Rig& rig, const std::vector<load::LoadCase>& cases, MPI_Comm comm,
                    const voxel::Options& options, BasisChoice choice)
{
  const auto start = std::chrono::steady_clock::now();
  model::VoxelSupports supports;
  LoadBasis basis;
  on_root(comm,
          [&]
          {
            supports = model::supports_of(rig, body, surface);
            basis = load_basis(cases, body, surface, choice);
          });
  int loads = static_cast<int>(basis.loads.size());
  MPI_Bcast(&loads, 1, MPI_INT, 0, comm);
  basis.loads.resize(static_cast<std::size_t>(loads));

  voxel::Engine engine(body, supports, comm, options);
  const auto solutions = engine.solve(basis.loads, std::vector<double>(basis.loads.size(), 0.0));

  RigResult result;
  if (!is_root(comm))
    return result;
  for (std::size_t c = 0; c < cases.size(); ++c)
  {
    result.responses.push_back(
        combine(cases[c].name, basis.coefficients[c], solutions, supports.names, body.grid));
    result.responses.back().strain_energy = strain_energy(body, result.responses.back().strain);
  }
  result.solver = summary_of(engine, solutions, body);
  result.nodes = engine.nodes();
  result.solver.seconds =
      std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
  return result;
}

} // namespace calcar::analysis
