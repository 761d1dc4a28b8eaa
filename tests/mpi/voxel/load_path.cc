#include "voxel/load_path.hpp"

#include "base/parallel.hpp"
#include "material/yield_surface.hpp"
#include "unit/voxel/bodies.hpp"
#include "voxel/kept_path.hpp"

#include <catch2/catch.hpp>
#include <unistd.h>

#include <algorithm>
#include <cmath>
#include <filesystem>
#include <optional>

using namespace calcar;
using voxel::PathResult;
using voxel::YieldingBody;

namespace
{
/// A bar of several bricks with a hole, of uneven material, weaker in tension; one end held, the
/// other pushed down and sideways.
struct Bar
{
  model::VoxelBody body = bodies::body(
      {9, 9, 18}, {1, 1, 1},
      [](int i, int j, int k)
      {
        return (i - 4) * (i - 4) + (k - 9) * (k - 9) < 5 ? 0.0
                                                         : 4000.0 + 500 * ((i + 2 * j + 3 * k) % 7);
      },
      0.3);
  model::VoxelPlasticity plasticity;
  model::VoxelSupports supports;
  voxel::PathLoad load;

  Bar()
  {
    plasticity.kinds.push_back({material::drucker_prager(0.7), {}});
    for (std::size_t v = 0; v < body.voxels.size(); ++v)
    {
      const int k = bodies::indices(body, body.voxels[v])[2];
      model::VoxelYield yield;
      yield.first = 0.006F * body.youngs[v];
      yield.plateau = 0.01F;
      yield.slope = -0.06F * body.youngs[v];
      yield.last = 0.3F * yield.first;
      yield.kind = k > 2 && k < 15 ? 0 : -1;
      plasticity.voxels.push_back(yield);
    }
    supports.names = {"end"};
    bodies::for_nodes(body,
                      [&](model::NodeIndex node, int around)
                      {
                        for (int axis = 0; axis < 3 && node.k == 0; ++axis)
                          supports.fixed.push_back({node, axis, 0, 0});
                        if (node.k == 18)
                          load.forces.push_back({node, {0.3 * around, 0, -4.0 * around}});
                      });
    load.size = 1000;
  }
};

voxel::PathOptions options()
{
  voxel::PathOptions result;
  result.equilibrium.relative_residual = 1e-6;
  result.equilibrium.most_iterations = 60;
  result.growth = 0.3;
  result.most_displacement = 3;
  return result;
}
} // namespace

TEST_CASE("a path to the peak and past it is the same on any number of ranks")
{
  const Bar bar;
  YieldingBody together(bar.body, bar.plasticity, bar.supports, MPI_COMM_WORLD);
  const PathResult path = voxel::follow(together, bar.load, options());
  YieldingBody alone(bar.body, bar.plasticity, bar.supports, MPI_COMM_SELF);
  const PathResult expected = voxel::follow(alone, bar.load, options());
  REQUIRE(expected.peak_reached);
  REQUIRE(path.steps.size() == expected.steps.size());
  CHECK(path.peak == expected.peak);
  CHECK(path.end == expected.end);
  for (std::size_t n = 0; n < path.steps.size(); ++n)
  {
    CHECK(path.steps[n].factor == Approx(expected.steps[n].factor).epsilon(1e-4));
    CHECK(path.steps[n].displacement == Approx(expected.steps[n].displacement).epsilon(1e-4));
    CHECK(path.steps[n].yielded_mm3 ==
          Approx(expected.steps[n].yielded_mm3).epsilon(0.01).margin(3));
  }
  if (!is_root(MPI_COMM_WORLD))
    return;
  double apart = 0, most = 0;
  REQUIRE(path.at_end.accumulated.size() == bar.body.voxels.size());
  for (std::size_t v = 0; v < bar.body.voxels.size(); ++v)
  {
    apart = std::max(apart, std::abs(path.at_end.accumulated[v] - expected.at_end.accumulated[v]));
    most = std::max(most, expected.at_end.accumulated[v]);
  }
  CHECK(most > 0.01);
  CHECK(apart < 1e-2 * most);
}

TEST_CASE("a path goes on from where it stood as if it had not stopped")
{
  const Bar bar;
  YieldingBody body(bar.body, bar.plasticity, bar.supports, MPI_COMM_WORLD);
  std::optional<voxel::Standing> kept;
  std::vector<voxel::PathStep> steps;
  constexpr std::size_t stop = 5;
  const PathResult whole = voxel::follow(body, bar.load, options(),
                                         [&](const voxel::PathStep& step, YieldingBody& at)
                                         {
                                           if (steps.size() < stop)
                                             steps.push_back(step);
                                           if (steps.size() == stop && !kept)
                                             kept = at.standing();
                                         });
  REQUIRE(whole.steps.size() > stop + 2);
  REQUIRE(kept);
  YieldingBody again(bar.body, bar.plasticity, bar.supports, MPI_COMM_WORLD);
  const PathResult resumed = voxel::resume(again, bar.load, options(), *kept, steps);
  // Its first guess is another, so that its steps may differ a little, but not the curve.
  CHECK(resumed.steps[resumed.peak].factor == Approx(whole.steps[whole.peak].factor).epsilon(2e-3));
  CHECK(resumed.steps[stop].factor == Approx(whole.steps[stop].factor).epsilon(1e-4));
  CHECK(resumed.end == whole.end);
  CHECK(resumed.steps.back().work == Approx(whole.steps.back().work).epsilon(0.05));
}

TEST_CASE("a path kept in a file by one rank goes on, on any number, as if it had not stopped")
{
  const Bar bar;
  const std::filesystem::path file = std::filesystem::temp_directory_path() /
                                     ("calcar_mpi_" + std::to_string(getppid()) + ".path");
  const voxel::PathBasis basis =
      voxel::basis_of(bar.body, bar.plasticity, bar.supports, bar.load, options().equilibrium);
  PathResult whole;
  voxel::KeptPath kept;
  on_root(MPI_COMM_WORLD,
          [&]
          {
            YieldingBody body(bar.body, bar.plasticity, bar.supports, MPI_COMM_SELF);
            voxel::KeptPath so_far;
            so_far.basis = basis;
            whole = voxel::follow(body, bar.load, options(),
                                  [&](const voxel::PathStep& step, YieldingBody& at)
                                  {
                                    so_far.steps.push_back(step);
                                    so_far.at = at.standing();
                                    if (so_far.steps.size() == 5)
                                      voxel::write_kept_path(file, so_far);
                                  });
            kept = voxel::read_kept_path(file, basis);
            std::filesystem::remove(file);
          });
  kept.steps.resize(5);
  MPI_Bcast(kept.steps.data(), 5 * sizeof(voxel::PathStep), MPI_BYTE, 0, MPI_COMM_WORLD);
  YieldingBody again(bar.body, bar.plasticity, bar.supports, MPI_COMM_WORLD);
  const PathResult resumed = voxel::resume(again, bar.load, options(), kept.at, kept.steps);
  if (!is_root(MPI_COMM_WORLD))
    return;
  REQUIRE(whole.steps.size() > 8);
  REQUIRE(resumed.steps.size() == whole.steps.size());
  CHECK(resumed.peak == whole.peak);
  CHECK(resumed.end == whole.end);
  for (std::size_t n = 0; n < whole.steps.size(); ++n)
  {
    CHECK(resumed.steps[n].factor == Approx(whole.steps[n].factor).epsilon(1e-4));
    CHECK(resumed.steps[n].displacement == Approx(whole.steps[n].displacement).epsilon(1e-4));
    CHECK(resumed.steps[n].work == Approx(whole.steps[n].work).epsilon(1e-3));
  }
  CHECK(resumed.at_end.softened_at == whole.at_end.softened_at);
}

TEST_CASE("a path does not go on from where another body stood")
{
  const Bar bar;
  YieldingBody body(bar.body, bar.plasticity, bar.supports, MPI_COMM_WORLD);
  voxel::Standing wrong;
  wrong.displacement.resize(3);
  CHECK_THROWS(voxel::resume(body, bar.load, options(), wrong, {{}}));
}
