// Objectivity: a bar of softening material with a notch, pulled past its largest load, in voxels of
// 1 mm and of 0.5 mm. Softening that followed each voxel's own strain would need less energy the
// smaller the voxels.

#include "model/lattice.hpp"
#include "voxel/load_path.hpp"

#include <catch2/catch.hpp>

#include <cmath>

using namespace calcar;

namespace
{
constexpr double width = 20, depth = 10, length = 48;    // mm
constexpr double notch_depth = 8, notch_half_height = 3; // mm

/// Load at the peak, N, and the work done when the load has fallen to 85 % of it, N mm.
struct Strength
{
  double peak = 0;
  double work = 0;
};

Strength pulled_bar(double h)
{
  model::VoxelBody body;
  body.grid.size = {static_cast<int>(std::lround(width / h)),
                    static_cast<int>(std::lround(depth / h)),
                    static_cast<int>(std::lround(length / h))};
  body.grid.spacing = {h, h, h};
  model::VoxelPlasticity plasticity;
  plasticity.kinds.push_back({});
  for (std::uint64_t v = 0; v < body.grid.voxels(); ++v)
  {
    const auto [i, j, k] = model::voxel_index(body.grid, v);
    const double x = (i + 0.5) * h, z = (k + 0.5) * h - length / 2;
    if (x < notch_depth && std::abs(z) < notch_half_height)
      continue;
    model::VoxelYield yield;
    yield.first = 80;
    yield.plateau = 0.01F;
    yield.slope = -300;
    yield.last = 20;
    yield.kind = std::abs(z) < length / 2 - 4 ? 0 : -1;
    body.voxels.push_back(v);
    body.youngs.push_back(10000);
    body.poisson.push_back(0.3F);
    plasticity.voxels.push_back(yield);
  }
  model::VoxelSupports supports;
  supports.names = {"bottom", "top"};
  for (const auto& node : model::nodes_of(body.grid, body.voxels))
    for (int axis = 0; axis < 3; ++axis)
    {
      if (node.k == 0)
        supports.fixed.push_back({node, axis, 0, 0});
      if (node.k == body.grid.size[2])
        supports.fixed.push_back({node, axis, axis == 2 ? 1.0 : 0.0, 1});
    }
  voxel::YieldingBody yielding(body, plasticity, supports, MPI_COMM_SELF);
  voxel::PathOptions options;
  options.growth = 0.05;
  options.end_at = 0.8;
  const voxel::PathResult path = voxel::follow(yielding, {}, options);
  REQUIRE(path.peak_reached);
  Strength strength;
  strength.peak = path.steps[path.peak].factor;
  const double end = 0.85 * strength.peak;
  for (std::size_t n = path.peak + 1; n < path.steps.size(); ++n)
    if (path.steps[n].factor < end)
    {
      const voxel::PathStep &a = path.steps[n - 1], &b = path.steps[n];
      const double t = (a.factor - end) / (a.factor - b.factor);
      strength.work = a.work + t * (b.work - a.work);
      break;
    }
  REQUIRE(strength.work > 0);
  return strength;
}
} // namespace

TEST_CASE("halving the voxels changes the peak of a notched bar by less than 3 %, its energy by "
          "less than 5 %")
{
  const Strength coarse = pulled_bar(1), fine = pulled_bar(0.5);
  INFO("peak " << coarse.peak << " and " << fine.peak << " N, work " << coarse.work << " and "
               << fine.work << " N mm");
  CHECK(fine.peak == Approx(coarse.peak).epsilon(0.03));
  CHECK(fine.work == Approx(coarse.work).epsilon(0.05));
}
