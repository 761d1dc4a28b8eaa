#include "image/mask.hpp"
#include "image/rasterise.hpp"
#include "refusal.hpp"

#include <catch2/catch.hpp>

using namespace calcar;
using namespace calcar::image;
using Catch::Contains;

namespace
{
/// A box along the axes with round coordinates, on which rays would meet edges and corners.
geometry::TriangleSurface box(Vec3 low, Vec3 high)
{
  geometry::TriangleSurface surface;
  for (int corner = 0; corner < 8; ++corner)
    surface.points.push_back(
        {corner & 1 ? high.x : low.x, corner & 2 ? high.y : low.y, corner & 4 ? high.z : low.z});
  surface.triangles = {{0, 2, 1}, {1, 2, 3}, {4, 5, 6}, {5, 7, 6}, {0, 1, 4}, {1, 5, 4},
                       {2, 6, 3}, {3, 6, 7}, {0, 4, 2}, {2, 4, 6}, {1, 3, 5}, {3, 7, 5}};
  return surface;
}
} // namespace

TEST_CASE("a box becomes the voxels whose centres it holds")
{
  const Mask mask = rasterise(box({10, -20, 30}, {20, 0, 45}), 1, 2);
  CHECK(count(mask) == 10 * 20 * 15);
  for (const double size : {0.5, 2.5})
    CHECK(1000 * volume_cm3(rasterise(box({10, -20, 30}, {20, 0, 45}), size, 2)) ==
          Approx(3000).epsilon(0.02));
}

TEST_CASE("a cavity with its own surface stays empty")
{
  geometry::TriangleSurface outer = box({0, 0, 0}, {12, 12, 12});
  const geometry::TriangleSurface inner = box({4, 4, 4}, {8, 8, 8});
  for (const auto& t : inner.triangles)
    outer.triangles.push_back({t[0] + 8, t[2] + 8, t[1] + 8});
  outer.points.insert(outer.points.end(), inner.points.begin(), inner.points.end());
  CHECK(count(rasterise(outer, 1, 1)) == 12 * 12 * 12 - 4 * 4 * 4);
}

TEST_CASE("no voxel of the border belongs to the body")
{
  const Mask mask = rasterise(box({0, 0, 0}, {7, 7, 7}), 1, 1);
  for (int k = 0; k < mask.grid.size[2]; ++k)
    for (int j = 0; j < mask.grid.size[1]; ++j)
      CHECK(mask.at(0, j, k) + mask.at(mask.grid.size[0] - 1, j, k) == 0);
}

TEST_CASE("a body far too large or smaller than a voxel is refused")
{
  CHECK_THAT(test::refusal_of(
                 [] {
                   rasterise(box({0, 0, 0}, {4e5, 1e5, 1e5}), 1, 1);
                 }),
             Contains("voxels") && Contains("check the unit of the file"));
  CHECK_THAT(test::refusal_of(
                 [] {
                   rasterise(box({0, 0, 0}, {0.2, 0.2, 0.2}), 2, 1);
                 }),
             Contains("encloses no voxel of 2 mm"));
}
