#include "analysis/solve_mesh_rig.hpp"

#include "analysis/combine.hpp"
#include "analysis/mesh_balance.hpp"
#include "base/parallel.hpp"
#include "material/criteria.hpp"
#include "mesh/nodes.hpp"
#include "model/inertia_relief.hpp"
#include "solid/rig_conditions.hpp"

#include <algorithm>
#include <chrono>
#include <memory>

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

using Loads = NodalLoads<solid::NodalForce>;

Loads loads_of(const LoadBasis& basis, const load::Rig& rig, const mesh::Mesh& mesh,
               const mesh::Nodes& nodes, const solid::BoundaryNodes& boundary)
{
  Loads loads;
  measure(boundary.points, loads);
  const auto place = [&](std::uint32_t node) { return nodes.points[node]; };
  const auto turn = [](Vec3 force) { return force; };
  const auto nodal = nodal_loads(basis, [&](const load::AppliedForce& force)
                                 { return solid::forces_of(force, boundary); });
  const auto volumes = rig.inertia_relief ? node_volumes(mesh, nodes) : std::vector<double>{};
  for (const std::vector<solid::NodalForce>& forces : nodal)
    add_load(forces,
             rig.inertia_relief ? inertia_of(forces, nodes.points, volumes)
                                : std::vector<solid::NodalForce>{},
             place, turn, loads);
  return loads;
}
/// What the responses of a rig are made of.
struct Solved
{
  explicit Solved(const mesh::MeshModel& of) : model(of) {}

  const mesh::MeshModel& model;
  mesh::Nodes nodes;
  std::vector<std::string> names; ///< of the cases
  NodalSupports<solid::Supports> supports;
  LoadBasis basis;
  Loads loads;
  std::vector<solid::Solution> solutions;
  bool inertia_relief = false;

  Response response(std::size_t c) const
  {
    const auto place = [&](std::uint32_t node) { return nodes.points[node]; };
    const auto turn = [](Vec3 force) { return force; };
    Response result =
        combine(names[c], basis.coefficients[c], solutions, supports, loads, place, turn);
    result.strain_energy = strain_energy(model, result.strain);
    result.external_work =
        external_work(loads.forces, basis.coefficients[c], result.displacement,
                      [](const solid::NodalForce& force) { return std::size_t{force.node}; });
    if (inertia_relief)
      model::remove_mean_motion(nodes.points, node_volumes(model.mesh, nodes), result.displacement);
    return result;
  }
};
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

SolvedRig solve_cases(const mesh::MeshModel& model, const solid::BoundaryNodes& boundary,
                      const load::Rig& rig, const std::vector<load::LoadCase>& cases, MPI_Comm comm,
                      const solid::Options& options, BasisChoice choice,
                      const std::vector<solid::HangingNode>& hanging)
{
  const auto start = std::chrono::steady_clock::now();
  auto solved = std::make_shared<Solved>(model);
  solid::SolidBody body;
  on_root(comm,
          [&]
          {
            body = body_of(model, hanging);
            solved->nodes = mesh::nodes_of(body.mesh);
            solved->supports = by_node(
                rig.inertia_relief ? hold_in_place(solved->nodes, hanging)
                                   : solid::supports_of(rig, body.mesh, solved->nodes, boundary));
            solved->basis = load_basis(cases, choice);
            solved->loads = loads_of(solved->basis, rig, body.mesh, solved->nodes, boundary);
          });
  auto& forces = solved->loads.forces;
  int count = static_cast<int>(forces.size());
  MPI_Bcast(&count, 1, MPI_INT, 0, comm);
  forces.resize(static_cast<std::size_t>(count));

  solid::Engine engine(body, solved->supports.each, comm, options);
  solved->solutions = engine.solve(forces, std::vector<double>(forces.size(), 0.0));

  SolvedRig result;
  if (!is_root(comm))
    return result;
  for (const load::LoadCase& load_case : cases)
    solved->names.push_back(load_case.name);
  solved->inertia_relief = rig.inertia_relief;
  result.cases = cases.size();
  result.solver = summary_of(engine, solved->solutions, model.mesh.cells());
  result.solver.seconds =
      std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
  result.response = [solved](std::size_t c) { return solved->response(c); };
  return result;
}

RigResult solve_rig(const mesh::MeshModel& model, const solid::BoundaryNodes& boundary,
                    const load::Rig& rig, const std::vector<load::LoadCase>& cases, MPI_Comm comm,
                    const solid::Options& options, BasisChoice choice,
                    const std::vector<solid::HangingNode>& hanging)
{
  return all_responses(solve_cases(model, boundary, rig, cases, comm, options, choice, hanging));
}

} // namespace calcar::analysis
