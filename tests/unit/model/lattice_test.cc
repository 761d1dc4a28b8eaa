#include "model/lattice.hpp"
#include "unit/model/support.hpp"

#include <catch2/catch.hpp>

#include <algorithm>

using namespace calcar;
using namespace calcar::model;
using namespace bodies;

namespace
{
/// A block of 3 x 4 x 5 voxels with room around it, without its innermost voxel (2, 2, 3).
VoxelBody hollow_block()
{
  const image::Grid grid = bodies::grid({5, 6, 7}, {1, 2, 0.5}, 0.3);
  VoxelBody result =
      body(grid,
           [&](Vec3 p)
           {
             const Vec3 at = grid.index(p);
             const auto within = [](double x, double high) { return x > 0.5 && x < high; };
             return within(at.x, 3.5) && within(at.y, 4.5) && within(at.z, 5.5) &&
                    norm(at - Vec3{2, 2, 3}) > 0.5;
           });
  REQUIRE(result.voxels.size() == 3 * 4 * 5 - 1);
  return result;
}
} // namespace

TEST_CASE("a lattice knows active voxels, and nothing is active outside the grid")
{
  const VoxelBody block = hollow_block();
  const Lattice lattice(block);
  CHECK(lattice.active(1, 1, 1));
  CHECK(lattice.active(3, 4, 5));
  CHECK_FALSE(lattice.active(2, 2, 3));
  CHECK_FALSE(lattice.active(0, 1, 1));
  CHECK_FALSE(lattice.active(-1, 2, 2));
  CHECK_FALSE(lattice.active(5, 2, 2));
  CHECK_FALSE(lattice.active(2, 6, 2));
  CHECK_FALSE(lattice.active(2, 2, 7));
}

TEST_CASE("a voxel is on the surface when a face of it is free, also towards a hole")
{
  const VoxelBody block = hollow_block();
  const Lattice lattice(block);
  CHECK(lattice.on_surface(1, 2, 3));
  CHECK(lattice.on_surface(2, 2, 2));       // below the hole
  CHECK(lattice.on_surface(2, 2, 4));       // above it
  CHECK_FALSE(lattice.on_surface(2, 3, 2)); // beside the hole by an edge only
  int surface = 0;
  for (const std::uint64_t voxel : block.voxels)
  {
    const auto [i, j, k] = voxel_index(block.grid, voxel);
    surface += lattice.on_surface(i, j, k);
  }
  // The block has 1 x 2 x 3 = 6 inner voxels: one is the hole, three of the rest touch it.
  CHECK(surface == 3 * 4 * 5 - 6 + 3);
  const VoxelBody full = body(bodies::grid({3, 3, 3}), [](Vec3) { return true; });
  CHECK(Lattice(full).on_surface(0, 1, 1)); // the border of the grid is a surface
  CHECK_FALSE(Lattice(full).on_surface(1, 1, 1));
}

TEST_CASE("a node is active when one of its eight voxels is")
{
  const VoxelBody block = hollow_block();
  const Lattice lattice(block);
  int count = 0;
  for (int k = -1; k <= 8; ++k)
    for (int j = -1; j <= 7; ++j)
      for (int i = -1; i <= 6; ++i)
        count += lattice.node_active({i, j, k});
  CHECK(count == 4 * 5 * 6);
  CHECK(lattice.node_active({1, 1, 1}));
  CHECK(lattice.node_active({4, 5, 6}));
  CHECK_FALSE(lattice.node_active({0, 1, 1}));
  CHECK_FALSE(lattice.node_active({5, 5, 6}));
}

TEST_CASE("offsets, indices and positions belong together")
{
  const image::Grid grid = bodies::grid({4, 3, 5}, {1, 2, 0.5}, 0.8);
  for (std::uint64_t n = 0; n < grid.voxels(); ++n)
  {
    const auto [i, j, k] = voxel_index(grid, n);
    CHECK(grid.offset(i, j, k) == n);
    Vec3 mean;
    for (int corner = 0; corner < 8; ++corner)
      mean += 0.125 *
              node_position(grid, {i + (corner & 1), j + ((corner >> 1) & 1), k + (corner >> 2)});
    CHECK(norm(mean - voxel_centre(grid, n)) < 1e-12);
  }
  // Neighbouring nodes are a voxel apart along the grid's axes.
  const Vec3 step = node_position(grid, {1, 2, 4}) - node_position(grid, {1, 2, 3});
  CHECK(norm(step - 0.5 * (grid.direction * Vec3{0, 0, 1})) < 1e-12);
}

TEST_CASE("the nodes of voxels come once each, ascending by k, j, i")
{
  const VoxelBody block = hollow_block();
  const auto nodes = nodes_of(block.grid, block.voxels);
  CHECK(nodes.size() == 4 * 5 * 6);
  CHECK(std::is_sorted(nodes.begin(), nodes.end(),
                       [](const NodeIndex& a, const NodeIndex& b) {
                         return std::array{a.k, a.j, a.i} < std::array{b.k, b.j, b.i};
                       }));
  CHECK(std::adjacent_find(nodes.begin(), nodes.end()) == nodes.end());
  const std::vector<std::uint64_t> pair = {block.grid.offset(1, 1, 1), block.grid.offset(2, 1, 1)};
  CHECK(nodes_of(block.grid, pair).size() == 12);
  CHECK(nodes_of(block.grid, {}).empty());
}
