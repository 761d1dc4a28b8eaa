// Layers beside the bone on meshes: against springs in series.

#include "analysis/solve_mesh_rig.hpp"
#include "image/mask.hpp"
#include "mesh/hexahedra.hpp"
#include "mesh/labels_of_mask.hpp"
#include "mesh/smooth_layers.hpp"
#include "pipeline/mesh_case.hpp"
#include "unit/model/support.hpp"

#include <catch2/catch.hpp>

#include <cmath>
#include <iostream>

using namespace calcar;

namespace
{
constexpr double bone_youngs = 400, radius = 10, half = 10, above = 5.3, below = 6.4;

/// All between two heights along z.
geometry::Solid between(double from, double to)
{
  return {[=](const Vec3& p) { return std::max(from - p.z, p.z - to); }};
}

/// A round column of bone between a soft disc and a cap of its own outline, 5.3 and 6.4 mm thick.
struct Column
{
  image::Mask mask =
      bodies::mask(bodies::grid({26, 26, 24}, {1, 1, 1}, 0.3),
                   [](Vec3 p) { return std::hypot(p.x, p.y) < radius && std::abs(p.z) < half; });
  load::Rig rig;

  Column()
  {
    rig.name = "press";
    rig.layers = {{"upper", "", "growth_plate", between(half - 3, half + above), {0, 0, 1}, 12},
                  {"lower", "", "pmma_cap", between(-half - below, -half + 3), {0, 0, -1}, 12}};
    load::Patch floor;
    floor.name = "floor";
    floor.weight = [](Vec3 p, Vec3) { return p.z < -half - below + 0.3 ? 1.0 : 0.0; };
    rig.supports.push_back({"floor", load::SupportKind::clamped, floor, {}, 0});
  }

  mesh::Mesh tetrahedra(double edge_mm) const
  {
    const mesh::SmoothBody body = mesh::smooth_body(mask, {});
    mesh::LabelledSolid solid;
    solid.body = body.solid;
    solid.box = body.box;
    mesh::add_layers(solid, mask, rig);
    mesh::MeshSizes sizes;
    sizes.edge_mm = sizes.surface_mm = edge_mm;
    mesh::Mesh mesh = mesh::make_tetrahedra(solid, sizes).mesh;
    mesh.degree = 2;
    return mesh;
  }

  /// Without lateral contraction, so that the closed form is exact.
  mesh::MeshModel model(mesh::Mesh of) const
  {
    mesh::MeshModel model;
    model.mesh = std::move(of);
    const auto layers = pipeline::layer_regions(model.mesh, rig);
    for (std::size_t c = 0; c < model.mesh.cells(); ++c)
    {
      const std::size_t region = model.mesh.region[c];
      model.youngs.push_back(
          static_cast<float>(region == 0 ? bone_youngs : layers.at(region - 1).tissue.youngs));
      model.poisson.push_back(0);
      model.volume.push_back(mesh::volume(model.mesh, c));
    }
    return model;
  }

  analysis::Response pressed(const mesh::MeshModel& model, double force) const
  {
    load::Patch top;
    top.name = "top";
    top.centre = {0, 0, half + above};
    top.weight = [](Vec3 p, Vec3 normal)
    { return p.z > half + above - 0.3 && normal.z > 0.6 ? 1.0 : 0.0; };
    load::LoadCase press;
    press.name = "press";
    press.forces = {{"platen", top, {0, 0, -force}}};
    solid::Options options;
    options.relative_residual = 1e-9;
    return analysis::solve_rig(model, solid::boundary_nodes(model.mesh), rig, {press},
                               MPI_COMM_SELF, options)
        .responses.front();
  }
};
} // namespace

TEST_CASE("a column of tetrahedra between a disc and a cap gives way as springs in series")
{
  const Column column;
  const double force = 300;
  // The column has the area of its voxels.
  const double area = static_cast<double>(image::count(column.mask)) / (2 * half);
  const double soft = material::tissue("growth_plate", "").youngs;
  const double hard = material::tissue("pmma_cap", "").youngs;
  const double expected =
      force * force / (2 * area) * (above / soft + 2 * half / bone_youngs + below / hard);
  for (const double edge : {4.0, 2.5})
  {
    const mesh::MeshModel model = column.model(column.tetrahedra(edge));
    const analysis::Response response = column.pressed(model, force);
    std::cout << "disc, column and cap in series, edges of " << edge << " mm, "
              << model.mesh.cells() << " tetrahedra: work "
              << 100 * (response.external_work / expected - 1) << " % off\n";
    CHECK(response.external_work == Approx(expected).epsilon(0.04));
    CHECK(response.equilibrium.force_error() < 1e-6);
    CHECK(response.equilibrium.moment_error() < 1e-6);
  }
}
