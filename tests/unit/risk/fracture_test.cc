#include "model/lattice.hpp"
#include "risk/fracture.hpp"

#include <catch2/catch.hpp>

using namespace calcar;

namespace
{
/// A block of n^3 voxels of 1 mm, and fields on it in which nothing happened.
struct Block
{
  model::VoxelBody body;
  voxel::YieldingFields fields;

  explicit Block(int n)
  {
    body.grid.size = {n, n, n};
    body.grid.spacing = {1, 1, 1};
    for (std::uint64_t v = 0; v < body.grid.voxels(); ++v)
      body.voxels.push_back(v);
    fields.accumulated.assign(body.voxels.size(), 0);
    fields.yielded_at = fields.softened_at = fields.accumulated;
    fields.left.assign(body.voxels.size(), 1);
  }

  std::size_t at(int i, int j, int k) const { return body.grid.offset(i, j, k); }
};

analysis::FracturePath path_of(const std::vector<std::pair<double, double>>& load_and_displacement)
{
  analysis::FracturePath path;
  for (const auto& [load, displacement] : load_and_displacement)
  {
    voxel::PathStep step;
    step.factor = load;
    step.displacement = displacement;
    path.steps.push_back(step);
    if (load > path.steps[path.peak].factor)
      path.peak = path.steps.size() - 1;
  }
  return path;
}
} // namespace

TEST_CASE("A body begins to fail where the largest piece of the earliest softened voxels lies")
{
  Block block(10);
  // A lone voxel softens first, a piece of five with it; the rest of the block later.
  for (double& step : block.fields.softened_at)
    step = 7;
  block.fields.softened_at[block.at(1, 1, 1)] = 2;
  for (int i = 4; i < 9; ++i)
    block.fields.softened_at[block.at(i, 8, 8)] = 2;
  const auto start = risk::first_to_fail(block.body, block.fields);
  REQUIRE(start);
  CHECK(*start == block.at(6, 8, 8)); // the middle one
}

TEST_CASE("Where nothing softened a body begins to fail where it first yielded most")
{
  Block block(6);
  for (int i = 0; i < 6; ++i)
  {
    block.fields.yielded_at[block.at(i, 2, 2)] = 3;
    block.fields.accumulated[block.at(i, 2, 2)] = 0.001 * (i + 1);
  }
  const auto start = risk::first_to_fail(block.body, block.fields);
  REQUIRE(start);
  CHECK(*start == block.at(3, 2, 2)); // of the five that yielded most
  CHECK_FALSE(risk::first_to_fail(block.body, Block(6).fields));
}

TEST_CASE("The yield load lies where the line of 95 % of the stiffness meets the curve")
{
  // Elastic up to 10 at 1 mm, then a line of half the stiffness: load 10 + 5 (d - 1) = 9.5 d.
  const analysis::FracturePath path = path_of({{10, 1}, {10.5, 1.1}, {12, 1.4}, {11, 2}});
  const double d = 5 / 4.5;
  REQUIRE(path.yield_factor(0.05));
  CHECK(*path.yield_factor(0.05) == Approx(9.5 * d).epsilon(1e-3));
  CHECK_FALSE(path.yield_factor(0.9));
  CHECK(path.ultimate_factor() == 12);
  CHECK(path.first_yield_factor() == 10);
}

TEST_CASE("A load's displacement is told by the size of its reference load")
{
  const std::vector<model::NodalForce> forces = {{{0, 0, 0}, {3, 0, 0}}, {{1, 0, 0}, {0, 4, 0}}};
  CHECK(analysis::size_of({"hip force", 2000, "N"}, forces) == 2000);
  CHECK(analysis::size_of({"torque", 12, "N m"}, forces) == 12000); // N mm: an angle in rad
  CHECK(analysis::size_of({"pressure", 5, "kPa"}, forces) == Approx(5));
}
