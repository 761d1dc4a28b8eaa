#include "voxel/load_path.hpp"

#include "base/error.hpp"
#include "material/plastic_law.hpp"
#include "voxel/neighbourhood.hpp"

#include <catch2/catch.hpp>

#include <algorithm>
#include <cmath>

using namespace calcar;
using model::NodeIndex;
using voxel::PathEnd;
using voxel::PathLoad;
using voxel::PathOptions;
using voxel::PathResult;
using voxel::PathStep;
using voxel::Points;

namespace
{
constexpr double youngs = 10000, poisson = 0.3;

/// A block of nx x ny x nz voxels of `size` mm, all of one law.
struct Block
{
  model::VoxelBody body;
  model::VoxelPlasticity plasticity;
  model::VoxelSupports supports;
  std::array<int, 3> n;
  double size;

  Block(std::array<int, 3> voxels, double edge, const material::YieldCurve& curve,
        material::YieldSurface surface = {})
      : n(voxels), size(edge)
  {
    body.grid.size = n;
    body.grid.spacing = {edge, edge, edge};
    const auto all = static_cast<std::uint64_t>(n[0]) * static_cast<std::uint64_t>(n[1]) *
                     static_cast<std::uint64_t>(n[2]);
    for (std::uint64_t v = 0; v < all; ++v)
      body.voxels.push_back(v);
    body.youngs.assign(all, static_cast<float>(youngs));
    body.poisson.assign(all, static_cast<float>(poisson));
    plasticity.kinds.push_back({surface, {}});
    model::VoxelYield yield;
    yield.first = static_cast<float>(curve.first);
    yield.plateau = static_cast<float>(curve.plateau);
    yield.slope = static_cast<float>(curve.slope);
    yield.last = static_cast<float>(curve.last);
    yield.rate = static_cast<float>(curve.rate);
    yield.kind = 0;
    plasticity.voxels.assign(all, yield);
  }

  void fix(NodeIndex node, int axis, double displacement, int support)
  {
    supports.fixed.push_back({node, axis, displacement, support});
  }

  /// Bottom held along z, the top moved by `top(j)`; one corner keeps the rest in place.
  template <typename Top>
  void press(const Top& top)
  {
    supports.names = {"bottom", "top"};
    for (int j = 0; j <= n[1]; ++j)
      for (int i = 0; i <= n[0]; ++i)
      {
        fix({i, j, 0}, 2, 0, 0);
        fix({i, j, n[2]}, 2, top(j), 1);
      }
    fix({0, 0, 0}, 0, 0, 0);
    fix({0, 0, 0}, 1, 0, 0);
    fix({n[0], 0, 0}, 1, 0, 0);
  }
};

material::YieldCurve perfect(double stress)
{
  material::YieldCurve curve;
  curve.first = curve.last = stress;
  return curve;
}

material::YieldCurve softening()
{
  material::YieldCurve curve;
  curve.first = 80;
  curve.plateau = 0.004;
  curve.slope = -800;
  curve.last = 25;
  return curve;
}

PathResult follow(const Block& block, const PathLoad& load, const PathOptions& options)
{
  voxel::YieldingBody body(block.body, block.plasticity, block.supports, MPI_COMM_WORLD);
  return voxel::follow(body, load, options);
}

/// The load at a displacement, by straight lines between steps.
double load_at(const PathResult& path, double displacement)
{
  const auto after =
      std::find_if(path.steps.begin(), path.steps.end(),
                   [&](const PathStep& s) { return s.displacement >= displacement; });
  REQUIRE(after != path.steps.end());
  if (after == path.steps.begin())
    return after->factor * displacement / after->displacement;
  const PathStep& before = *(after - 1);
  const double t =
      (displacement - before.displacement) / (after->displacement - before.displacement);
  return before.factor + t * (after->factor - before.factor);
}
} // namespace

TEST_CASE("One voxel pressed by plates follows its law past the peak to the residual stress")
{
  for (const Points points : {Points::centre, Points::eight})
  {
    Block block({1, 1, 1}, 2, softening());
    block.press([](int) { return -2.0; }); // factor: the strain
    PathOptions options;
    options.equilibrium.points = points;
    options.equilibrium.averaging_mm = 0;
    options.most_displacement = 0.12;
    options.end_at = 0.01;
    options.equilibrium.relative_residual = 1e-9;
    const PathResult path = follow(block, {}, options);
    CHECK(path.end == PathEnd::displacement);
    CHECK(path.peak_reached);
    for (const PathStep& step : path.steps)
    {
      // plastic strain p with  strain = p + sigma(p) / E
      double plastic = 0;
      for (int n = 0; n < 200; ++n)
        plastic = std::max(0.0, step.displacement - softening().stress(plastic) / youngs);
      const double stress = plastic > 0 ? softening().stress(plastic) : youngs * step.displacement;
      // work over factor: force x edge
      CHECK(step.factor / (4 * 2) == Approx(stress).epsilon(1e-6));
    }
  }
}

TEST_CASE("A bar in pure bending carries the moment of plastic beam theory")
{
  // M / M_y = 1.5 - 0.5 (k_y / k)^2 at the curvature k; a bar one voxel wide, 16 high.
  constexpr int height = 16;
  for (const Points points : {Points::centre, Points::eight})
  {
    Block block({1, height, 2}, 1, perfect(80));
    block.press([](int j) { return 2.0 * (j - 0.5 * height); }); // factor: the curvature, 1/mm
    PathOptions options;
    options.equilibrium.points = points;
    options.equilibrium.averaging_mm = 0;
    options.growth = 0.05;
    const double yield_curvature = 80 / youngs / (0.5 * height);
    options.most_displacement = 6 * yield_curvature;
    options.equilibrium.relative_residual = 1e-6;
    const PathResult path = follow(block, {}, options);
    CHECK_FALSE(path.peak_reached);
    const double yield_moment = 80.0 * height * height / 6;
    for (const double k : {0.5, 1.5, 2.0, 4.0})
    {
      INFO("curvature over that of first yield " << k);
      const double expected = k < 1 ? k : 1.5 - 0.5 / (k * k);
      // work over factor: moment x length
      CHECK(load_at(path, k * yield_curvature) / 2 / yield_moment ==
            Approx(expected).epsilon(0.01));
    }
  }
}

TEST_CASE("Weaker in tension, each half of a held bar in bending carries its own strength")
{
  // Full plastic moment of a rectangle with strengths T and C: b h^2 / 2 x T C / (T + C).
  constexpr int height = 16;
  const material::YieldSurface surface = material::drucker_prager(0.5);
  Block block({1, height, 2}, 1, perfect(80), surface);
  block.press([](int j) { return 2.0 * (j - 0.5 * height); });
  PathOptions options;
  options.equilibrium.averaging_mm = 0;
  options.equilibrium.relative_residual = 1e-6;
  const double yield_curvature = 40 / youngs / (0.5 * height);
  options.most_displacement = 20 * yield_curvature;
  const PathResult path = follow(block, {}, options);
  // Held plates do not let it shift: each half carries its own strength about the middle. The flow
  // of a cone swells, and the two halves hold each other across the bar: a little more.
  const double held = height * height / 8.0 * (80 + 40);
  CHECK(path.steps.back().factor / 2 > held);
  CHECK(path.steps.back().factor / 2 < 1.04 * held);
}

TEST_CASE("Forces through a spring find the same peak as a moved plate")
{
  const auto bar = [](bool by_forces)
  {
    Block block({4, 4, 12}, 1, softening());
    for (std::size_t v = 0; v < block.plasticity.voxels.size(); ++v)
    {
      const auto k = static_cast<int>(v / 16);
      if (k == 5 || k == 6)
        block.plasticity.voxels[v].first *= 0.8F; // a weaker band
      if (k == 0 || k == 11)
        block.plasticity.voxels[v].kind = -1;
    }
    PathLoad load;
    block.supports.names = {"bottom", "top"};
    for (int j = 0; j <= 4; ++j)
      for (int i = 0; i <= 4; ++i)
      {
        for (int axis = 0; axis < 3; ++axis)
          block.fix({i, j, 0}, axis, 0, 0);
        const double share = (i % 4 ? 1.0 : 0.5) * (j % 4 ? 1.0 : 0.5) / 16;
        if (by_forces)
          load.forces.push_back({{i, j, 12}, {0, 0, -100 * share}});
        else
          block.fix({i, j, 12}, 2, -1, 1);
      }
    load.size = 100;
    PathOptions options;
    options.growth = 0.05;
    options.most_displacement = 1;
    return follow(block, load, options);
  };
  const PathResult pushed = bar(true), moved = bar(false);
  CHECK(pushed.peak_reached);
  CHECK(moved.peak_reached);
  const double force = 100 * pushed.steps[pushed.peak].factor;
  CHECK(force == Approx(moved.steps[moved.peak].factor).epsilon(0.005));
  // Stronger than the band alone, which its neighbours hold across; weaker than the rest.
  CHECK(force > 16 * 64);
  CHECK(force < 16 * 80);
  // Work is the area under the curve, and more than the elastic energy at the peak.
  const PathStep& peak = pushed.steps[pushed.peak];
  CHECK(peak.work > 0.5 * force * peak.displacement);
  // Only the band softens.
  const double voxel = 1;
  CHECK(pushed.steps.back().softened_mm3 <= 16 * 6 * voxel);
  CHECK(pushed.steps.back().softened_mm3 >= 16 * 2 * voxel);
}

TEST_CASE("Loading stays on one path when the largest step is halved")
{
  const auto peak = [](double growth)
  {
    Block block({4, 4, 8}, 1, softening());
    block.press([](int) { return -1.0; });
    for (std::size_t v = 0; v < 16; ++v)
      block.plasticity.voxels[64 + v].first *= 0.8F;
    PathOptions options;
    options.growth = growth;
    const PathResult path = follow(block, {}, options);
    return path.steps[path.peak].factor;
  };
  CHECK(peak(0.1) == Approx(peak(0.03)).epsilon(0.005));
}

TEST_CASE("A body of which nothing can yield is refused")
{
  Block block({2, 2, 2}, 1, perfect(80));
  block.press([](int) { return -1.0; });
  for (model::VoxelYield& yield : block.plasticity.voxels)
    yield.kind = -1;
  CHECK_THROWS_WITH(follow(block, {}, {}), Catch::Contains("nothing of the body can yield"));
}

TEST_CASE("A second path of one body begins as the first did")
{
  Block block({2, 2, 4}, 1, softening());
  block.press([](int) { return -1.0; });
  voxel::YieldingBody body(block.body, block.plasticity, block.supports, MPI_COMM_WORLD);
  const PathResult first = voxel::follow(body, {}, {});
  const PathResult second = voxel::follow(body, {}, {});
  REQUIRE(first.steps.size() == second.steps.size());
  for (std::size_t n = 0; n < first.steps.size(); ++n)
    CHECK(first.steps[n].factor == Approx(second.steps[n].factor).epsilon(1e-6));
}
