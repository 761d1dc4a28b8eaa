#include "analysis/solve_mesh_rig.hpp"
#include "mesh/hexahedra.hpp"
#include "mesh/nodes.hpp"
#include "model/boundary.hpp"
#include "unit/model/support.hpp"

#include <catch2/catch.hpp>

using namespace calcar;
using namespace calcar::analysis;

namespace
{
/// A column of voxels on a turned grid, hard on one side, once as voxels and once as the same cubes
/// of a mesh.
struct Column
{
  image::Grid grid = bodies::grid({12, 10, 14}, {1, 1.2, 0.9}, 0.5);
  model::VoxelBody body = bodies::body(
      grid, [](Vec3) { return true; }, 1000, 0.3);
  Vec3 up = grid.direction * Vec3{0, 0, 1};
  double half = 0.5 * 14 * 0.9;
  mesh::MeshModel model;

  Column()
  {
    for (std::size_t v = 0; v < body.voxels.size(); ++v)
      if (model::voxel_index(grid, body.voxels[v])[0] < 4)
        body.youngs[v] = 9000;
    model.mesh = mesh::hexahedra_of(body);
    model.youngs = body.youngs;
    model.poisson = body.poisson;
    model.volume.assign(model.mesh.cells(), grid.voxel_volume());
  }

  load::Rig rig(load::SupportKind kind) const
  {
    load::Patch patch;
    patch.name = "bottom";
    patch.weight = [axis = up, h = half](Vec3 p, Vec3)
    { return dot(p, axis) < -h + 0.01 ? 1.0 : 0.0; };
    load::Rig rig;
    rig.name = "bench";
    rig.supports.push_back({"floor", kind, patch, {{1, 0, 0}, {0, 1, 0}, {0, 0, 1}}, 5000});
    return rig;
  }

  /// On the inside of the top face, where voxels and mesh have one normal and area.
  load::LoadCase pressed() const
  {
    load::Patch patch;
    patch.name = "top";
    patch.centre = half * up;
    patch.weight = [centre = patch.centre](Vec3 p, Vec3)
    {
      const double t = norm(p - centre) / 2.2;
      return t < 1 ? 1 - t * t : 0.0;
    };
    load::LoadCase result;
    result.name = "press";
    result.forces = {{"force", patch, {120, -50, -800}}};
    return result;
  }
};

void require_alike(const Column& column, const RigResult& voxels, const RigResult& cells)
{
  const Response& a = voxels.responses.front();
  const Response& b = cells.responses.front();
  // Lattice nodes and points of the mesh both ascend by k, j, i.
  REQUIRE(a.displacement.size() == b.displacement.size());
  double largest = 0, difference = 0;
  for (std::size_t n = 0; n < a.displacement.size(); ++n)
  {
    largest = std::max(largest, norm(b.displacement[n]));
    difference = std::max(difference,
                          norm(model::to_lps(column.grid, a.displacement[n]) - b.displacement[n]));
  }
  CHECK(difference < 1e-6 * largest);
  REQUIRE(a.strain.size() == b.strain.size());
  double strain = 0, strain_difference = 0;
  for (std::size_t v = 0; v < a.strain.size(); ++v)
  {
    const SymTensor apart = model::to_lps(column.grid, a.strain[v]) + -1.0 * b.strain[v];
    strain = std::max(strain, contract(b.strain[v], b.strain[v]));
    strain_difference = std::max(strain_difference, contract(apart, apart));
  }
  CHECK(std::sqrt(strain_difference) < 1e-5 * std::sqrt(strain));
  REQUIRE(b.reactions.size() == 1);
  CHECK(norm(a.reactions[0].force - b.reactions[0].force) < 1e-4);
  CHECK(norm(b.reactions[0].force + Vec3{120, -50, -800}) < 1e-3);
  CHECK(a.external_work == Approx(b.external_work).epsilon(1e-6));
  CHECK(a.strain_energy == Approx(b.strain_energy).epsilon(1e-5));
}
} // namespace

TEST_CASE("the cubes of a mesh answer as the same voxels do")
{
  const Column column;
  const model::Lattice lattice(column.body);
  const model::Surface surface = model::surface_of(column.body, lattice);
  const auto boundary = solid::boundary_nodes(column.model.mesh);
  voxel::Options of_voxels;
  of_voxels.relative_residual = 1e-11;
  solid::Options of_mesh;
  of_mesh.relative_residual = 1e-11;
  // Clamped, and on springs that hold every direction; as themselves and by unit forces.
  for (const auto kind : {load::SupportKind::clamped, load::SupportKind::springs})
    for (const auto choice : {BasisChoice::cases, BasisChoice::unit_forces})
    {
      const load::Rig rig = column.rig(kind);
      const auto cases = {column.pressed()};
      const RigResult voxels =
          solve_rig(column.body, surface, rig, cases, MPI_COMM_WORLD, of_voxels, choice);
      const RigResult cells =
          solve_rig(column.model, boundary, rig, cases, MPI_COMM_WORLD, of_mesh, choice);
      require_alike(column, voxels, cells);
      CHECK(cells.solver.method == Method::mesh);
      CHECK(cells.solver.elements == column.body.voxels.size());
      CHECK(cells.solver.unknowns == voxels.solver.unknowns);
      CHECK(cells.solver.right_hand_sides == (choice == BasisChoice::cases ? 1 : 3));
    }
}

TEST_CASE("moduli at the integration points take the place of the cells' means")
{
  Column column;
  const auto boundary = solid::boundary_nodes(column.model.mesh);
  const auto cases = {column.pressed()};
  const load::Rig rig = column.rig(load::SupportKind::clamped);
  const RigResult means = solve_rig(column.model, boundary, rig, cases, MPI_COMM_WORLD, {});
  const auto points = static_cast<std::size_t>(
      solid::integration_points_per_cell(column.model.mesh.shape, column.model.mesh.degree));
  for (std::size_t c = 0; c < column.model.mesh.cells(); ++c)
    for (std::size_t q = 0; q < points; ++q)
    {
      column.model.point_youngs.push_back(2.0 * static_cast<double>(column.model.youngs[c]));
      column.model.point_poisson.push_back(static_cast<double>(column.model.poisson[c]));
    }
  const RigResult twice = solve_rig(column.model, boundary, rig, cases, MPI_COMM_WORLD, {});
  CHECK(twice.responses[0].external_work ==
        Approx(0.5 * means.responses[0].external_work).epsilon(1e-6));
}

TEST_CASE("a support that no node of the mesh lies in is refused by name")
{
  const Column column;
  const auto boundary = solid::boundary_nodes(column.model.mesh);
  load::Rig rig = column.rig(load::SupportKind::clamped);
  rig.supports[0].patch.weight = [](Vec3, Vec3) { return 0.0; };
  CHECK_THROWS_WITH(solve_rig(column.model, boundary, rig, {column.pressed()}, MPI_COMM_WORLD, {}),
                    Catch::Contains("support \"floor\" of rig \"bench\"") &&
                        Catch::Contains("no node of the mesh lies where it should hold"));
}
