// A body with layers, and one without supports: any number of ranks gives what one rank gives.

#include "analysis/solve_mesh_rig.hpp"
#include "base/parallel.hpp"
#include "mesh/hexahedra.hpp"
#include "model/layers.hpp"
#include "unit/model/cylinder.hpp"

#include <catch2/catch.hpp>

using namespace calcar;
using namespace calcar::analysis;

namespace
{
/// Whether a condition that was evaluated on rank 0 holds; the same answer on every rank.
bool agreed(bool condition)
{
  int value = condition ? 1 : 0;
  MPI_Bcast(&value, 1, MPI_INT, 0, MPI_COMM_WORLD);
  return value == 1;
}

/// A cylinder of bone with a disc on top.
struct Column
{
  Cylinder cylinder{0.3};
  model::VoxelModel model;
  model::Surface surface;

  Column()
  {
    model::VoxelModel bone;
    bone.body = cylinder.body;
    const std::size_t count = bone.body.voxels.size();
    bone.tissue.assign(count, model::TissueKind::bone);
    bone.ash.assign(count, 0.5F);
    bone.compressive_strength.assign(count, 8);
    bone.tensile_strength.assign(count, 6);
    load::Rig rig;
    rig.layers = {{"disc", "", "growth_plate", geometry::cylinder({}, 14 * cylinder.up, 5.3),
                   cylinder.up, 0}};
    model = model::with_layers(bone, model::layer_voxels(bone.body, rig));
    surface = model::surface_of(model.body, model::Lattice(model.body));
  }

  std::vector<load::LoadCase> cases() const
  {
    load::Patch top;
    top.name = "top";
    top.centre = 14 * cylinder.up;
    top.weight = [axis = cylinder.up](Vec3 p, Vec3 normal)
    { return dot(p, axis) > 12 && dot(normal, axis) > 0.5 ? 1.0 : 0.0; };
    load::LoadCase press, twist;
    press.name = "press";
    press.forces = {{"press", top, -200 * cylinder.up, {}, 0.3},
                    {"push", cylinder.side(), {-90, 40, 20}, {}, 0}};
    twist.name = "twist";
    twist.forces = {{"twist", top, {0, 20, 0}, 600 * cylinder.up, 0}};
    return {press, twist};
  }

  load::Rig rig(bool floating) const
  {
    load::Rig rig;
    rig.name = floating ? "floating" : "held";
    rig.inertia_relief = floating;
    if (!floating)
      rig.supports.push_back({"floor", load::SupportKind::clamped, cylinder.bottom(), {}, 0});
    return rig;
  }
};

voxel::Options tight()
{
  voxel::Options options;
  options.relative_residual = 1e-12;
  return options;
}

/// Largest difference of displacements and strains, each over the largest.
double difference(const Response& a, const Response& b)
{
  double u = 0, du = 0, e = 0, de = 0;
  for (std::size_t n = 0; n < b.displacement.size(); ++n)
  {
    u = std::max(u, norm(b.displacement[n]));
    du = std::max(du, norm(a.displacement[n] - b.displacement[n]));
  }
  for (std::size_t v = 0; v < b.strain.size(); ++v)
  {
    const SymTensor apart = a.strain[v] + -1.0 * b.strain[v];
    e = std::max(e, contract(b.strain[v], b.strain[v]));
    de = std::max(de, contract(apart, apart));
  }
  return std::max(du / u, std::sqrt(de / e));
}
} // namespace

TEST_CASE("layers, couples, pressures and inertia give on any ranks what they give on one", "[mpi]")
{
  const Column column;
  const auto cases = column.cases();
  for (const bool floating : {false, true})
    for (const BasisChoice choice : {BasisChoice::cases, BasisChoice::unit_forces})
    {
      const load::Rig rig = column.rig(floating);
      const RigResult spread =
          solve_rig(column.model.body, column.surface, rig, cases, MPI_COMM_WORLD, tight(), choice);
      const RigResult alone =
          solve_rig(column.model.body, column.surface, rig, cases, MPI_COMM_SELF, tight(), choice);
      for (std::size_t c = 0; c < cases.size(); ++c)
      {
        const bool root = is_root(MPI_COMM_WORLD);
        const Equilibrium sum = root ? spread.responses[c].equilibrium : Equilibrium{};
        INFO(rig.name << " " << cases[c].name);
        CHECK(agreed(!root || difference(spread.responses[c], alone.responses[c]) < 1e-8));
        CHECK(agreed(sum.force_error() < 1e-7));
        CHECK(agreed(sum.moment_error() < 1e-7));
        CHECK(agreed(!floating || sum.borne_by_supports() < 1e-7));
      }
    }
}

TEST_CASE("a mesh without supports gives on any ranks what it gives on one", "[mpi]")
{
  const Column column;
  mesh::MeshModel model;
  model.mesh = mesh::hexahedra_of(column.model.body);
  model.youngs = column.model.body.youngs;
  model.poisson = column.model.body.poisson;
  model.volume.assign(model.mesh.cells(), column.model.body.grid.voxel_volume());
  const solid::BoundaryNodes boundary = solid::boundary_nodes(model.mesh);
  solid::Options options;
  options.relative_residual = 1e-11;
  const auto cases = column.cases();
  const RigResult spread =
      solve_rig(model, boundary, column.rig(true), cases, MPI_COMM_WORLD, options);
  const RigResult alone =
      solve_rig(model, boundary, column.rig(true), cases, MPI_COMM_SELF, options);
  for (std::size_t c = 0; c < cases.size(); ++c)
  {
    const bool root = is_root(MPI_COMM_WORLD);
    const Equilibrium sum = root ? spread.responses[c].equilibrium : Equilibrium{};
    CHECK(agreed(!root || difference(spread.responses[c], alone.responses[c]) < 1e-7));
    CHECK(agreed(sum.force_error() < 1e-7));
    CHECK(agreed(sum.moment_error() < 1e-7));
    CHECK(agreed(sum.borne_by_supports() < 1e-7));
  }
}
