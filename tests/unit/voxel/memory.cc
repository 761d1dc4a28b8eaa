#include "voxel/memory.hpp"

#include "bodies/nails.hpp"
#include "model/lattice.hpp"
#include "unit/model/support.hpp"
#include "voxel/checks.hpp"
#include "voxel/engine.hpp"
#include "voxel/petsc_vectors.hpp"
#include "voxel/runs.hpp"
#include "voxel/spread.hpp"

#include <catch2/catch.hpp>

#include <algorithm>
#include <cmath>
#include <utility>

using namespace calcar;
using namespace calcar::voxel;

namespace
{
model::VoxelBody cube(int n)
{
  return bodies::body(bodies::grid({n, n, n}), [](Vec3) { return true; });
}

/// Sheets around a gyroid surface of 9 voxels' period.
model::VoxelBody sheets(std::array<int, 3> size)
{
  return bodies::body(bodies::grid(size),
                      [](Vec3 p)
                      {
                        const Vec3 a = (2 * 3.14159265358979 / 9) * p;
                        return std::abs(std::sin(a.x) * std::cos(a.y) +
                                        std::sin(a.y) * std::cos(a.z) +
                                        std::sin(a.z) * std::cos(a.x)) < 0.5;
                      });
}
} // namespace

TEST_CASE("the levels of a cube are counted as they are")
{
  const std::vector<LevelCounts> levels = count_levels(cube(20));
  REQUIRE(levels.size() == 3); // 648 unknowns are few enough
  const std::uint64_t edge[] = {20, 10, 5}, bricks[] = {27, 8, 1};
  for (std::size_t l = 0; l < 3; ++l)
  {
    CAPTURE(l);
    CHECK(levels[l].voxels == edge[l] * edge[l] * edge[l]);
    CHECK(levels[l].nodes == (edge[l] + 1) * (edge[l] + 1) * (edge[l] + 1));
    CHECK(levels[l].bricks == bricks[l]);
  }
}

TEST_CASE("levels, nodes and bricks counted are those of the engine")
{
  for (const model::VoxelBody& body : {cube(13), sheets({31, 26, 37}), sheets({9, 40, 17})})
  {
    const std::vector<LevelCounts> levels = count_levels(body);
    CHECK(levels.front().voxels == body.voxels.size());
    CHECK(levels.front().nodes == model::nodes_of(body.grid, body.voxels).size());
    Distribution distribution;
    CHECK(levels.front().bricks == spread(body, MPI_COMM_SELF, distribution).list.size());
    model::VoxelSupports supports;
    supports.names = {"all"};
    for (const model::NodeIndex& node : model::nodes_of(body.grid, body.voxels))
      for (int axis = 0; axis < 3 && node.k < 9; ++axis)
        supports.fixed.push_back({node, axis, 0, 0});
    for (const Piece& piece : pieces(body)) // sheets may fall into pieces: hold one node of each
      for (int corner = 0; corner < 8; ++corner)
      {
        const auto at = model::voxel_index(body.grid, body.voxels[piece.voxels.front()]);
        const model::NodeIndex node{at[0] + (corner & 1), at[1] + (corner >> 1 & 1),
                                    at[2] + (corner >> 2)};
        for (int axis = 0; axis < 3; ++axis)
          supports.fixed.push_back({node, axis, 0, 0});
      }
    const Engine engine(body, supports, MPI_COMM_SELF);
    CHECK(3 * levels.front().nodes == engine.unknowns());
    CHECK(static_cast<int>(levels.size()) == engine.levels());
  }
}

TEST_CASE("memory falls with the ranks, and rank 0 has more than the others")
{
  const std::vector<LevelCounts> levels = count_levels(cube(64));
  const EngineMemory alone = engine_memory(levels, 1, 1, true);
  const EngineMemory root = engine_memory(levels, 8, 1, true);
  const EngineMemory other = engine_memory(levels, 8, 1, false);
  CHECK(other.peak() < 0.3 * alone.peak());
  CHECK(other.peak() > alone.peak() / 16);
  CHECK(root.peak() > other.peak());
  CHECK(other.outcome.empty());
  // Each solution more is six strains a voxel and three displacements a node, and three floats a
  // node that later loads start from.
  const double held = 48.0 * 64 * 64 * 64 + 24.0 * 65 * 65 * 65;
  const double one = held + 12.0 * 65 * 65 * 65;
  CHECK(engine_memory(levels, 1, 5, true).peak() - engine_memory(levels, 1, 4, true).peak() ==
        Approx(one));
  CHECK(total(engine_memory(levels, 1, 5, true).outcome) - total(alone.outcome) ==
        Approx(4 * held));
  CHECK(alone.engine < total(alone.solve));
}

TEST_CASE("runs of voxels are counted as they are, over the ends of rows too")
{
  for (const model::VoxelBody& body : {cube(7), sheets({31, 26, 37}), sheets({64, 5, 9})})
    CHECK(count_levels(body).front().runs == runs_of(body).size());
}

TEST_CASE("aggregates replace the coarser levels by a bound for each unknown of the rank")
{
  const std::vector<LevelCounts> levels = count_levels(cube(40));
  const EngineMemory memory = engine_memory(levels, 1, 1, true);
  const auto without_coarser = [](const std::vector<MemoryTerm>& stage)
  {
    double sum = 0;
    for (const MemoryTerm& term : stage)
      sum += term.what == "coarser levels" ? 0 : term.bytes;
    CHECK(sum < total(stage));
    return sum;
  };
  const double others = std::max(without_coarser(memory.solve), without_coarser(memory.gather));
  const double bound = (total(memory.aggregation) - others) / (3 * 41 * 41 * 41);
  CHECK(bound > 97); // what stays on struts
  CHECK(bound < 200);
  CHECK(memory.peak_with_aggregation() == total(memory.aggregation));
  CHECK(engine_memory(levels, 4, 1, false).peak_with_aggregation() <
        0.5 * memory.peak_with_aggregation());
}

TEST_CASE("the vectors of PETSc's methods are counted with their restart")
{
  CHECK(petsc_vectors("-ksp_monitor") == petsc_vectors("-ksp_type fcg"));
  CHECK(petsc_vectors("-ksp_type cg") == 6);
  CHECK(petsc_vectors("-ksp_type gmres") == 35);
  CHECK(petsc_vectors("-ksp_monitor --ksp_type gmres -ksp_gmres_restart 60") == 65);
  CHECK(petsc_vectors("-ksp_type gmres -ksp_type fgmres -ksp_gmres_restart 50") == 106);
  CHECK(petsc_vectors("-ksp_type gcr -ksp_gmres_restart 60") == petsc_vectors("-ksp_type gcr"));
  CHECK(petsc_vectors("-ksp_type pipecg2") == 21);
  const std::vector<LevelCounts> levels = count_levels(cube(20));
  const auto solve = [&](const std::string& petsc)
  { return total(engine_memory(levels, 1, 1, true, petsc).solve); };
  CHECK(solve("-ksp_type gmres") - solve("-ksp_type cg") == Approx(29 * 24.0 * 21 * 21 * 21));
  CHECK(solve("-ksp_type cg") > solve(""));
  CHECK(engine_memory(levels, 1, 1, true, "-ksp_type cg").peak_with_aggregation() ==
        engine_memory(levels, 1, 1, true, "-ksp_type cg").peak());
}

TEST_CASE("without memory for aggregates the solver stays with V-cycles, and says so")
{
  const test_bodies::Problem nail =
      test_bodies::clamped("nail", test_bodies::nail_in_marrow(16, 96), test_bodies::Load::bending);
  Options options;
  const auto report = [&](const test_bodies::Problem& problem)
  {
    Engine engine(problem.body, problem.supports, MPI_COMM_SELF, options);
    return engine.solve({problem.forces}, {1}).front().report;
  };
  const SolveReport free = report(nail);
  CHECK(free.aggregation);
  CHECK_FALSE(free.aggregation_left_out);
  options.may_aggregate = false;
  const SolveReport kept = report(nail);
  CHECK_FALSE(kept.aggregation);
  CHECK(kept.aggregation_left_out);
  CHECK(kept.relative_residual <= options.relative_residual);
  CHECK(kept.iterations > free.iterations);
  // Nothing is left out where the V-cycle was asked for, or serves.
  CHECK_FALSE(report(test_bodies::clamped("cube", cube(12), test_bodies::Load::plates))
                  .aggregation_left_out);
  options.coarse_space = CoarseSpace::geometric;
  CHECK_FALSE(report(nail).aggregation_left_out);
}

TEST_CASE("a list of voxels kept as ranges is the list")
{
  VoxelRanges list;
  std::vector<std::uint64_t> expected;
  for (const auto& [first, end] : {std::pair{3, 5}, {5, 6}, {9, 12}, {20, 21}})
  {
    list.append(static_cast<std::uint64_t>(first), static_cast<std::uint64_t>(end));
    for (int v = first; v < end; ++v)
      expected.push_back(static_cast<std::uint64_t>(v));
  }
  CHECK(std::vector<std::uint64_t>(list.begin(), list.end()) == expected);
  CHECK(list.size() == expected.size());
  CHECK(list.front() == 3);
  for (std::uint64_t v = 0; v < 25; ++v)
  {
    CAPTURE(v);
    CHECK(list.contains(v) == (std::count(expected.begin(), expected.end(), v) == 1));
  }
  const VoxelRanges none;
  CHECK(none.begin() == none.end());
  CHECK_FALSE(none.contains(0));
}

TEST_CASE("porous bodies take more a voxel than solid ones")
{
  const auto per_voxel = [](const model::VoxelBody& body)
  {
    return engine_memory(count_levels(body), 1, 1, true).peak() /
           static_cast<double>(body.voxels.size());
  };
  CHECK(per_voxel(sheets({64, 64, 64})) > 1.3 * per_voxel(cube(64)));
}
