// Bodies on meshes beyond yield against closed forms of perfectly plastic material after von Mises
// (Hill 1950, The Mathematical Theory of Plasticity): the tube under inner pressure and the beam in
// bending.

#include "bodies/elastic_fields.hpp"
#include "solid/load_path.hpp"

#include <catch2/catch.hpp>

#include <cmath>
#include <numbers>

using namespace test_bodies;
using namespace calcar;
using Catch::WithinRel;

namespace
{
constexpr double youngs = 10000, yield_stress = 100; // MPa

solid::CellPlasticity perfectly_plastic(const Mesh& mesh)
{
  solid::CellPlasticity plasticity;
  plasticity.kinds.push_back({});
  solid::CellYield yield;
  yield.curve.first = yield.curve.last = yield_stress;
  yield.kind = 0;
  plasticity.cells.assign(mesh.cells(), yield);
  return plasticity;
}

constexpr double inner = 1, outer = 2; // mm

/// What is seen of a tube whose inner pressure grows.
struct Seen
{
  double pressure;       ///< MPa
  double yielded_to;     ///< radius up to which it has yielded, by the widening of the outside
  double by_closed_form; ///< pressure at this radius
};

/// A quarter of a tube in plane strain; cells across.
std::vector<Seen> widened_tube(ElementKind kind, int cells)
{
  // Nearly incompressible, so that also the elastic part yields by the difference of hoop and
  // radial stress alone, as the closed form has it.
  constexpr double poisson = 0.49;
  const SolidBody body =
      uniform_body(made_of(kind, elliptic_quarter({cells, 2 * cells, 1}, {inner, inner},
                                                  {outer, outer}, 0.2, 1)),
                   youngs, poisson);
  Supports supports;
  prescribe_symmetry(supports, body.mesh, {true, true, false});
  prescribe(supports, body.mesh, nodes_where(body.mesh, [](Vec3) { return true; }), 2);
  const auto inside =
      boundary_where(body.mesh, [](Vec3 x) { return std::hypot(x.x, x.y) < inner + 1e-9; });
  solid::PathLoad load;
  load.forces = traction_forces(body.mesh, inside, [](Vec3, Vec3 normal) { return -1 * normal; });
  solid::PathOptions options;
  options.growth = 0.08;
  options.equilibrium.averaging_mm = 0;
  options.equilibrium.relative_residual = 1e-6;
  options.most_displacement = 1e9;
  options.most_steps = 26;
  const auto outside =
      nodes_where(body.mesh, [](Vec3 x) { return std::hypot(x.x, x.y) > outer - 1e-9; });
  const double k = yield_stress / std::sqrt(3.0);
  std::vector<Seen> seen;
  solid::YieldingBody yielding(body, perfectly_plastic(body.mesh), supports, MPI_COMM_SELF);
  solid::follow(yielding, load, options,
                [&](const model::PathStep& step, solid::YieldingBody& at)
                {
                  const solid::YieldingFields fields = at.fields();
                  double widening = 0; // mean
                  for (const std::uint32_t n : outside)
                    widening += std::hypot(fields.displacement[n].x, fields.displacement[n].y) /
                                static_cast<double>(outside.size());
                  const double c =
                      std::sqrt(widening * youngs * outer / (2 * k * (1 - poisson * poisson)));
                  seen.push_back({step.factor, c,
                                  k * (1 - c * c / (outer * outer) + 2 * std::log(c / inner))});
                });
  return seen;
}
} // namespace

TEST_CASE("a tube yields under inner pressure as far as the closed form has it, and no pressure "
          "above 2 k ln(b/a) is carried")
{
  const double collapse = 2 * yield_stress / std::sqrt(3.0) * std::log(outer / inner);
  for (const ElementKind kind : {hex27, tet10})
  {
    const std::vector<Seen> seen = widened_tube(kind, 6);
    int partly = 0;
    for (const Seen& at : seen)
      if (at.yielded_to > 1.05 * inner && at.yielded_to < 0.97 * outer)
      {
        ++partly;
        INFO(kind.name << ": yielded to " << at.yielded_to << " mm at " << at.pressure
                       << " MPa, closed form " << at.by_closed_form);
        CHECK_THAT(at.pressure, WithinRel(at.by_closed_form, 0.006));
      }
    CHECK(partly >= 5);
    INFO(kind.name << ": collapse at " << seen.back().pressure / collapse);
    CHECK_THAT(seen.back().pressure, WithinRel(collapse, 0.01));
    CHECK(seen.back().yielded_to > outer);
  }
}

TEST_CASE("a beam bent beyond yield carries M_y (3/2 - 1/2 (k_y/k)^2) at a curvature k")
{
  constexpr double length = 3, height = 2, width = 0.5, poisson = 0.3;
  constexpr double first_curvature = yield_stress / (youngs * height / 2);
  constexpr double first_moment = yield_stress * width * height * height / 6;
  for (const ElementKind kind : {hex27, tet10})
  {
    const Mesh hexahedra =
        mapped_hexahedra({3, 8, 1},
                         [](Vec3 s) {
                           return Vec3{length * s.x, height * (s.y - 0.5), width * s.z};
                         });
    const SolidBody body = uniform_body(made_of(kind, hexahedra), youngs, poisson);
    const mesh::Nodes nodes = mesh::nodes_of(body.mesh);
    Supports supports;
    supports.names = {"ends", "place"};
    for (std::uint32_t n = 0; n < nodes.points.size(); ++n)
    {
      const Vec3 x = nodes.points[n];
      if (x.x < 1e-9)
        supports.fixed.push_back({n, 0, 0, 0});
      if (x.x > length - 1e-9)
        supports.fixed.push_back({n, 0, -first_curvature * length * x.y, 0});
      if (norm(x - Vec3{0, -height / 2, 0}) < 1e-9)
      {
        supports.fixed.push_back({n, 1, 0, 1});
        supports.fixed.push_back({n, 2, 0, 1});
      }
      if (norm(x - Vec3{0, -height / 2, width}) < 1e-9)
        supports.fixed.push_back({n, 1, 0, 1});
    }
    solid::PathOptions options;
    options.growth = 0.15;
    options.equilibrium.averaging_mm = 0;
    options.equilibrium.relative_residual = 1e-6;
    options.most_displacement = 5;
    solid::YieldingBody yielding(body, perfectly_plastic(body.mesh), supports, MPI_COMM_SELF);
    const solid::PathResult path = solid::follow(yielding, {}, options);
    CHECK(path.end == model::PathEnd::displacement);
    for (const model::PathStep& step : path.steps)
    {
      const double curvature = step.displacement; // over that of first yield
      const double moment = step.factor / (first_curvature * length);
      const double expected = curvature < 1 ? first_moment * curvature
                                            : first_moment * (1.5 - 0.5 / (curvature * curvature));
      INFO(kind.name << ": curvature " << curvature << ", moment over that of first yield "
                     << moment / first_moment << ", " << expected / first_moment);
      CHECK_THAT(moment, WithinRel(expected, 0.005));
    }
  }
}
