#include "image/box.hpp"
#include "image/distance.hpp"
#include "image/mask.hpp"
#include "unit/image/support.hpp"

#include <catch2/catch.hpp>

#include <cmath>

using namespace calcar;
using namespace calcar::image;
using namespace calcar::image::test;
using Catch::Contains;

namespace
{
Mask empty_mask(int n)
{
  return {{{n, n, n}, {}, {1, 1, 1}, identity()},
          std::vector<std::uint8_t>(static_cast<std::size_t>(n * n * n)),
          {"mask.nii.gz", ""}};
}

void fill(Mask& mask, std::array<int, 3> low, std::array<int, 3> high, std::uint8_t value = 1)
{
  for (int k = low[2]; k <= high[2]; ++k)
    for (int j = low[1]; j <= high[1]; ++j)
      for (int i = low[0]; i <= high[0]; ++i)
        mask.at(i, j, k) = value;
}
} // namespace

TEST_CASE("a label becomes a mask; an absent one is refused with those present")
{
  const LabelMap labels{
      {{4, 1, 1}, {}, {1, 1, 1}, identity()}, {0, 2, 2, 7}, {"labels.nii.gz", ""}};
  CHECK(extract(labels, 2).values == std::vector<std::uint8_t>{0, 1, 1, 0});
  const std::string text = refusal_of([&] { extract(labels, 3); });
  CHECK_THAT(text, Contains("labels.nii.gz: no voxel has label 3; allowed: the labels present: 2 "
                            "(2 voxels), 7 (1 voxels)"));
  CHECK_THAT(refusal_of([&] { extract(labels, 0); }), Contains("label 0 is the background"));
  LabelMap empty = labels;
  empty.values.assign(4, 0);
  CHECK_THAT(refusal_of([&] { extract(empty, 1); }), Contains("the image is 0 everywhere"));
}

TEST_CASE("pieces are found by faces or by all neighbours, largest first")
{
  Mask mask = empty_mask(6);
  mask.at(0, 0, 0) = 1;
  fill(mask, {1, 1, 1}, {2, 2, 2}); // touches the first by a corner
  const Pieces by_faces = connected_pieces(mask, Neighbours::faces);
  CHECK(by_faces.voxels == std::vector<std::size_t>{8, 1});
  CHECK(by_faces.labels.at(1, 1, 1) == 1);
  CHECK(by_faces.labels.at(0, 0, 0) == 2);
  CHECK(connected_pieces(mask, Neighbours::all).voxels == std::vector<std::size_t>{9});
}

TEST_CASE("small pieces are dropped with a warning, large ones are refused")
{
  Mask mask = empty_mask(30);
  fill(mask, {2, 2, 2}, {15, 15, 15});
  mask.at(25, 25, 25) = 1;
  const CleanMask clean = keep_largest(mask);
  CHECK(count(clean.mask) == 14 * 14 * 14);
  REQUIRE(clean.warnings.size() == 1);
  CHECK(clean.warnings[0].code == "small_pieces_dropped");
  CHECK_THAT(clean.warnings[0].text,
             Contains("1 small pieces apart from the bone were dropped (0.036 % of the mask)"));
  fill(mask, {20, 20, 20}, {29, 29, 29});
  CHECK_THAT(refusal_of([&] { keep_largest(mask); }),
             Contains("mask.nii.gz: the mask is in 2 pieces of 2.744, 1 cm3; allowed: one bone in "
                      "one piece, small pieces below 1 %"));
  CHECK_THAT(refusal_of([&] { keep_largest(empty_mask(3)); }), Contains("the mask is empty"));
  Mask whole = empty_mask(4);
  fill(whole, {0, 0, 0}, {1, 1, 1});
  CHECK(keep_largest(whole).warnings.empty());
}

TEST_CASE("enclosed cavities are filled, those open at the border are not")
{
  Mask mask = empty_mask(9);
  fill(mask, {1, 1, 1}, {7, 7, 7});
  fill(mask, {3, 3, 3}, {5, 5, 5}, 0);
  CHECK(fill_holes(mask).filled == 27);
  CHECK(count(fill_holes(mask).mask) == 343);
  fill(mask, {4, 4, 0}, {4, 4, 3}, 0); // a canal to the outside
  CHECK(fill_holes(mask).filled == 0);
}

TEST_CASE("distances are exact for voxels that are not cubes")
{
  Mask mask = empty_mask(12);
  mask.grid.spacing = {0.7, 1.1, 2.3};
  mask.at(3, 4, 5) = mask.at(9, 1, 10) = 1;
  const Volume distance = distance_to(mask);
  double worst = 0;
  for (int k = 0; k < 12; ++k)
    for (int j = 0; j < 12; ++j)
      for (int i = 0; i < 12; ++i)
      {
        const Vec3 p = mask.grid.point({i + 0., j + 0., k + 0.});
        const double expected =
            std::min(norm(p - mask.grid.point({3, 4, 5})), norm(p - mask.grid.point({9, 1, 10})));
        worst = std::max(worst, std::abs(expected - static_cast<double>(distance.at(i, j, k))));
      }
  CHECK(worst < 1e-5);
  CHECK(std::isinf(distance_to(empty_mask(3)).values[5]));
}

TEST_CASE("closing bridges gaps, keeps the mask, and does not mind the border")
{
  Mask mask = empty_mask(16);
  fill(mask, {0, 4, 4}, {6, 12, 12});
  fill(mask, {9, 4, 4}, {15, 12, 12}); // a gap of two voxels
  const Mask closed = close(mask, 2);
  CHECK(closed.at(7, 8, 8) == 1);
  CHECK(closed.at(8, 8, 8) == 1);
  CHECK(closed.at(7, 1, 8) == 0);
  CHECK(closed.at(0, 3, 8) == 0);
  CHECK(count(closed) > count(mask));
  const Mask solid = ball(20, 6, {10, 10, 10});
  CHECK(count(close(solid, 2)) - count(solid) < count(solid) / 20);
  CHECK(count(dilate(solid, 2)) ==
        Approx(static_cast<double>(count(ball(20, 8, {10, 10, 10})))).epsilon(0.1));
}

TEST_CASE("cropping keeps voxels where they are in space")
{
  const Mask mask = ball(20, 4, {9, 10, 11});
  const Box box = grown(bounding_box(mask), mask.grid, 1.5);
  CHECK(box.low == std::array<int, 3>{3, 4, 5});
  CHECK(box.high == std::array<int, 3>{15, 16, 17});
  const Mask small = crop(mask, box);
  CHECK(count(small) == count(mask));
  CHECK(norm(small.grid.point({0, 0, 0}) - mask.grid.point({3, 4, 5})) < 1e-12);
  CHECK(small.at(6, 6, 6) == mask.at(9, 10, 11));
  CHECK(volume_cm3(mask) == Approx(4.0 / 3 * M_PI * 0.064).epsilon(0.05));
}
