// A shaft with a hole through one side in torsion: around the hole tension and compression are four
// times the shear of the shaft, at 45 degrees to its axis. Weaker in tension, it fails on the
// tension side.

#include "material/yield_surface.hpp"
#include "model/lattice.hpp"
#include "voxel/load_path.hpp"

#include <catch2/catch.hpp>

#include <algorithm>
#include <cmath>

using namespace calcar;

namespace
{
constexpr double outer = 15, inner = 10, hole = 5; // mm
constexpr int across = 32, length = 48;            // voxels of 1 mm
constexpr double middle = 0.5 * across;

struct Shaft
{
  model::VoxelBody body;
  model::VoxelPlasticity plasticity;
  model::VoxelSupports supports;
};

/// The hole goes through the side towards +x; the top turns by `turn` per unit of the drive.
Shaft shaft(double turn)
{
  Shaft result;
  result.body.grid.size = {across, across, length};
  result.body.grid.spacing = {1, 1, 1};
  result.plasticity.kinds.push_back({material::drucker_prager(0.6), {}});
  for (std::uint64_t v = 0; v < result.body.grid.voxels(); ++v)
  {
    const auto [i, j, k] = model::voxel_index(result.body.grid, v);
    const double x = i + 0.5 - middle, y = j + 0.5 - middle, z = k + 0.5 - 0.5 * length;
    const double r = std::hypot(x, y);
    if (r > outer || r < inner || (x > 0 && std::hypot(y, z) < hole))
      continue;
    model::VoxelYield yield;
    yield.first = 150;
    yield.plateau = 0.002F;
    yield.slope = -1500;
    yield.last = 50;
    yield.kind = k > 3 && k < length - 4 ? 0 : -1;
    result.body.voxels.push_back(v);
    result.body.youngs.push_back(17000);
    result.body.poisson.push_back(0.3F);
    result.plasticity.voxels.push_back(yield);
  }
  result.supports.names = {"bottom", "top"};
  for (const auto& node : model::nodes_of(result.body.grid, result.body.voxels))
    for (int axis = 0; axis < 3; ++axis)
    {
      if (node.k == 0)
        result.supports.fixed.push_back({node, axis, 0, 0});
      if (node.k == length) // u = turn e_z x r
        result.supports.fixed.push_back({node, axis,
                                         axis == 0   ? -turn * (node.j - middle)
                                         : axis == 1 ? turn * (node.i - middle)
                                                     : 0,
                                         1});
    }
  return result;
}
} // namespace

TEST_CASE("a shaft with a hole breaks in torsion at 45 degrees on the side that is pulled")
{
  for (const double turn : {1.0, -1.0})
  {
    const Shaft given = shaft(turn);
    voxel::YieldingBody body(given.body, given.plasticity, given.supports, MPI_COMM_SELF);
    voxel::PathOptions options;
    options.most_displacement = 0.2; // rad
    options.growth = 0.05;
    const voxel::PathResult path = voxel::follow(body, {}, options);
    REQUIRE(path.peak_reached);

    // The first hundredth of what has failed by the end, and where it lies about the hole.
    std::vector<std::size_t> failed;
    for (std::size_t v = 0; v < given.body.voxels.size(); ++v)
      if (path.at_end.softened_at[v] > 0)
        failed.push_back(v);
    REQUIRE(failed.size() > 100);
    std::stable_sort(failed.begin(), failed.end(),
                     [&](std::size_t a, std::size_t b)
                     { return path.at_end.softened_at[a] < path.at_end.softened_at[b]; });
    failed.resize(std::max<std::size_t>(failed.size() / 100, 2));
    // Turned about +z the surface at +x is sheared by tau_yz > 0 and pulled along y = z, so that
    // the edge of the hole is pulled where its tangent runs that way: at y = -z. And mirrored.
    const double expected = turn > 0 ? 135 : 45;
    double off = 0;
    for (const std::size_t v : failed)
    {
      const auto [i, j, k] = model::voxel_index(given.body.grid, given.body.voxels[v]);
      const double x = i + 0.5 - middle, y = j + 0.5 - middle, z = k + 0.5 - 0.5 * length;
      INFO("turn " << turn << ": fails first at " << x << ", " << y << ", " << z);
      CHECK(x > 0);
      CHECK(std::hypot(y, z) < hole + 3); // at the edge of the hole
      const double angle = std::remainder(std::atan2(z, y) * 180 / M_PI - expected, 180.0);
      CHECK(std::abs(angle) < 30);
      off += std::abs(angle) / static_cast<double>(failed.size());
    }
    INFO("turn " << turn << ", mean distance from the direction of tension " << off << " degrees");
    CHECK(off < 15);
  }
}
