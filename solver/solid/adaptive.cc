#include "solid/adaptive.hpp"

#include "base/error.hpp"
#include "base/parallel.hpp"
#include "base/text.hpp"
#include "mesh/nodes.hpp"
#include "solid/checks.hpp"
#include "solid/engine.hpp"
#include "solid/error_estimate.hpp"

#include <cmath>
#include <map>
#include <stdexcept>

namespace calcar::solid
{
namespace
{

void check_coarse(const AdaptiveBody& body)
{
  if (body.coarse.shape != mesh::CellShape::hexahedron)
    return; // the grid refuses it
  if (!body.moduli || !body.fixed)
    throw std::logic_error("an adaptive body needs moduli and supports");
  SolidBody shape;
  shape.mesh = body.coarse;
  shape.youngs.assign(shape.mesh.cells(), 1);
  shape.poisson.assign(shape.mesh.cells(), 0);
  check_body(shape);
}

bool good(const Moduli& m)
{
  return m.youngs > 1e-30 && std::isfinite(m.youngs) && m.poisson > -1 && m.poisson < 0.5;
}

SolidBody body_on(const RefinedMesh& refined, const AdaptiveBody& given)
{
  SolidBody body;
  body.mesh = refined.mesh;
  body.hanging = refined.hanging;
  for (const Vec3& p : integration_points(refined.mesh))
  {
    const Moduli m = given.moduli(p);
    if (!good(m))
      throw InputError(Fault::data,
                       {"adaptive mesh",
                        "moduli out of range at (" + format_number(p.x) + ", " +
                            format_number(p.y) + ", " + format_number(p.z) + ") mm",
                        "Young's modulus more than 0 and finite, Poisson's ratio more than -1 and "
                        "less than 0.5",
                        "check the material", ""});
    body.youngs.push_back(m.youngs);
    body.poisson.push_back(m.poisson);
  }
  return body;
}

/// The mean outward normal of a quadrilateral.
Vec3 normal_of(const mesh::Mesh& mesh, const mesh::FaceOfCell& face)
{
  const auto c = mesh::face_corners(mesh, face);
  return normalized(
      cross(mesh.points[c[2]] - mesh.points[c[0]], mesh.points[c[3]] - mesh.points[c[1]]));
}

/// Asks at the nodes of every face; the first face that fixes a component decides.
Supports supports_on(const RefinedMesh& refined, const AdaptiveBody& given)
{
  const mesh::Mesh& mesh = refined.mesh;
  const mesh::Nodes nodes = mesh::nodes_of(mesh);
  std::map<std::pair<std::uint32_t, int>, double> fixed;
  for (const mesh::FaceOfCell& face : refined.boundary)
    for (const std::uint8_t n : mesh::nodes_of_face(mesh.shape, mesh.degree, face.face))
    {
      const std::uint32_t node = nodes.cell(face.cell)[n];
      const FixedAt at = given.fixed(nodes.points[node], normal_of(mesh, face));
      for (int axis = 0; axis < 3; ++axis)
        if (at[static_cast<std::size_t>(axis)])
          fixed.emplace(std::pair{node, axis}, *at[static_cast<std::size_t>(axis)]);
    }
  Supports supports;
  supports.names = {"supports"};
  for (const auto& [component, displacement] : fixed)
    supports.fixed.push_back({component.first, component.second, displacement, 0});
  return supports;
}

std::vector<NodalForce> forces_on(const RefinedMesh& refined, const AdaptiveBody& given)
{
  std::vector<NodalForce> forces;
  if (given.traction)
    forces = traction_forces(refined.mesh, refined.boundary, given.traction);
  if (given.body_force)
    for (const NodalForce& force : body_forces(refined.mesh, given.body_force))
      forces.push_back(force);
  return forces;
}

std::vector<AdaptiveCell> cells_of(const mesh::Mesh& mesh, const Solution& solution,
                                   const ErrorEstimate& estimate)
{
  std::vector<AdaptiveCell> cells(mesh.cells());
  for (std::size_t c = 0; c < cells.size(); ++c)
  {
    for (std::size_t n = 0; n < 8; ++n)
    {
      cells[c].corners[n] = mesh.points[mesh.cell(c)[n]];
      cells[c].displacement[n] = solution.displacement[mesh.cell(c)[n]]; // points come first
    }
    cells[c].strain = solution.strain[c];
    cells[c].strain_error = estimate.strain_error[c];
    cells[c].uncertainty = estimate.uncertainty(c);
    cells[c].energy_error = std::sqrt(estimate.squared[c]);
  }
  return cells;
}

/// Solves on a mesh, and tells step and cells.
ErrorEstimate solve_on(const RefinedMesh& refined, const AdaptiveBody& given,
                       const AdaptiveOptions& options, MPI_Comm comm, AdaptiveSolution& result)
{
  SolidBody body;
  Supports supports;
  std::vector<std::vector<NodalForce>> loads(1);
  on_root(comm,
          [&]
          {
            body = body_on(refined, given);
            supports = supports_on(refined, given);
            loads[0] = forces_on(refined, given);
          });
  Engine engine(body, supports, comm,
                {options.relative_residual, options.max_iterations, Method::automatic});
  const Solution solution = engine.solve(loads, {1.0})[0];
  AdaptiveStep step;
  ErrorEstimate estimate;
  if (is_root(comm))
  {
    estimate = ErrorEstimator(body).estimate(solution.strain_points);
    result.cells = cells_of(body.mesh, solution, estimate);
    step = {body.mesh.cells(), engine.unknowns(),       estimate.energy,
            estimate.error,    estimate.relative_error, solution.report.iterations};
  }
  MPI_Bcast(&step, sizeof step, MPI_BYTE, 0, comm);
  result.steps.push_back(step);
  return estimate;
}

} // namespace

RefinementEnd refine_until(AdaptiveGrid& grid, const RefinementOptions& options,
                           const std::function<MeshErrors(const RefinedMesh&)>& solve,
                           const std::function<bool(const RefinedMesh&)>& allowed, MPI_Comm comm)
{
  for (int meshes = 1;; ++meshes)
  {
    const MeshErrors errors = solve(grid.mesh());
    int small = errors.relative_error <= options.tolerance;
    MPI_Bcast(&small, 1, MPI_INT, 0, comm);
    if (small)
      return RefinementEnd::tolerance;
    if (meshes >= options.most_meshes)
      return RefinementEnd::most_meshes;
    grid.refine(options.everywhere ? std::vector<std::uint8_t>(errors.squared.size(), 1)
                                   : mark_largest(errors.squared, options.share));
    int more = 3 * std::uint64_t{grid.mesh().nodes} > options.most_unknowns;
    MPI_Bcast(&more, 1, MPI_INT, 0, comm);
    if (more)
      return RefinementEnd::most_unknowns;
    int goes_on = allowed(grid.mesh());
    MPI_Bcast(&goes_on, 1, MPI_INT, 0, comm);
    if (!goes_on)
      return RefinementEnd::not_allowed;
  }
}

AdaptiveSolution solve_adaptively(const AdaptiveBody& body, MPI_Comm comm,
                                  const AdaptiveOptions& options)
{
  on_root(comm, [&] { check_coarse(body); });
  AdaptiveGrid grid(body.coarse, comm);
  AdaptiveSolution result;
  const auto solve = [&](const RefinedMesh& refined)
  {
    const ErrorEstimate estimate = solve_on(refined, body, options, comm, result);
    return MeshErrors{estimate.squared, estimate.relative_error};
  };
  const RefinementEnd end = refine_until(
      grid, options, solve, [](const RefinedMesh&) { return true; }, comm);
  result.reached_tolerance = end == RefinementEnd::tolerance;
  return result;
}

} // namespace calcar::solid
