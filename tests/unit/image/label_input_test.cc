#include "image/contour_fill.hpp"
#include "image/label_input.hpp"
#include "image/mask.hpp"
#include "image/write.hpp"
#include "unit/image/support.hpp"

#include <catch2/catch.hpp>

#include <cmath>

using namespace calcar;
using namespace calcar::image;
using namespace calcar::image::test;
using Catch::Contains;

namespace
{
constexpr double pi = 3.14159265358979323846;

Mat3 turned(double angle)
{
  const double c = std::cos(angle), s = std::sin(angle);
  return {Vec3{c, -s, 0}, Vec3{s, c, 0}, Vec3{0, 0, 1}};
}

/// A grid of n^3 voxels centred on the origin.
Grid centred(int n, double spacing, const Mat3& direction)
{
  Grid grid{{n, n, n}, {}, {spacing, spacing, spacing}, direction};
  grid.origin = -grid.point({0.5 * (n - 1), 0.5 * (n - 1), 0.5 * (n - 1)});
  return grid;
}

/// Label 3 in a ball about a point.
LabelMap ball_label(const Grid& grid, Vec3 centre, double radius)
{
  LabelMap labels{grid, std::vector<std::int32_t>(grid.voxels()), {"labels.nii.gz", ""}};
  std::size_t at = 0;
  for (int k = 0; k < grid.size[2]; ++k)
    for (int j = 0; j < grid.size[1]; ++j)
      for (int i = 0; i < grid.size[0]; ++i, ++at)
        labels.values[at] = norm(grid.point({i + 0.0, j + 0.0, k + 0.0}) - centre) < radius ? 3 : 0;
  return labels;
}

Vec3 centre_of(const Mask& mask)
{
  Vec3 sum;
  std::size_t at = 0;
  for (int k = 0; k < mask.grid.size[2]; ++k)
    for (int j = 0; j < mask.grid.size[1]; ++j)
      for (int i = 0; i < mask.grid.size[0]; ++i, ++at)
        if (mask.values[at])
          sum += mask.grid.point({i + 0.0, j + 0.0, k + 0.0});
  return sum / static_cast<double>(count(mask));
}

bool warned(const Warnings& warnings, const std::string& code)
{
  return std::ranges::count(warnings, code, &Warning::code) > 0;
}
} // namespace

TEST_CASE("labels on any other grid come to lie where they were in space")
{
  const Grid ct = centred(40, 1.5, identity());
  const Vec3 centre = {6, -4, 3};
  const double volume = 4.0 / 3 * pi * std::pow(12, 3) / 1000;
  const Mat3 flipped = {Vec3{-1, 0, 0}, Vec3{0, 0, 1}, Vec3{0, 1, 0}};
  for (const Grid& other : {centred(64, 1.0, turned(0.4)), centred(30, 2.4, flipped),
                            centred(90, 0.7, identity()), centred(40, 1.5, turned(0.1))})
  {
    const LabelsOn on = labels_on(ct, ball_label(other, centre, 12));
    const Mask mask = extract(on.labels, 3);
    CHECK(on.resampled);
    CHECK(volume_cm3(mask) == Approx(volume).epsilon(0.02));
    CHECK(norm(centre_of(mask) - centre) < 0.15);
    REQUIRE(on.warnings.size() == 1);
    CHECK(on.warnings[0].code == "labels_resampled");
    CHECK_THAT(on.warnings[0].text, Contains("the CT has 40x40x40 voxels of 1.5x1.5x1.5 mm from "
                                             "(-29.25, -29.25, -29.25) to (29.25, 29.25, 29.25)"));
  }
  const LabelsOn same = labels_on(ct, ball_label(ct, centre, 12));
  CHECK(!same.resampled);
  CHECK(same.warnings.empty());
}

TEST_CASE("labels of another patient are refused, those partly outside are told")
{
  const Grid ct = centred(40, 1.5, identity());
  Grid far = centred(64, 1.0, identity());
  far.origin += Vec3{200, 0, 0};
  CHECK_THAT(
      refusal_of(
          [&] {
            labels_on(ct, ball_label(far, {200, 0, 0}, 12));
          }),
      Contains("labels.nii.gz: no labelled voxel lies inside the CT: its grid is 64x64x64") &&
          Contains("an image of the same patient and space as the CT"));
  // The grids overlap, the labels do not.
  Grid beside = centred(64, 1.0, identity());
  beside.origin += Vec3{40, 0, 0};
  CHECK_THAT(refusal_of(
                 [&] {
                   labels_on(ct, ball_label(beside, {55, 0, 0}, 12));
                 }),
             Contains("no labelled voxel lies inside the CT"));
  const LabelsOn half = labels_on(ct, ball_label(beside, {30, 0, 0}, 12));
  REQUIRE(warned(half.warnings, "labels_outside"));
  const Mask inside = extract(half.labels, 3);
  CHECK(volume_cm3(inside) == Approx(0.5 * 4.0 / 3 * pi * 1.728).epsilon(0.06));
}

TEST_CASE("the CT's own voxels under a damaged header are refused, in another order they are taken")
{
  Grid ct = centred(40, 1.5, identity());
  ct.size = {40, 30, 20};
  ct.origin = {-12, -31, 7};
  const Vec3 centre = ct.point({20, 15, 10});
  const auto told = [&](const Grid& header)
  {
    LabelMap labels = ball_label(ct, centre, 9);
    labels.grid = header;
    return refusal_of([&] { labels_on(ct, labels); });
  };
  Grid half_turn = ct; // RAS taken for LPS
  half_turn.origin = {12, 31, 7};
  half_turn.direction = {Vec3{-1, 0, 0}, Vec3{0, -1, 0}, Vec3{0, 0, 1}};
  CHECK_THAT(told(half_turn), Contains("the mask lies on another grid than the image: origin "
                                       "(12, 31, 7) instead of (-12, -31, 7) mm") &&
                                  Contains("direction of axis i"));
  Grid mirrored = ct;
  mirrored.origin.x = 12;
  mirrored.direction[0] = {-1, 0, 0};
  CHECK_THAT(told(mirrored), Contains("direction of axis i (-1, 0, 0) instead of (1, 0, 0)"));
  Grid upside_down = ct;
  upside_down.origin.z = -7;
  upside_down.direction[2] = {0, 0, -1};
  CHECK_THAT(told(upside_down), Contains("direction of axis k (0, 0, -1) instead of (0, 0, 1)"));
  // The same voxels, written in another order and sense, lie where they were.
  Grid reordered = ct;
  reordered.size = {20, 30, 40};
  reordered.origin = ct.point({39, 29, 0});
  reordered.direction = {Vec3{0, 0, -1}, Vec3{0, -1, 0}, Vec3{1, 0, 0}};
  const LabelsOn on = labels_on(ct, ball_label(reordered, centre, 9));
  CHECK(on.resampled);
  CHECK(on.labels.values == ball_label(ct, centre, 9).values);
}

TEST_CASE("a label too thin for the CT's voxels is told or refused")
{
  const Grid ct = centred(12, 6, identity());
  LabelMap sheet = ball_label(centred(80, 0.8, identity()), {100, 0, 0}, 1);
  for (int j = 0; j < 80; ++j)
    for (int i = 0; i < 80; ++i)
      sheet.at(i, j, 40) = 5; // 0.8 mm thick
  CHECK_THAT(refusal_of([&] { labels_on(ct, sheet); }),
             Contains("label 5 is thinner than the voxels of the CT"));
  for (int i = 0; i < 20; ++i)
    for (int j = 0; j < 20; ++j)
      for (int k = 0; k < 20; ++k)
        sheet.at(i, j, k) = 5; // a block of 16 mm at its corner survives
  const LabelsOn on = labels_on(ct, sheet);
  CHECK(warned(on.warnings, "labels_thinned"));
}

TEST_CASE("values on another grid keep their place, and where they do not reach is told")
{
  const Grid ct = centred(20, 3, identity());
  Volume uptake{centred(24, 4, turned(0.3)), {}, {"pet.nii.gz", ""}};
  for (int k = 0; k < 24; ++k)
    for (int j = 0; j < 24; ++j)
      for (int i = 0; i < 24; ++i)
      {
        const Vec3 p = uptake.grid.point({i + 0.0, j + 0.0, k + 0.0});
        uptake.values.push_back(static_cast<float>(5 + 0.1 * p.x - 0.05 * p.y + 0.02 * p.z));
      }
  const ValuesOn on = values_on(ct, uptake);
  CHECK(on.resampled);
  CHECK(count(on.covered) == ct.voxels());
  double worst = 0;
  for (int i = 0; i < 20; ++i)
  {
    const Vec3 p = ct.point({i + 0.0, 19.0 - i, 3});
    const double expected = 5 + 0.1 * p.x - 0.05 * p.y + 0.02 * p.z;
    worst = std::max(worst, std::abs(expected - static_cast<double>(on.values.at(i, 19 - i, 3))));
  }
  CHECK(worst < 1e-4); // linear interpolation is exact for it
  uptake.grid.origin += Vec3{0, 0, 48};
  const ValuesOn part = values_on(ct, uptake);
  CHECK(warned(part.warnings, "values_cover_part"));
  CHECK(count(part.covered) < ct.voxels());
  CHECK(part.values.at(5, 5, 0) == 0);
  CHECK(part.covered.at(5, 5, 0) == 0);
  uptake.grid.origin += Vec3{0, 0, 500};
  CHECK_THAT(refusal_of([&] { values_on(ct, uptake); }),
             Contains("pet.nii.gz: the image does not overlap with the CT"));
}

TEST_CASE("one label of a file becomes a mask on the CT, an absent one lists those present")
{
  const TemporaryFolder folder;
  const Grid ct = centred(40, 1.5, identity());
  write_nifti(folder / "labels.nii.gz", ball_label(centred(50, 1.1, turned(0.2)), {3, 2, 1}, 10));
  const LabelInput input = read_mask_on({ct, "1.2.3"}, folder / "labels.nii.gz", 3);
  CHECK(input.resampled);
  CHECK(volume_cm3(input.mask) == Approx(4.0 / 3 * pi).epsilon(0.03));
  CHECK(input.mask.source.path == (folder / "labels.nii.gz").string());
  CHECK_THAT(refusal_of(
                 [&] {
                   read_mask_on({ct, {}}, folder / "labels.nii.gz", 4);
                 }),
             Contains("no voxel has label 4; allowed: the labels present: 3 ("));
  CHECK_THAT(refusal_of(
                 [&] {
                   read_mask_on({ct, {}}, folder / "none.nii.gz", 4);
                 }),
             Contains("no such file"));
}

TEST_CASE("the share of pixels inside a circle and an annulus adds up to their area")
{
  const auto circle = [](double radius, double x, double y)
  {
    Contour c;
    for (int n = 0; n < 720; ++n)
      c.push_back({x + radius * std::cos(n * pi / 360), y + radius * std::sin(n * pi / 360)});
    return c;
  };
  const auto area = [](const std::vector<Contour>& contours)
  {
    double sum = 0;
    for (const float share : inside_share(contours, 40, 36))
      sum += static_cast<double>(share);
    return sum;
  };
  for (const double x : {18.0, 18.37})
  {
    CHECK(area({circle(12.3, x, 17.2)}) == Approx(pi * 12.3 * 12.3).epsilon(5e-4));
    CHECK(area({circle(12.3, x, 17.2), circle(7.1, x + 1, 17)}) ==
          Approx(pi * (12.3 * 12.3 - 7.1 * 7.1)).epsilon(1e-3));
  }
  // the same hole by a keyhole: out, along the cut, around the hole, back
  Contour keyhole = circle(12, 18, 17), hole = circle(6, 18, 17);
  keyhole.push_back(keyhole.front());
  keyhole.insert(keyhole.end(), hole.rbegin(), hole.rend());
  keyhole.insert(keyhole.end(), hole.back());
  CHECK(area({keyhole}) == Approx(pi * (144 - 36)).epsilon(2e-3));
  // exact where the sides lie between the scan lines; cut off at the border
  CHECK(area({{{2.25, 3}, {5.5, 3}, {5.5, 7}, {2.25, 7}}}) == Approx(13));
  CHECK(area({{{-5, 3}, {1.5, 3}, {1.5, 7}, {-5, 7}}}) == Approx(8));
  CHECK(inside_share({{{2.25, 3}, {5.5, 3}, {5.5, 7}, {2.25, 7}}}, 40, 36)[5 * 40 + 2] ==
        Approx(0.25f));
}
