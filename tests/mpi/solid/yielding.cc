// A body on a mesh beyond yield: the same path on any number of ranks, and gone on with on another.

#include "base/parallel.hpp"
#include "bodies/structured_meshes.hpp"
#include "mesh/nodes.hpp"
#include "solid/load_path.hpp"

#include <catch2/catch.hpp>

#include <algorithm>
#include <cmath>

using namespace calcar;
using namespace test_bodies;

namespace
{
/// A softening bar with a waist, held below and pressed from above.
struct Bar
{
  solid::SolidBody body;
  solid::Supports supports;
  solid::CellPlasticity plasticity;
  solid::PathLoad load;
};

Bar pressed_bar(ElementKind kind)
{
  const Mesh hexahedra =
      mapped_hexahedra({2, 2, 6},
                       [](Vec3 s)
                       {
                         const double w = 1 - 0.3 * std::sin(std::numbers::pi * s.z);
                         return Vec3{6 * w * (s.x - 0.5), 6 * w * (s.y - 0.5), 16 * s.z};
                       });
  Bar bar;
  bar.body.mesh = made_of(kind, hexahedra);
  bar.body.youngs.assign(bar.body.mesh.cells(), 8000);
  bar.body.poisson.assign(bar.body.mesh.cells(), 0.3);
  bar.plasticity.kinds.push_back({});
  solid::CellYield yield;
  yield.kind = 0;
  yield.curve = {80, 0.005, -600, 25, 0};
  bar.plasticity.cells.assign(bar.body.mesh.cells(), yield);
  bar.supports.names = {"below"};
  const mesh::Nodes nodes = mesh::nodes_of(bar.body.mesh);
  for (std::uint32_t n = 0; n < nodes.points.size(); ++n)
  {
    if (nodes.points[n].z < 1e-9)
      for (int axis = 0; axis < 3; ++axis)
        bar.supports.fixed.push_back({n, axis, 0, 0});
  }
  const solid::BoundaryNodes top = solid::boundary_nodes(
      bar.body.mesh, boundary_where(bar.body.mesh, [](Vec3 x) { return x.z > 16 - 1e-9; }));
  for (std::size_t n = 0; n < top.nodes.size(); ++n)
    bar.load.forces.push_back({top.nodes[n], top.areas[n] * Vec3{0.2, 0, -1}});
  bar.load.size = 36;
  return bar;
}

solid::PathOptions options()
{
  solid::PathOptions result;
  result.equilibrium.relative_residual = 1e-6;
  result.equilibrium.most_iterations = 60;
  result.end_at = 0.9;
  result.most_displacement = 2;
  return result;
}
} // namespace

TEST_CASE("the path of a softening body on a mesh does not depend on the number of ranks")
{
  for (const ElementKind kind : {tet10, hex8})
  {
    const Bar bar = pressed_bar(kind);
    const Bar& given = is_root(MPI_COMM_WORLD) ? bar : Bar{};
    solid::YieldingBody spread(given.body, given.plasticity, given.supports, MPI_COMM_WORLD);
    const solid::PathResult together = solid::follow(spread, given.load, options());
    if (!is_root(MPI_COMM_WORLD))
      continue;
    solid::YieldingBody alone(bar.body, bar.plasticity, bar.supports, MPI_COMM_SELF);
    const solid::PathResult expected = solid::follow(alone, bar.load, options());
    CHECK(expected.peak_reached);
    CHECK(expected.steps[expected.peak].softened_mm3 > 0);
    CHECK(together.steps.size() == expected.steps.size());
    for (std::size_t n = 0; n < std::min(expected.steps.size(), together.steps.size()); ++n)
    {
      INFO(kind.name << ", step " << n);
      CHECK(together.steps[n].factor == Approx(expected.steps[n].factor).epsilon(1e-4));
      CHECK(together.steps[n].displacement == Approx(expected.steps[n].displacement).epsilon(1e-4));
    }
    CHECK(together.at_end.softened_at == expected.at_end.softened_at);
    for (std::size_t c = 0; c < expected.at_end.accumulated.size(); ++c)
      CHECK(together.at_end.accumulated[c] ==
            Approx(expected.at_end.accumulated[c]).epsilon(1e-2).margin(1e-5));
  }
}

TEST_CASE("a path on a mesh is gone on with from one of its steps as if it had not stopped")
{
  const Bar bar = pressed_bar(tet10);
  const Bar& given = is_root(MPI_COMM_WORLD) ? bar : Bar{};
  solid::YieldingBody body(given.body, given.plasticity, given.supports, MPI_COMM_WORLD);
  std::vector<model::PathStep> steps;
  solid::Standing at;
  const solid::PathResult whole =
      solid::follow(body, given.load, options(),
                    [&](const model::PathStep& step, solid::YieldingBody& standing)
                    {
                      if (steps.size() == 6)
                        return;
                      steps.push_back(step);
                      if (steps.size() == 6)
                        at = standing.standing();
                    });
  REQUIRE(whole.steps.size() > 8);
  solid::YieldingBody other(given.body, given.plasticity, given.supports, MPI_COMM_WORLD);
  const solid::PathResult rest = solid::resume(other, given.load, options(), at, steps);
  CHECK(rest.steps.size() == whole.steps.size());
  CHECK(rest.steps[rest.peak].factor == Approx(whole.steps[whole.peak].factor).epsilon(1e-4));
}
