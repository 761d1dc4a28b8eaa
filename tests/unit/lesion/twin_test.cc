#include "image/resample.hpp"
#include "lesion/lesion_mask.hpp"
#include "lesion/mirror.hpp"
#include "lesion/twin.hpp"
#include "unit/lesion/tube.hpp"
#include "unit/material/scratch_file.hpp"

#include <catch2/catch.hpp>

#include <limits>

using namespace calcar;
using namespace calcar::lesion;
using namespace lesion_test;
using anatomy::Side;
using Catch::Contains;

namespace
{
Bone plain(Side side = Side::left)
{
  TubePlan plan;
  plan.voxel_mm = 1;
  plan.side = side;
  return tube(plan);
}

const std::string breach = "shape = \"cortical_breach\"\narc_deg = 80\nlength_mm = 14\nin_ct = "
                           "true\ncentre = { landmark = \"midshaft_centre\" }\n"
                           "direction = { anterior = 1 }\n";

/// The bone with the density inside a lesion replaced, as a CT would show it.
Bone with_hole(const Bone& bone, const PlacedLesion& placed, float density)
{
  Bone ill = bone;
  const image::Grid& grid = bone.mask.grid;
  for (int k = 0; k < grid.size[2]; ++k)
    for (int j = 0; j < grid.size[1]; ++j)
      for (int i = 0; i < grid.size[0]; ++i)
        if (ill.mask.at(i, j, k) &&
            fraction(placed, grid.point({double(i), double(j), double(k)})) >= 0.5)
          ill.density.at(i, j, k) = density;
  return ill;
}

double worst_difference(const Bone& bone, const image::Volume& a, const image::Volume& b)
{
  double worst = 0;
  for (std::size_t n = 0; n < a.values.size(); ++n)
    if (bone.mask.values[n])
      worst = std::max(worst, static_cast<double>(std::abs(a.values[n] - b.values[n])));
  return worst;
}

double mean_difference(const Bone& bone, const image::Volume& a, const image::Volume& b,
                       const PlacedLesion& where)
{
  double sum = 0, count = 0;
  const image::Grid& grid = bone.mask.grid;
  for (int k = 0; k < grid.size[2]; ++k)
    for (int j = 0; j < grid.size[1]; ++j)
      for (int i = 0; i < grid.size[0]; ++i)
        if (bone.mask.at(i, j, k) &&
            fraction(where, grid.point({double(i), double(j), double(k)})) >= 0.5)
        {
          sum += std::abs(static_cast<double>(a.at(i, j, k)) - static_cast<double>(b.at(i, j, k)));
          count += 1;
        }
  return sum / count;
}
} // namespace

TEST_CASE(
    "the twin of a breached tube is the whole tube again: cortex of its thickness, canal empty")
{
  const Bone healthy = plain();
  const PlacedLesion placed = place(read(breach), healthy.ground());
  const Bone ill = with_hole(healthy, placed, 0.02F);
  REQUIRE(worst_difference(healthy, healthy.density, ill.density) > 1);
  const FilledTwin twin = fill_lesions(ill.ground(), {placed});
  CHECK(twin.filled > 500);
  // The wall was 1.2, the hole 0.02 g/cm^3.
  CHECK(mean_difference(healthy, healthy.density, ill.density, placed) > 0.9);
  CHECK(mean_difference(healthy, healthy.density, twin.density, placed) < 0.15);
  // What is left is the inner border of the wall, within two voxels.
  const anatomy::Frame& frame = healthy.anatomy.frame;
  const auto at = [&](double radius)
  {
    return static_cast<double>(
        image::sample_linear(twin.density, frame.origin + radius * frame.anterior, -1));
  };
  for (const double radius : {10.5, 11.5, 12.5})
    CHECK(at(radius) == Approx(1.2).margin(0.08));
  CHECK(at(6.5) == Approx(0).margin(0.08));
  // Outside the lesion and the voxel around it nothing moves, bit for bit.
  std::size_t changed = 0;
  for (std::size_t n = 0; n < twin.density.values.size(); ++n)
    changed += twin.density.values[n] != ill.density.values[n];
  CHECK(changed <= twin.filled);
}

TEST_CASE("a blastic lesion in the canal is filled with marrow")
{
  const Bone healthy = plain();
  const PlacedLesion placed =
      place(read("shape = \"sphere\"\nradius_mm = 5\nin_ct = true\nkind = \"blastic\"\n"
                 "centre = { landmark = \"midshaft_centre\" }"),
            healthy.ground());
  const Bone ill = with_hole(healthy, placed, 0.7F);
  CHECK(worst_difference(healthy, healthy.density, fill_lesions(ill.ground(), {placed}).density) <
        1e-3);
}

TEST_CASE("where the density varies linearly along the bone the twin does too")
{
  Bone healthy = plain();
  const image::Grid& grid = healthy.mask.grid;
  for (int k = 0; k < grid.size[2]; ++k)
    for (int j = 0; j < grid.size[1]; ++j)
      for (int i = 0; i < grid.size[0]; ++i)
        healthy.density.at(i, j, k) = static_cast<float>(0.5 + 0.01 * (k - 0.5 * grid.size[2]));
  const PlacedLesion placed =
      place(read("shape = \"sphere\"\nradius_mm = 6\nin_ct = true\ncentre = { landmark = "
                 "\"midshaft_centre\" }"),
            healthy.ground());
  const Bone ill = with_hole(healthy, placed, 0);
  CHECK(worst_difference(healthy, healthy.density, fill_lesions(ill.ground(), {placed}).density) <
        0.01);
}

TEST_CASE("virtual lesions, and those that the CT cannot see, leave the twin as the CT is")
{
  const Bone healthy = plain();
  PlacedLesion placed = place(read(breach), healthy.ground());
  placed.lesion.in_ct = false;
  CHECK(fill_lesions(healthy.ground(), {placed}).filled == 0);
  placed.lesion.in_ct = placed.lesion.both_ways = true;
  CHECK(fill_lesions(healthy.ground(), {placed}).filled == 0);
  CHECK(worst_difference(healthy, fill_lesions(healthy.ground(), {placed}).density,
                         healthy.density) == 0);
}

TEST_CASE("a lesion that takes the whole bone leaves nothing to fill it from")
{
  const Bone healthy = plain();
  image::Mask all = healthy.mask;
  const PlacedLesion placed =
      lesion_of_mask(read("mask = { file = \"a.nii\", label = 1 }\nname = \"everywhere\""), all, 5);
  CHECK_THAT(refusal([&] { fill_lesions(healthy.ground(), {placed}); }),
             Contains("leave no bone beside them") && Contains("[contralateral]"));
}

TEST_CASE("a bone laid mirrored on the other side meets it, and its density comes with it")
{
  TubePlan other_plan;
  other_plan.side = Side::right;
  other_plan.voxel_mm = 1;
  other_plan.turn = geometry::rotation_about({0.2, 1, 0.4}, 0.6);
  Bone other = tube(other_plan);
  Bone bone = plain();
  // Frames that were found a little off: the surfaces put it right.
  const Mat3 off = geometry::rotation_about({1, 0.5, 0}, 0.06);
  for (Vec3* axis :
       {&other.anatomy.frame.medial, &other.anatomy.frame.anterior, &other.anatomy.frame.proximal})
    *axis = off * *axis;
  other.anatomy.frame.origin += Vec3{1.5, -1, 0.5};
  const Mirror mirror = mirror_onto(bone.ground(), other.ground(), "[contralateral]");
  CHECK(determinant(mirror.turn) == Approx(-1));
  CHECK(mirror.rms_mm < 0.5);
  CHECK(mirror.matched_share > 0.99);
  const image::Volume density = mirrored_density(bone.ground(), other.ground(), mirror);
  double cortex = 0, canal = 0, cortical = 0, central = 0;
  const anatomy::Frame& frame = bone.anatomy.frame;
  for (int k = 8; k < bone.mask.grid.size[2] - 8; ++k)
    for (int j = 0; j < bone.mask.grid.size[1]; ++j)
      for (int i = 0; i < bone.mask.grid.size[0]; ++i)
      {
        const Vec3 d = bone.mask.grid.point({double(i), double(j), double(k)}) - frame.origin;
        const double radius = norm(geometry::without_component(d, frame.proximal));
        const auto value = static_cast<double>(density.at(i, j, k));
        if (!std::isfinite(value))
          continue;
        if (radius > inner + 1.5 && radius < outer - 1.5)
          cortex += value, cortical += 1;
        if (radius < inner - 1.5)
          canal += value, central += 1;
      }
  CHECK(cortical > 5000);
  CHECK(cortex / cortical == Approx(1.2).margin(0.01));
  CHECK(canal / central == Approx(0).margin(0.01));
}

TEST_CASE("the other side's pattern is taken over at the level of the bone itself")
{
  Bone healthy = plain();
  // Spongy bone with a dense spot on the axis, 0.1 g/cm^3 denser all over than the other side.
  const auto spot = [&](const Bone& bone, double level)
  {
    image::Volume density = bone.density;
    const image::Grid& grid = density.grid;
    for (int k = 0; k < grid.size[2]; ++k)
      for (int j = 0; j < grid.size[1]; ++j)
        for (int i = 0; i < grid.size[0]; ++i)
        {
          const Vec3 p = grid.point({double(i), double(j), double(k)});
          density.at(i, j, k) = static_cast<float>(
              level + 0.4 * std::exp(-std::pow(norm(p - bone.anatomy.frame.origin) / 2.5, 2)));
        }
    return density;
  };
  healthy.density = spot(healthy, 0.4);
  const image::Volume mirrored = spot(healthy, 0.3);
  const PlacedLesion placed =
      place(read("shape = \"sphere\"\nradius_mm = 6\nin_ct = true\ncentre = { landmark = "
                 "\"midshaft_centre\" }"),
            healthy.ground());
  const Bone ill = with_hole(healthy, placed, 0);
  const FilledTwin twin = fill_lesions(ill.ground(), {placed}, &mirrored);
  CHECK(twin.mirrored == twin.filled);
  CHECK(worst_difference(healthy, healthy.density, twin.density) < 0.02);
  // Without the other side the spot is lost.
  CHECK(worst_difference(healthy, healthy.density, fill_lesions(ill.ground(), {placed}).density) >
        0.3);
}

TEST_CASE("bones that are no pair are not laid on each other")
{
  const Bone left = plain(), again = plain();
  CHECK_THAT(refusal([&] { mirror_onto(left.ground(), again.ground(), "[contralateral]"); }),
             Contains("[contralateral]: the bone is of the left side and its counterpart of the "
                      "left"));
  Bone other = plain(Side::right);
  other.anatomy.kind = anatomy::BoneKind::tibia;
  CHECK_THAT(refusal([&] { mirror_onto(left.ground(), other.ground(), "[contralateral]"); }),
             Contains("the other side is a tibia, the bone a humerus"));
  TubePlan stump;
  stump.side = Side::right;
  stump.half_length = 10;
  stump.voxel_mm = 1;
  const Bone small = tube(stump);
  CHECK_THAT(refusal([&] { mirror_onto(left.ground(), small.ground(), "[contralateral]"); }),
             Contains("mirrored on the other side the bone does not fit"));
}

TEST_CASE("ratios of the sides within 20 % are told as no difference")
{
  CHECK_THAT(side_words(0.81), Contains("no difference") && Contains("17 +- 12 %"));
  CHECK_THAT(side_words(1.2), Contains("no difference"));
  CHECK_THAT(side_words(0.79), Contains("weaker than the other side (ratio 0.79"));
  CHECK_THAT(side_words(1.3), Contains("stronger than the other side"));
}
