#include "mesh/hexahedra.hpp"

#include <catch2/catch.hpp>

#include <cmath>

using namespace calcar;
using namespace calcar::mesh;
using Catch::WithinRel;

namespace
{
/// An L of voxels in a turned grid, right- or left-handed.
model::VoxelBody body(bool left_handed)
{
  model::VoxelBody result;
  result.grid.size = {3, 3, 2};
  result.grid.spacing = {0.5, 1, 2};
  result.grid.origin = {10, 20, 30};
  const double c = std::cos(0.3), s = std::sin(0.3);
  result.grid.direction = {Vec3{c, -s, 0}, Vec3{s, c, 0}, Vec3{0, 0, left_handed ? -1.0 : 1.0}};
  for (const auto& [i, j, k] : {std::array{0, 0, 0}, std::array{1, 0, 0}, std::array{2, 0, 0},
                                std::array{0, 1, 0}, std::array{0, 0, 1}})
    result.voxels.push_back(result.grid.offset(i, j, k));
  std::sort(result.voxels.begin(), result.voxels.end());
  return result;
}
} // namespace

TEST_CASE("voxels become hexahedra of their volume and place, in right- and left-handed images",
          "[hexahedra]")
{
  for (const bool left_handed : {false, true})
  {
    const model::VoxelBody voxels = body(left_handed);
    const Mesh mesh = hexahedra_of(voxels);
    REQUIRE(mesh.cells() == 5);
    for (std::size_t c = 0; c < 5; ++c)
    {
      CHECK_THAT(volume(mesh, c), WithinRel(1.0, 1e-12));
      const auto offset = voxels.voxels[c];
      const Vec3 index{double(offset % 3), double(offset / 3 % 3), double(offset / 9)};
      CHECK(norm(centre(mesh, c) - voxels.grid.point(index)) < 1e-12);
    }
  }
}

TEST_CASE("neighbouring voxels share their corners, and only free faces are boundary",
          "[hexahedra]")
{
  const Mesh mesh = hexahedra_of(body(false));
  // Bottom: an L of 4 squares has 10 corners; two layers, and 4 more above the upper voxel.
  CHECK(mesh.points.size() == 10 + 10 + 4);
  // 5 voxels of 6 faces; 4 pairs touch.
  CHECK(boundary_faces(mesh).size() == 5 * 6 - 2 * 4);
  std::vector<bool> used(mesh.points.size(), false);
  for (const std::uint32_t corner : mesh.corners)
    used[corner] = true;
  CHECK(std::count(used.begin(), used.end(), false) == 0);
  CHECK(mesh.regions == std::vector<std::string>{"bone"});
}
