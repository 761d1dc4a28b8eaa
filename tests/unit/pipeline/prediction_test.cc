#include "pipeline/prediction.hpp"
#include "unit/model/support.hpp"
#include "voxel/engine.hpp"

#include <catch2/catch.hpp>

using namespace calcar;
using namespace calcar::pipeline;

TEST_CASE("a prediction counts voxels, unknowns and solves of the body")
{
  const model::VoxelBody block = bodies::body(bodies::grid({4, 5, 6}), [](Vec3) { return true; });
  const Prediction prediction = predict(block, 7, 1);
  CHECK(prediction.voxels == 4 * 5 * 6);
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
  CHECK(predict(lump, 1, 1).unknowns == engine.unknowns());
}

TEST_CASE("time grows with the solves and shrinks with the ranks, memory grows with both sizes")
{
  const auto cube = [](int n) {
    return bodies::body(bodies::grid({n, n, n}), [](Vec3) { return true; });
  };
  const model::VoxelBody small = cube(6);
  const model::VoxelBody large = cube(12);
  CHECK(predict(small, 6, 1).seconds == Approx(3 * predict(small, 2, 1).seconds));
  CHECK(predict(small, 6, 3).seconds == Approx(predict(small, 2, 1).seconds));
  CHECK(predict(large, 1, 1).seconds > 5 * predict(small, 1, 1).seconds);
  CHECK(predict(large, 1, 1).memory_MB > predict(small, 1, 1).memory_MB);
  CHECK(predict(small, 1, 4).memory_MB > 3 * predict(small, 1, 1).memory_MB);
  CHECK(predict(small, 9, 1).memory_MB == predict(small, 1, 1).memory_MB);
}
