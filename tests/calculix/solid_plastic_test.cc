// Bodies on meshes beyond yield against CalculiX on the same mesh: *PLASTIC with isotropic
// hardening, small strains.

#include "bodies/structured_meshes.hpp"
#include "calculix/calculix.hpp"
#include "calculix/solid_input.hpp"
#include "mesh/nodes.hpp"
#include "solid/load_path.hpp"
#include "temporary_folder.hpp"

#include <catch2/catch.hpp>

#include <algorithm>
#include <cmath>

using namespace calcar;
using namespace test_bodies;

namespace
{
constexpr double youngs = 10000, poisson = 0.3, first = 60;
constexpr Vec3 size = {10, 3, 4};
constexpr Vec3 pull = {0.12, 0.03, -0.1}; // mm, of the end x = 10

/// A box, of tetrahedra thinner in its middle, held at x = 0; the end x = 10 is pulled and pushed
/// aside.
struct Bar
{
  solid::SolidBody body;
  solid::Supports supports;
};

Bar bar_of(ElementKind kind)
{
  const double waist = kind.shape == CellShape::tetrahedron ? 0.35 : 0;
  const Mesh hexahedra = mapped_hexahedra(
      {5, 2, 2},
      [waist](Vec3 s)
      {
        const double thin = 1 - waist * std::sin(std::numbers::pi * s.x);
        return Vec3{size.x * s.x, size.y * thin * (s.y - 0.5), size.z * thin * (s.z - 0.5)};
      });
  Bar bar;
  bar.body.mesh = made_of(kind, hexahedra);
  bar.body.youngs.assign(bar.body.mesh.cells(), youngs);
  bar.body.poisson.assign(bar.body.mesh.cells(), poisson);
  bar.supports.names = {"held", "pulled"};
  const mesh::Nodes nodes = mesh::nodes_of(bar.body.mesh);
  for (std::uint32_t n = 0; n < nodes.points.size(); ++n)
    for (int axis = 0; axis < 3; ++axis)
    {
      if (nodes.points[n].x < 1e-9)
        bar.supports.fixed.push_back({n, axis, 0, 0});
      if (nodes.points[n].x > size.x - 1e-9)
        bar.supports.fixed.push_back({n, axis, pull[static_cast<std::size_t>(axis)], 1});
    }
  return bar;
}

/// The work of the stresses on the displacement pull x / length: that of the force on the end on
/// `pull`. Points of a tetrahedron, or of a box, count alike.
double work_on_pull(const Mesh& mesh, const calculix::Answer& answer)
{
  const SymTensor strain = (1 / size.x) * SymTensor{pull.x, 0, 0, 0, pull.z / 2, pull.y / 2};
  double work = 0;
  for (std::size_t e = 0; e < answer.stresses.size(); ++e)
    for (const SymTensor& stress : answer.stresses[e])
      work += mesh::volume(mesh, e) / static_cast<double>(answer.stresses[e].size()) *
              contract(stress, strain);
  return work;
}
} // namespace

TEST_CASE("beyond yield meshes agree with CalculiX in load and displacement")
{
  const std::pair<ElementKind, double> hardening[] = {
      {tet10, 800}, {tet10, 10}, {hex8, 800}, {tet4, 800}};
  for (const auto& [kind, slope] : hardening)
  {
    const Bar bar = bar_of(kind);
    solid::CellPlasticity plasticity;
    plasticity.kinds.push_back({});
    solid::CellYield yield;
    yield.kind = 0;
    yield.curve.first = first;
    yield.curve.slope = slope;
    yield.curve.last = 1e6;
    plasticity.cells.assign(bar.body.mesh.cells(), yield);
    solid::YieldingBody body(bar.body, plasticity, bar.supports, MPI_COMM_SELF);
    solid::PathOptions options;
    options.equilibrium.averaging_mm = 0;
    options.equilibrium.relative_residual = 1e-6;
    options.growth = 0.05;
    options.most_displacement = 1; // the supports' displacements as they are
    const solid::PathResult ours = solid::follow(body, {}, options);
    REQUIRE(ours.end == model::PathEnd::displacement);
    double volume = 0;
    for (std::size_t c = 0; c < bar.body.mesh.cells(); ++c)
      volume += mesh::volume(bar.body.mesh, c);
    CHECK(ours.steps.back().yielded_mm3 > 0.2 * volume); // well beyond yield

    const test::TemporaryFolder folder;
    calculix::write_input(folder.path() / "bar.inp",
                          {bar.body, bar.supports, {}, {}, {{first, 0}, {first + slope, 1}}});
    calculix::run(folder.path() / "bar.inp");
    const calculix::Answer theirs =
        calculix::read_answer(folder.path() / "bar.dat", calculix::nodes_in_calculix(bar.body.mesh),
                              bar.body.mesh.cells());
    const double expected = work_on_pull(bar.body.mesh, theirs);
    double apart = 0;
    for (std::size_t n = 0; n < theirs.displacement.size(); ++n)
      apart = std::max(apart, norm(ours.at_end.displacement[n] - theirs.displacement[n]));
    INFO(kind.name << ", hardening " << slope << ": load over that of CalculiX "
                   << ours.steps.back().factor / expected << ", displacements apart by "
                   << apart / norm(pull));
    CHECK(ours.steps.back().factor == Approx(expected).epsilon(0.001)); // asked for: 1 %
    CHECK(apart < 0.001 * norm(pull));
  }
}
