#include "image/checks.hpp"
#include "image/mask_fit.hpp"
#include "refusal.hpp"

#include <catch2/catch.hpp>

#include <algorithm>
#include <array>

using namespace calcar;
using namespace calcar::image;
using Catch::Contains;
using test::refusal_of;

namespace
{
constexpr int size = 40;

/// A bent bar of bone away from the middle of the image, wider by `more` voxels on each side.
bool in_bone(int i, int j, int k, int more = 0)
{
  const auto between = [more](int at, int low, int high)
  { return at >= low - more && at <= high + more; };
  const bool upright = between(i, 4, 9) && between(j, 5, 11) && between(k, 4, 14);
  const bool arm = between(i, 4, 20) && between(j, 5, 11) && between(k, 10, 14);
  return upright || arm;
}

Grid voxels(double spacing_mm)
{
  Grid grid;
  grid.size = {size, size, size};
  grid.spacing = {spacing_mm, spacing_mm, spacing_mm};
  return grid;
}

/// Bone of 0.6 g/cm3 in muscle of 0.04, and air of -0.9 beside it.
Volume scan(const Grid& grid)
{
  Volume volume{grid, std::vector<float>(grid.voxels(), 0.04F), {"ct.nii.gz", ""}};
  for (int k = 0; k < size; ++k)
    for (int j = 0; j < size; ++j)
      for (int i = 0; i < size; ++i)
        volume.at(i, j, k) = in_bone(i, j, k) ? 0.6F : j > 30 ? -0.9F : 0.04F;
  return volume;
}

/// The bone's mask, its voxel (i, j, k) put to where `place` says.
template <typename Place>
Mask mask_of(const Grid& grid, const Place& place, int more = 0)
{
  Mask mask{grid, std::vector<std::uint8_t>(grid.voxels(), 0), {"labels.nii.gz", ""}};
  for (int k = 0; k < size; ++k)
    for (int j = 0; j < size; ++j)
      for (int i = 0; i < size; ++i)
        if (in_bone(i, j, k, more))
        {
          const std::array<int, 3> at = place(i, j, k);
          mask.at(at[0], at[1], at[2]) = 1;
        }
  return mask;
}

std::array<int, 3> in_place(int i, int j, int k)
{
  return {i, j, k};
}
} // namespace

TEST_CASE("a mask that lies on its bone is told nothing of, in HU and in density")
{
  const Grid grid = voxels(2);
  Volume volume = scan(grid);
  const Mask mask = mask_of(grid, in_place);
  CHECK(check_mask_fit(volume, mask, Quantity::density).empty());
  for (float& v : volume.values)
    v *= 1200;
  CHECK(check_mask_fit(volume, mask, Quantity::hounsfield).empty());
}

TEST_CASE("a mask that was moved is told of with the way back, in coarse and fine voxels")
{
  for (const double spacing : {2.0, 0.5})
  {
    const Grid grid = voxels(spacing);
    const int voxel_steps = spacing < 1 ? 3 : 2;
    const Mask mask = mask_of(grid,
                              [&](int i, int j, int k) -> std::array<int, 3> {
                                return {i + voxel_steps, j, k - voxel_steps};
                              });
    const Warnings warnings = check_mask_fit(scan(grid), mask, Quantity::density);
    REQUIRE(warnings.size() == 1);
    CHECK(warnings[0].code == "mask_displaced");
    CHECK(warnings[0].place == "labels.nii.gz");
    const std::string way = spacing < 1 ? "1.5 mm" : "4 mm";
    CHECK_THAT(warnings[0].text, Contains("moved by " + way + " right and " + way + " superior") &&
                                     Contains("instead of"));
  }
}

TEST_CASE("a mask that is much too wide is told of")
{
  const Grid grid = voxels(2);
  const Warnings warnings =
      check_mask_fit(scan(grid), mask_of(grid, in_place, 2), Quantity::density);
  REQUIRE(warnings.size() == 1);
  CHECK_THAT(warnings[0].text, Contains("much too wide"));
}

TEST_CASE("a mask whose data were flipped is refused, along one axis or two")
{
  const Grid grid = voxels(2);
  const Volume volume = scan(grid);
  const auto refused = [&](bool x, bool y, bool z)
  {
    return refusal_of(
        [&]
        {
          check_mask_fit(
              volume,
              mask_of(grid,
                      [&](int i, int j, int k) -> std::array<int, 3> {
                        return {x ? size - 1 - i : i, y ? size - 1 - j : j, z ? size - 1 - k : k};
                      }),
              Quantity::density);
        });
  };
  CHECK_THAT(refused(true, false, false),
             Contains("labels.nii.gz: the mask is mirrored: flipped along i of its voxels") &&
                 Contains("a mask in the space of the image"));
  CHECK_THAT(refused(false, true, false), Contains("flipped along j of"));
  CHECK_THAT(refused(false, false, true), Contains("flipped along k of"));
  CHECK_THAT(refused(true, true, false), Contains("flipped along i and j of"));
}

TEST_CASE("a bone whose border does not show, and one that fills the image, are not judged")
{
  const Grid grid = voxels(2);
  Volume volume = scan(grid);
  std::ranges::fill(volume.values, 0.3F);
  CHECK(check_mask_fit(volume, mask_of(grid, in_place), Quantity::density).empty());
  Mask full = mask_of(grid, in_place);
  std::ranges::fill(full.values, std::uint8_t{1});
  CHECK(check_mask_fit(scan(grid), full, Quantity::density).empty());
}
