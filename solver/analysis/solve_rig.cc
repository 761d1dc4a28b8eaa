#include "analysis/solve_rig.hpp"

#include "analysis/combine.hpp"
#include "base/parallel.hpp"
#include "model/boundary.hpp"
#include "model/inertia_relief.hpp"

#include <algorithm>
#include <chrono>
#include <memory>
#include <tuple>
#include <utility>

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
    summary.newton_total += solution.report.newton;
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
/// by Hooke's law in all voxels that are not contact.
double strain_energy(const model::VoxelBody& body, const model::VoxelContact& contact,
                     const std::vector<SymTensor>& strain)
{
  double energy = 0;
  const double volume = body.grid.voxel_volume();
  auto next = contact.voxels.begin();
  for (std::size_t v = 0; v < strain.size(); ++v)
  {
    if (next != contact.voxels.end() && next->voxel == body.voxels[v])
    {
      ++next;
      continue;
    }
    const double e = body.youngs[v];
    const double nu = body.poisson[v];
    const double lambda = e * nu / ((1 + nu) * (1 - 2 * nu));
    const double mu = e / (2 * (1 + nu));
    const double tr = trace(strain[v]);
    energy += 0.5 * volume * (lambda * tr * tr + 2 * mu * contract(strain[v], strain[v]));
  }
  return energy;
}

/// 1/2 V (loose E : E + pressure times the strain along the normal) of the contact voxels.
double energy_of_contact(const model::VoxelBody& body, const model::VoxelContact& contact,
                         const Response& response)
{
  double energy = 0;
  std::size_t v = 0;
  for (std::size_t n = 0; n < contact.voxels.size(); ++n)
  {
    const model::ContactVoxel& voxel = contact.voxels[n];
    while (body.voxels[v] != voxel.voxel)
      ++v;
    const SymTensor& e = response.strain[v];
    energy += static_cast<double>(voxel.loose_MPa) * contract(e, e) -
              response.contact_pressure[n] * dot(voxel.normal, e * voxel.normal);
  }
  return 0.5 * body.grid.voxel_volume() * energy;
}

struct PlaceOf
{
  const image::Grid& grid;
  Vec3 operator()(const model::NodeIndex& node) const { return model::node_position(grid, node); }
};

struct TurnToLps
{
  const image::Grid& grid;
  Vec3 operator()(Vec3 force) const { return model::to_lps(grid, force); }
};

using Loads = NodalLoads<model::NodalForce>;

/// The loads of a basis on a body; `mass` is empty unless inertia balances them.
Loads loads_of(const LoadBasis& basis, const model::VoxelBody& body, const model::Surface& surface,
               const model::MassPoints& mass)
{
  Loads loads;
  measure(surface.points, loads);
  const auto nodal = nodal_loads(basis, [&](const load::AppliedForce& force)
                                 { return model::forces_of(force, body, surface); });
  for (const std::vector<model::NodalForce>& forces : nodal)
    add_load(forces,
             mass.points.empty() ? std::vector<model::NodalForce>{}
                                 : model::inertia_of(mass, body.grid, forces),
             PlaceOf{body.grid}, TurnToLps{body.grid}, loads);
  return loads;
}

/// What the responses of a rig are made of.
struct Solved
{
  explicit Solved(const model::VoxelBody& of) : body(of) {}

  const model::VoxelBody& body;
  model::VoxelContact contact;
  std::vector<std::string> names; ///< of the cases
  NodalSupports<model::VoxelSupports> supports;
  LoadBasis basis;
  Loads loads;
  std::vector<voxel::Solution> solutions;
  std::vector<model::NodeIndex> nodes;
  model::MassPoints mass; ///< of the body, where inertia balances the forces

  std::size_t number(const model::NodeIndex& node) const
  {
    return static_cast<std::size_t>(
        std::lower_bound(nodes.begin(), nodes.end(), node, comes_before) - nodes.begin());
  }

  Response response(std::size_t c) const
  {
    Response result = combine(names[c], basis.coefficients[c], solutions, supports, loads,
                              PlaceOf{body.grid}, TurnToLps{body.grid});
    result.strain_energy = strain_energy(body, contact, result.strain);
    if (!contact.empty())
    {
      result.contact_pressure = solutions[c].contact_pressure; // each case is its own solution
      result.strain_energy += energy_of_contact(body, contact, result);
    }
    result.external_work =
        external_work(loads.forces, basis.coefficients[c], result.displacement,
                      [&](const model::NodalForce& force) { return number(force.node); });
    if (!mass.points.empty())
      model::remove_mean_motion(mass.points, mass.masses, result.displacement);
    return result;
  }
};
} // namespace

SolvedRig solve_cases(const model::VoxelBody& body, const model::Surface& surface,
                      const load::Rig& rig, const std::vector<load::LoadCase>& cases, MPI_Comm comm,
                      const voxel::Options& options, BasisChoice choice,
                      const model::VoxelContact* contact)
{
  const auto start = std::chrono::steady_clock::now();
  auto solved = std::make_shared<Solved>(body);
  on_root(comm,
          [&]
          {
            solved->supports = by_node(model::supports_of(rig, body, surface));
            if (contact)
              solved->contact = *contact;
            solved->basis =
                load_basis(cases, solved->contact.empty() ? choice : BasisChoice::cases);
            if (rig.inertia_relief)
              solved->mass = model::mass_points(body);
            solved->loads = loads_of(solved->basis, body, surface, solved->mass);
          });
  auto& forces = solved->loads.forces;
  int count = static_cast<int>(forces.size());
  MPI_Bcast(&count, 1, MPI_INT, 0, comm);
  forces.resize(static_cast<std::size_t>(count));

  voxel::Engine engine(body, solved->supports.each, comm, options, solved->contact);
  solved->solutions = engine.solve(forces, std::vector<double>(forces.size(), 0.0));

  SolvedRig result;
  if (!is_root(comm))
    return result;
  for (const load::LoadCase& load_case : cases)
    solved->names.push_back(load_case.name);
  solved->nodes = engine.nodes();
  result.cases = cases.size();
  result.nodes = solved->nodes;
  result.solver = summary_of(engine, solved->solutions, body);
  result.solver.seconds =
      std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
  result.response = [solved](std::size_t c) { return solved->response(c); };
  return result;
}

RigResult solve_rig(const model::VoxelBody& body, const model::Surface& surface,
                    const load::Rig& rig, const std::vector<load::LoadCase>& cases, MPI_Comm comm,
                    const voxel::Options& options, BasisChoice choice,
                    const model::VoxelContact* contact)
{
  return all_responses(solve_cases(body, surface, rig, cases, comm, options, choice, contact));
}

RigResult all_responses(SolvedRig solved)
{
  RigResult result;
  for (std::size_t c = 0; c < solved.cases; ++c)
    result.responses.push_back(solved.response(c));
  result.solver = std::move(solved.solver);
  result.nodes = std::move(solved.nodes);
  return result;
}

} // namespace calcar::analysis
