#include "pipeline/prediction.hpp"
#include "unit/model/support.hpp"
#include "voxel/engine.hpp"

#include <catch2/catch.hpp>

using namespace calcar;
using namespace calcar::pipeline;

TEST_CASE("a prediction counts voxels, unknowns and solves of the body")
{
  const model::VoxelBody block = bodies::body(bodies::grid({4, 5, 6}), [](Vec3) { return true; });
  const Prediction prediction = predict(block, {.solves = 7});
  CHECK(prediction.elements == 4 * 5 * 6);
  CHECK(prediction.unknowns == 3 * 5 * 6 * 7);
  CHECK(prediction.solves == 7);
  CHECK(prediction.memory_MB > 0);
  CHECK(prediction.seconds > 0);
}

TEST_CASE("the unknowns predicted are those that the engine has")
{
  const model::VoxelBody lump =
      bodies::body(bodies::grid({12, 11, 10}),
                   [](Vec3 p) { return norm(p) < 4.6 || (p.x > 0 && std::hypot(p.y, p.z) < 2.1); });
  model::VoxelSupports supports;
  supports.names = {"floor"};
  for (const model::NodeIndex& node : model::nodes_of(lump.grid, lump.voxels))
    if (node.k <= 3)
      for (int axis = 0; axis < 3; ++axis)
        supports.fixed.push_back({node, axis, 0, 0});
  const voxel::Engine engine(lump, supports, MPI_COMM_SELF);
  CHECK(predict(lump, {}).unknowns == engine.unknowns());
}

TEST_CASE("time grows with the solves and shrinks with the ranks, memory grows with both sizes")
{
  const auto cube = [](int n) {
    return bodies::body(bodies::grid({n, n, n}), [](Vec3) { return true; });
  };
  const model::VoxelBody small = cube(6);
  const model::VoxelBody large = cube(12);
  const auto seconds = [](const model::VoxelBody& body, int solves, int ranks)
  { return predict(body, {.solves = solves, .ranks = ranks}).seconds; };
  CHECK(seconds(small, 6, 1) == Approx(3 * seconds(small, 2, 1)));
  CHECK(seconds(small, 6, 3) == Approx(seconds(small, 2, 1)));
  CHECK(seconds(large, 1, 1) > 5 * seconds(small, 1, 1));
  CHECK(predict(large, {}).memory_MB > predict(small, {}).memory_MB);
  CHECK(predict(small, {.ranks = 4}).memory_MB > 3 * predict(small, {}).memory_MB);
  CHECK(predict(small, {.solves = 9}).memory_MB == predict(small, {}).memory_MB);
  CHECK(predict(large, {.loads = 90}).memory_MB > predict(large, {}).memory_MB);
  CHECK(predict(large, {.loads = 90, .responses = 90}).memory_MB >
        predict(large, {.loads = 90}).memory_MB);
  CHECK(predict(large, {.fields = 500}).memory_MB > predict(large, {}).memory_MB);
}

TEST_CASE("aggregation is an upper bound beside the prediction, and the prediction when asked for")
{
  const model::VoxelBody cube = bodies::body(bodies::grid({30, 30, 30}), [](Vec3) { return true; });
  for (const int ranks : {1, 3})
  {
    const Prediction plain = predict(cube, {.ranks = ranks});
    CHECK(plain.with_aggregation.root_MB > plain.root_MB);
    CHECK(plain.with_aggregation.memory_MB ==
          Approx(plain.with_aggregation.root_MB + (ranks - 1) * plain.with_aggregation.other_MB));
    CHECK(plain.with_aggregation.root_MB - plain.root_MB <
          300e-6 * static_cast<double>(plain.unknowns));
    const Prediction asked =
        predict(cube, {.ranks = ranks, .coarse_space = voxel::CoarseSpace::aggregation});
    CHECK(asked.memory_MB == plain.with_aggregation.memory_MB);
    CHECK(asked.other_MB == plain.with_aggregation.other_MB);
    CHECK(asked.aggregation_asked_for);
    CHECK_FALSE(plain.aggregation_asked_for);
  }
}

TEST_CASE("what rank 0 holds and has held is part of its peak")
{
  const model::VoxelBody cube = bodies::body(bodies::grid({6, 6, 6}), [](Vec3) { return true; });
  const Prediction plain = predict(cube, {});
  CHECK(predict(cube, {.held_MB = process_MB + 50}).root_MB == Approx(plain.root_MB + 50));
  CHECK(predict(cube, {.peak_MB = 5000}).root_MB == 5000);
  const Prediction three = predict(cube, {.ranks = 3});
  CHECK(three.memory_MB == Approx(three.root_MB + 2 * three.other_MB));
}

TEST_CASE("a path to fracture takes memory beyond that of the solves, on all ranks")
{
  const model::VoxelBody cube = bodies::body(bodies::grid({40, 40, 40}), [](Vec3) { return true; });
  const auto with = [&](voxel::PathWork path, int ranks = 1)
  { return predict(cube, {.path = path, .ranks = ranks}); };
  const Prediction none = with({}), centre = with({1, false}), kept = with({1, true}),
                   eight = with({8, true});
  // At the least the state of each point now and before (112 bytes) and five vectors.
  const double least = (112 * 40 * 40 * 40 + 5 * 24 * 41 * 41 * 41) / 1e6;
  CHECK(centre.root_MB > process_MB + least);
  CHECK(centre.root_MB > none.root_MB);
  CHECK(kept.root_MB > centre.root_MB);
  CHECK(eight.root_MB > kept.root_MB + 7 * 112 * 40 * 40 * 40 / 1e6);
  CHECK(centre.with_aggregation.root_MB >= centre.root_MB);
  CHECK(with({1, true}, 2).other_MB == with({1, false}, 2).other_MB); // rank 0 writes
  CHECK(with({1, false}, 2).other_MB > with({}, 2).other_MB);
  CHECK(with({1, false}, 2).other_MB < centre.root_MB);
}
