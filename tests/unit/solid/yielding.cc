#include "material/plastic_law.hpp"
#include "mesh/nodes.hpp"
#include "solid/load_path.hpp"
#include "solid/mesh_plasticity.hpp"
#include "solid/nonlocal_average.hpp"
#include "unit/solid/bodies.hpp"

#include <catch2/catch.hpp>

#include <cmath>

using namespace calcar;
using solid::CellPlasticity;
using solid::PathOptions;
using solid::PathResult;

namespace
{
constexpr double youngs = 10000, poisson = 0.3;

material::YieldCurve hardening()
{
  return {80, 0, 500, 1e6, 0};
}

material::YieldCurve softening()
{
  return {80, 0.004, -800, 25, 0};
}

/// A bar of `length` mm along z, 1 mm x 1 mm, held so that its sides are free to move; the upper
/// end is pressed by `strain` at factor 1.
struct Bar
{
  solid::SolidBody body;
  solid::Supports supports;
  CellPlasticity plasticity;
};

Bar bar_of(const bodies::Kind& kind, const material::YieldCurve& curve, std::uint32_t cells,
           double length)
{
  Bar bar;
  bar.body.mesh = bodies::grid(kind, {1, 1, cells}, {1, 1, length});
  bar.body.youngs.assign(bar.body.mesh.cells(), youngs);
  bar.body.poisson.assign(bar.body.mesh.cells(), poisson);
  bar.plasticity.kinds.push_back({});
  solid::CellYield yield;
  yield.kind = 0;
  yield.curve = curve;
  bar.plasticity.cells.assign(bar.body.mesh.cells(), yield);
  bar.supports.names = {"planes", "plate"};
  const mesh::Nodes nodes = mesh::nodes_of(bar.body.mesh);
  for (std::uint32_t n = 0; n < nodes.points.size(); ++n)
  {
    const Vec3 x = nodes.points[n];
    for (int axis = 0; axis < 3; ++axis)
      if (x[static_cast<std::size_t>(axis)] == 0)
        bar.supports.fixed.push_back({n, axis, 0, 0});
    if (x.z == length)
      bar.supports.fixed.push_back({n, 2, -length, 1});
  }
  return bar;
}

PathResult follow(const Bar& bar, const PathOptions& options)
{
  solid::YieldingBody body(bar.body, bar.plasticity, bar.supports, MPI_COMM_WORLD);
  return solid::follow(body, {}, options);
}

/// Stress of the law at a uniaxial strain: strain = p + sigma(p) / E.
double uniaxial(const material::YieldCurve& curve, double strain)
{
  double plastic = 0;
  for (int n = 0; n < 500; ++n)
    plastic = std::max(0.0, strain - curve.stress(plastic) / youngs);
  return plastic > 0 ? curve.stress(plastic) : youngs * strain;
}

solid::Tangent tangent_by_differences(const std::vector<double>& properties,
                                      const SymTensor& strain)
{
  const solid::Law law = solid::yielding_law();
  const std::vector<double> state(solid::yield_state, 0);
  std::vector<double> unused(solid::yield_state);
  constexpr double step = 1e-8;
  solid::Tangent tangent{};
  for (std::size_t column = 0; column < 6; ++column)
  {
    // Engineering shear: half of the step in the tensor component.
    std::array<double, 6> d{};
    d[column] = column < 3 ? step : step / 2;
    const SymTensor change = {d[0], d[1], d[2], d[3], d[4], d[5]};
    const SymTensor ahead = law.respond(properties, strain + change, state, unused).stress;
    const SymTensor behind = law.respond(properties, strain + -1.0 * change, state, unused).stress;
    const SymTensor slope = (1 / (2 * step)) * (ahead + -1.0 * behind);
    const double rows[6] = {slope.xx, slope.yy, slope.zz, slope.yz, slope.zx, slope.xy};
    for (std::size_t row = 0; row < 6; ++row)
      tangent[row][column] = rows[row];
  }
  return tangent;
}
} // namespace

TEST_CASE("the tangent at a point is the derivative of its stress, for each shape of the surface")
{
  const SymTensor strain = {0.006, -0.009, 0.002, 0.003, -0.002, 0.004};
  for (const material::YieldSurface& surface :
       {material::YieldSurface{}, material::drucker_prager(0.7), material::quadric(0.7, 0.3)})
  {
    const model::YieldKind kind = {surface, {}};
    const auto properties = solid::properties_of(youngs, poisson, {hardening(), 0}, &kind);
    const std::vector<double> state(solid::yield_state, 0);
    std::vector<double> next(solid::yield_state);
    const auto answer = solid::yielding_law().respond(properties, strain, state, next);
    REQUIRE(solid::accumulated_of(next) > 1e-4); // it flows
    const solid::Tangent expected = tangent_by_differences(properties, strain);
    for (std::size_t i = 0; i < 6; ++i)
      for (std::size_t j = 0; j < 6; ++j)
      {
        CHECK(answer.tangent[i][j] == Approx(expected[i][j]).margin(1e-4 * youngs));
        CHECK(answer.tangent[i][j] == Approx(answer.tangent[j][i]).margin(1e-9 * youngs));
      }
  }
}

TEST_CASE("a point without a kind stays elastic however far it is strained")
{
  const auto properties = solid::properties_of(youngs, poisson, {hardening(), -1}, nullptr);
  const SymTensor strain = {1, -0.5, 0.2, 0.1, 0.3, -0.4};
  const std::vector<double> state(solid::yield_state, 0);
  std::vector<double> next(solid::yield_state);
  const auto answer = solid::yielding_law().respond(properties, strain, state, next);
  const double elastic[2] = {youngs, poisson};
  const auto expected = solid::linear_elasticity().respond(elastic, strain, {}, {});
  CHECK(answer.stress.xx == Approx(expected.stress.xx));
  CHECK(answer.stress.yz == Approx(expected.stress.yz));
  CHECK(answer.tangent[0][1] == Approx(expected.tangent[0][1]));
  CHECK(answer.tangent[4][4] == Approx(expected.tangent[4][4]));
  CHECK(solid::accumulated_of(next) == 0);
}

TEST_CASE("a bar of each kind of element pressed by a plate follows its law")
{
  for (const bodies::Kind& kind : bodies::kinds())
    for (const material::YieldCurve& curve : {hardening(), softening()})
    {
      const Bar bar = bar_of(kind, curve, 1, 1);
      PathOptions options;
      options.equilibrium.averaging_mm = 0;
      options.equilibrium.relative_residual = 1e-9;
      options.equilibrium.most_iterations = 60;
      options.most_displacement = 0.1;
      options.end_at = 0.01;
      const PathResult path = follow(bar, options);
      INFO(kind.name << " " << curve.slope);
      CHECK(path.end == model::PathEnd::displacement);
      CHECK(path.peak_reached == (curve.slope < 0));
      for (const model::PathStep& step : path.steps)
      {
        INFO("strain " << step.displacement);
        CHECK(step.factor == Approx(uniaxial(curve, step.displacement)).epsilon(1e-6));
      }
      CHECK(path.steps.back().yielded_mm3 == Approx(1));
      CHECK(path.steps.back().softened_mm3 == Approx(curve.slope < 0 ? 1 : 0).margin(1e-12));
      for (const double left : path.at_end.left)
        CHECK(left == Approx(curve.stress(path.at_end.accumulated.front()) / 80).epsilon(1e-6));
    }
}

TEST_CASE("forces push a body past its peak, and their work is what the body has taken up")
{
  Bar bar = bar_of(bodies::kinds()[1], softening(), 2, 2);
  std::erase_if(bar.supports.fixed,
                [](const solid::FixedComponent& fixed) { return fixed.support == 1; });
  std::vector<mesh::FaceOfCell> top;
  for (const mesh::FaceOfCell& face : mesh::boundary_faces(bar.body.mesh))
  {
    const auto corners = mesh::face_corners(bar.body.mesh, face);
    if (std::all_of(corners.begin(), corners.end(),
                    [&](std::uint32_t corner) { return bar.body.mesh.points[corner].z == 2; }))
      top.push_back(face);
  }
  const solid::BoundaryNodes plate = solid::boundary_nodes(bar.body.mesh, top);
  solid::PathLoad load;
  for (std::size_t n = 0; n < plate.nodes.size(); ++n)
    load.forces.push_back({plate.nodes[n], {0, 0, -plate.areas[n]}}); // 1 N in all
  PathOptions options;
  options.end_at = 0.6;
  options.growth = 0.05;
  options.equilibrium.relative_residual = 1e-6;
  options.equilibrium.most_iterations = 60;
  options.most_displacement = 0.2;
  solid::YieldingBody body(bar.body, bar.plasticity, bar.supports, MPI_COMM_WORLD);
  const PathResult path = solid::follow(body, load, options);
  CHECK(path.peak_reached);
  CHECK(path.steps[path.peak].factor == Approx(80).epsilon(1e-3)); // N on 1 mm2
  // Averaging over 3 mm makes softening even over the 2 mm.
  for (const model::PathStep& step : path.steps)
    if (step.factor > 50)
      CHECK(step.factor == Approx(uniaxial(softening(), step.displacement / 2)).epsilon(0.01));
}

TEST_CASE("what was followed before is forgotten when another load is put on")
{
  const Bar bar = bar_of(bodies::kinds()[3], softening(), 1, 1);
  solid::YieldingBody body(bar.body, bar.plasticity, bar.supports, MPI_COMM_WORLD);
  PathOptions options;
  options.most_displacement = 0.03;
  options.end_at = 0.01;
  const PathResult one = solid::follow(body, {}, options);
  const PathResult two = solid::follow(body, {}, options);
  REQUIRE(one.steps.size() == two.steps.size());
  CHECK(two.steps.back().factor == Approx(one.steps.back().factor).epsilon(1e-6));
}

TEST_CASE("a body that cannot yield is told")
{
  Bar bar = bar_of(bodies::kinds()[1], softening(), 1, 1);
  for (solid::CellYield& yield : bar.plasticity.cells)
    yield.kind = -1;
  CHECK_THROWS_WITH(follow(bar, {}), Catch::Contains("nothing of the body can yield"));
}

TEST_CASE(
    "the average of a uniform field is that field up to the surface, and keeps what it sums to "
    "inside")
{
  std::vector<Vec3> points;
  constexpr int n = 24;
  constexpr double h = 0.5;
  for (int k = 0; k < n; ++k)
    for (int j = 0; j < n; ++j)
      for (int i = 0; i < n; ++i)
        points.push_back({h * i, h * j, h * k});
  const std::vector<double> volumes(points.size(), h * h * h);
  constexpr double width = 3, deviation = 3 / 2.3548200450309493;
  const solid::NonlocalAverage average(points, volumes, width, MPI_COMM_SELF);
  for (const double value : average.average(std::vector<double>(points.size(), 0.02)))
    REQUIRE(value == Approx(0.02));
  std::vector<double> source(points.size(), 0);
  const std::size_t middle = n / 2 + n * (n / 2 + std::size_t{n} * (n / 2));
  source[middle] = 1;
  const std::vector<double> spread = average.average(source);
  double sum = 0, square = 0;
  for (std::size_t p = 0; p < points.size(); ++p)
  {
    const Vec3 apart = points[p] - points[middle];
    sum += spread[p];
    square += spread[p] * apart.x * apart.x;
  }
  CHECK(sum == Approx(1).epsilon(2e-3)); // the surface is not far
  // Variance of the Gaussian, less what is cut off beyond three deviations.
  CHECK(square / sum == Approx(deviation * deviation).epsilon(0.1));
  CHECK(square / sum < deviation * deviation);
}

TEST_CASE("a cell's edge is that of the regular body of its volume")
{
  mesh::Mesh tetrahedron;
  tetrahedron.points = {{0, 0, 0}, {1, 1, 0}, {1, 0, 1}, {0, 1, 1}}; // edges of sqrt(2)
  tetrahedron.corners = {0, 1, 2, 3};
  tetrahedron.shape = mesh::CellShape::tetrahedron;
  CHECK(solid::edge_of(tetrahedron, 0) == Approx(std::sqrt(2.0)));
  CHECK(solid::edge_of(bodies::grid(bodies::kinds()[2], {2, 2, 2}), 0) == Approx(0.5));
}
