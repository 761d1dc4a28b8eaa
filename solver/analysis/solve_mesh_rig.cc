#include "analysis/solve_mesh_rig.hpp"

#include "analysis/combine.hpp"
#include "base/parallel.hpp"
#include "material/criteria.hpp"
#include "solid/rig_conditions.hpp"

#include <algorithm>
#include <chrono>

namespace calcar::analysis
{
namespace
{
std::string name_of(solid::Method method)
{
  switch (method)
  {
  case solid::Method::gamg:
    return "GAMG";
  case solid::Method::mumps:
    return "MUMPS";
  case solid::Method::automatic:
  case solid::Method::boomeramg:
    break;
  }
  return "BoomerAMG";
}

SolverSummary summary_of(const solid::Engine& engine, const std::vector<solid::Solution>& solutions,
                         std::size_t cells)
{
  SolverSummary summary;
  summary.method = Method::mesh;
  summary.unknowns = engine.unknowns();
  summary.elements = cells;
  summary.preconditioner = name_of(engine.method());
  summary.right_hand_sides = static_cast<int>(solutions.size());
  for (const solid::Solution& solution : solutions)
  {
    summary.iterations = std::max(summary.iterations, solution.report.iterations);
    summary.iterations_total += solution.report.iterations;
    summary.relative_residual =
        std::max(summary.relative_residual, solution.report.relative_residual);
    summary.at_rounding_limit = summary.at_rounding_limit || solution.report.at_rounding_limit;
    if (summary.fallback.empty())
      summary.fallback = solution.report.fallback;
  }
  return summary;
}

/// By Hooke's law from the cells' mean strains.
double strain_energy(const mesh::MeshModel& model, const std::vector<SymTensor>& strain)
{
  double energy = 0;
  for (std::size_t c = 0; c < strain.size(); ++c)
    energy += 0.5 * model.volume[c] *
              contract(material::hooke(strain[c], static_cast<double>(model.youngs[c]),
                                       static_cast<double>(model.poisson[c])),
                       strain[c]);
  return energy;
}
} // namespace

solid::SolidBody body_of(const mesh::MeshModel& model,
                         const std::vector<solid::HangingNode>& hanging)
{
  solid::SolidBody body;
  body.mesh = model.mesh;
  body.hanging = hanging;
  const bool at_points = !model.point_youngs.empty();
  if (at_points)
  {
    body.youngs = model.point_youngs;
    body.poisson = model.point_poisson;
  }
  else
  {
    body.youngs.assign(model.youngs.begin(), model.youngs.end());
    body.poisson.assign(model.poisson.begin(), model.poisson.end());
  }
  return body;
}

RigResult solve_rig(const mesh::MeshModel& model, const solid::BoundaryNodes& boundary,
                    const load::Rig& rig, const std::vector<load::LoadCase>& cases, MPI_Comm comm,
                    const solid::Options& options, BasisChoice choice,
                    const std::vector<solid::HangingNode>& hanging)
{
  const auto start = std::chrono::steady_clock::now();
  solid::SolidBody body;
  solid::Supports supports;
  LoadBasis basis;
  std::vector<std::vector<solid::NodalForce>> loads;
  on_root(comm,
          [&]
          {
            body = body_of(model, hanging);
            supports = solid::supports_of(rig, body.mesh, mesh::nodes_of(body.mesh), boundary);
            basis = load_basis(cases, choice);
            loads = nodal_loads(basis, [&](const load::AppliedForce& force)
                                { return solid::forces_of(force, boundary); });
          });
  int count = static_cast<int>(loads.size());
  MPI_Bcast(&count, 1, MPI_INT, 0, comm);
  loads.resize(static_cast<std::size_t>(count));

  solid::Engine engine(body, supports, comm, options);
  const auto solutions = engine.solve(loads, std::vector<double>(loads.size(), 0.0));

  RigResult result;
  if (!is_root(comm))
    return result;
  for (std::size_t c = 0; c < cases.size(); ++c)
  {
    Response response = combine(cases[c].name, basis.coefficients[c], solutions, supports.names);
    response.strain_energy = strain_energy(model, response.strain);
    response.external_work =
        external_work(loads, basis.coefficients[c], response.displacement,
                      [](const solid::NodalForce& force) { return std::size_t{force.node}; });
    result.responses.push_back(std::move(response));
  }
  result.solver = summary_of(engine, solutions, model.mesh.cells());
  result.solver.seconds =
      std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
  return result;
}

} // namespace calcar::analysis
