#include "bodies.hpp"
#include "voxel/engine.hpp"
#include "voxel/rounding_limit.hpp"

#include <catch2/catch.hpp>

using namespace calcar;
using namespace bodies;
using voxel::Engine;
using voxel::Solution;

namespace
{

/// Clamped at k = 0, the other end moved by 1 % along k.
int iterations_between_plates(const VoxelBody& b, double tolerance = 1e-6)
{
  VoxelSupports supports;
  supports.names = {"bottom", "top"};
  fix_plane(b, 0, -1, 0, 0, supports);
  fix_plane(b, b.grid.size[2], 0, 0, 1, supports);
  fix_plane(b, b.grid.size[2], 1, 0, 1, supports);
  fix_plane(b, b.grid.size[2], 2, -0.01 * b.grid.size[2] * b.grid.spacing.z, 1, supports);
  Engine engine(b, supports, MPI_COMM_SELF, {tolerance, 300});
  return engine.solve({{}}, {1}).front().report.iterations;
}

int iterations_clamped(const VoxelBody& b, int plane, int loaded)
{
  VoxelSupports supports;
  supports.names = {"clamp"};
  fix_plane(b, plane, -1, 0, 0, supports);
  Engine engine(b, supports, MPI_COMM_SELF, {1e-6, 300});
  return engine.solve({end_load(b, loaded, {1, 2, 3})}, {1}).front().report.iterations;
}

} // namespace

TEST_CASE("a random block with contrast 400 converges in about a dozen iterations at any size")
{
  CHECK(iterations_between_plates(contrast_block({24, 24, 24})) <= 15);
  CHECK(iterations_between_plates(contrast_block({33, 35, 31})) <= 15);
  CHECK(iterations_between_plates(contrast_block({48, 48, 48})) <= 15);
}

TEST_CASE("porous and tubular bodies converge")
{
  CHECK(iterations_between_plates(porous_block({40, 40, 40})) <= 40);
  CHECK(iterations_between_plates(bone_tube(24, 97)) <= 20);
  CHECK(iterations_between_plates(bone_tube(20, 40, {0.8, 0.8, 2})) <= 40);
}

TEST_CASE("a residual of 1e-12 is reached")
{
  CHECK(iterations_between_plates(bone_tube(24, 97), 1e-12) <= 45);
}

TEST_CASE("supports on odd planes converge like those on even ones")
{
  const VoxelBody b = contrast_block({17, 17, 19});
  const int even = iterations_clamped(b, 0, 19);
  CHECK(iterations_clamped(b, 19, 0) <= even + 8);
  CHECK(iterations_clamped(b, 9, 0) <= even + 8);
  CHECK(iterations_clamped(b, 1, 19) <= even + 8);
}

TEST_CASE("three odd nodes hold a stretched block")
{
  const VoxelBody b = block({21, 23, 25});
  VoxelSupports supports;
  supports.names = {"points"};
  for (const int axis : {0, 1, 2})
    supports.fixed.push_back({{1, 1, 1}, axis, 0, 0});
  for (const int axis : {1, 2})
    supports.fixed.push_back({{19, 1, 1}, axis, 0, 0});
  supports.fixed.push_back({{1, 21, 1}, 2, 0, 0});
  Engine engine(b, supports, MPI_COMM_SELF, {1e-11, 300});
  std::vector<NodalForce> forces = end_load(b, 25, {0, 0, 483});
  for (const NodalForce& force : end_load(b, 0, {0, 0, -483}))
    forces.push_back(force);
  const Solution solution = engine.solve({forces}, {1}).front();
  CHECK(solution.report.iterations <= 40);
  double error = 0;
  for (const SymTensor& strain : solution.strain)
    error = std::max(
        {error, std::abs(strain.zz - 1e-3), std::abs(strain.xx + 2.5e-4), std::abs(strain.yz)});
  CHECK(error < 1e-10);
  CHECK(norm(solution.reaction.front()) < 1e-6);
}

TEST_CASE("springs far stiffer or softer than the body converge")
{
  const VoxelBody b = block({15, 15, 31});
  for (const double stiffness : {1.0, 1e3, 1e6})
  {
    VoxelSupports supports;
    supports.names = {"foundation"};
    for (const NodalForce& share : end_load(b, 0, {1, 1, 1}))
      supports.springs.push_back(
          {share.node, share.force.x * SymTensor{stiffness, 2 * stiffness, stiffness, 0, 0, 0}, 0});
    Engine engine(b, supports, MPI_COMM_SELF, {1e-8, 300});
    const Solution s = engine.solve({end_load(b, 31, {0, 0, 10})}, {1}).front();
    CHECK(s.report.iterations <= 60);
    CHECK(s.reaction.front().z == Approx(-10).epsilon(1e-5));
  }
}

TEST_CASE("too few iterations are reported with the residual reached and a hint")
{
  const VoxelBody b = contrast_block({16, 16, 16});
  VoxelSupports supports;
  supports.names = {"bottom"};
  fix_plane(b, 0, -1, 0, 0, supports);
  Engine engine(b, supports, MPI_COMM_SELF, {1e-10, 3});
  CHECK_THROWS_WITH(engine.solve({end_load(b, 16, {0, 0, 1})}, {1}),
                    Catch::Contains("after 3 iterations") && Catch::Contains("residual") &&
                        Catch::Contains("allow more iterations"));
}

TEST_CASE("a residual below rounding ends with what double precision gives, and says so")
{
  const VoxelBody b = contrast_block({12, 12, 12});
  VoxelSupports supports;
  supports.names = {"bottom"};
  fix_plane(b, 0, -1, 0, 0, supports);
  for (const char* petsc : {"", "-ksp_type cg"})
  {
    Engine impossible(b, supports, MPI_COMM_SELF, {1e-30, 1000, petsc});
    const calcar::voxel::SolveReport report =
        impossible.solve({end_load(b, 12, {0, 0, 1})}, {1}).front().report;
    CHECK(report.at_rounding_limit);
    CHECK(report.relative_residual > 1e-30);
    CHECK(report.relative_residual < calcar::voxel::accepted_rounding_limit);
  }
  Engine possible(b, supports, MPI_COMM_SELF, {1e-8, 1000});
  CHECK_FALSE(possible.solve({end_load(b, 12, {0, 0, 1})}, {1}).front().report.at_rounding_limit);
}

TEST_CASE(
    "the limit of rounding is reached with the third restart that does not halve the residual")
{
  calcar::voxel::RoundingLimit limit(1);
  CHECK_FALSE(limit.reached(0.6)); // the first
  CHECK_FALSE(limit.reached(0.2));
  CHECK_FALSE(limit.reached(0.15)); // the second
  CHECK_FALSE(limit.reached(0.01));
  CHECK_FALSE(limit.reached(0.004));
  CHECK(limit.reached(0.003));
  calcar::voxel::RoundingLimit growing(1);
  CHECK_FALSE(growing.reached(2));
  CHECK_FALSE(growing.reached(2));
  CHECK(growing.reached(1.1));
}
