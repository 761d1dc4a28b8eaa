#include "lesion/lesion_shape.hpp"
#include "lesion/samples.hpp"
#include "unit/lesion/tube.hpp"
#include "unit/material/scratch_file.hpp"

#include <catch2/catch.hpp>

#include <set>

using namespace calcar;
using namespace calcar::lesion;
using namespace lesion_test;
using anatomy::Side;
using Catch::Contains;
using Catch::WithinRel;

namespace
{
constexpr double pi = geometry::pi;
const std::string at_centre = "centre = { landmark = \"midshaft_centre\" }\n";
const std::string lateral = "direction = { lateral = 1 }\n";

std::string shape(const std::string& name, const std::string& sizes)
{
  return "shape = \"" + name + "\"\n" + at_centre + sizes + "\n";
}

double volume_in(const Bone& bone, const std::string& toml)
{
  return sample(place(read(toml), bone.ground()), bone.mask).volume_mm3;
}

/// A shape with its volume inside the tube in closed form.
struct Known
{
  std::string toml;
  double volume_mm3;
  double tolerance;
};

/// Volume of a cylinder of radius r from the axis of one of radius R to its surface, to the second
/// order in r / R.
double radial_hole(double r, double R)
{
  return pi * r * r * (R - r * r / (8 * R));
}

std::vector<Known> known_volumes()
{
  const double per_window = 6 * outer - 18 / (2 * outer);
  return {
      {shape("sphere", "radius_mm = 6"), 4.0 / 3 * pi * 216, 0.01},
      {shape("ellipsoid", "radii_mm = { medial = 5, anterior = 4, proximal = 9 }"),
       4.0 / 3 * pi * 180, 0.01},
      {shape("capsule", "radius_mm = 4\nlength_mm = 30"), pi * 16 * 22 + 4.0 / 3 * pi * 64, 0.01},
      {"shape = \"capsule\"\nradius_mm = 4\n"
       "from = { landmark = \"midshaft_centre\", offset_mm = { proximal = 11 } }\n"
       "to = { landmark = \"midshaft_centre\", offset_mm = { distal = 11 } }\n",
       pi * 16 * 22 + 4.0 / 3 * pi * 64, 0.01},
      {shape("cortical_breach", "arc_deg = 60\nlength_mm = 12\ndepth_mm = 3\n" + lateral),
       pi / 6 * (14 * 14 - 11 * 11) * 12, 0.02},
      // Through the cortex and a voxel of 0.5 mm more.
      {shape("cortical_breach", "arc_deg = 60\nlength_mm = 12\n" + lateral),
       pi / 6 * (14 * 14 - 7.5 * 7.5) * 12, 0.02},
      // Half a girth and all of it.
      {shape("cortical_breach", "arc_deg = 180\nlength_mm = 12\ndepth_mm = 3\n" + lateral),
       pi / 2 * (14 * 14 - 11 * 11) * 12, 0.02},
      {shape("cortical_breach", "arc_deg = 360\nlength_mm = 12\ndepth_mm = 3\n" + lateral),
       pi * (14 * 14 - 11 * 11) * 12, 0.02},
      // A bowl of depth d over an ellipse of half axes a (radians) and z on a cylinder of radius r:
      // pi a z (r d / 2 + d^2 / 6).
      {shape("endosteal_scalloping", "depth_mm = 2\narc_deg = 90\nlength_mm = 20\n" + lateral),
       pi * pi / 4 * 10 * (inner * 2 / 2 + 4 / 6.0), 0.04},
      {shape("transcortical_hole", "diameter_mm = 6\n" + lateral), radial_hole(3, outer), 0.015},
      {shape("transcortical_hole", "diameter_mm = 6\nboth_cortices = true\n" + lateral),
       2 * radial_hole(3, outer), 0.015},
      {shape("biopsy_hole", "form = \"round\"\ndiameter_mm = 6\n" + lateral), radial_hole(3, outer),
       0.015},
      {shape("biopsy_hole", "form = \"window\"\nwidth_mm = 6\nlength_mm = 15\n" + lateral),
       15 * per_window, 0.015},
      {shape("biopsy_hole", "form = \"oblong\"\nwidth_mm = 6\nlength_mm = 15\n" + lateral),
       9 * per_window + radial_hole(3, outer), 0.015},
      {shape("permeative", "radii_mm = { medial = 6, anterior = 6, proximal = 20 }\n"
                           "hole_diameter_mm = 1\nholes_per_cm3 = 100"),
       0.1 * 4.0 / 3 * pi * 720 * pi / 6, 0.06},
  };
}

const Bone& fine_tube()
{
  static const Bone bone = tube({Side::left, 0.5, 22});
  return bone;
}
} // namespace

TEST_CASE("the volume of each shape is that of its closed form")
{
  std::set<std::string> met;
  for (const Known& known : known_volumes())
  {
    CAPTURE(known.toml);
    met.insert(read(known.toml).shape);
    CHECK_THAT(volume_in(fine_tube(), known.toml), WithinRel(known.volume_mm3, known.tolerance));
  }
  CHECK(met == std::set<std::string>(shape_names().begin(), shape_names().end()));
}

TEST_CASE("a margin, however wide, leaves the volume of a shape nearly as it is")
{
  const double sharp = volume_in(fine_tube(), shape("sphere", "radius_mm = 6"));
  CHECK_THAT(volume_in(fine_tube(), shape("sphere", "radius_mm = 6\nmargin_mm = 1")),
             WithinRel(sharp, 0.01));
  // A ball of radius r with a margin w: 4 pi/3 r^3 (1 + 3 <d^2> / r^2), <d^2> = w^2 / 20 for the
  // density 6 s (1 - s) / w of the border over its width.
  CHECK_THAT(volume_in(fine_tube(), shape("sphere", "radius_mm = 6\nmargin_mm = 4")),
             WithinRel(4.0 / 3 * pi * 216 * (1 + 3 * 16 / 20.0 / 36), 0.01));
  const PlacedLesion wide =
      place(read(shape("sphere", "radius_mm = 6\nmargin_mm = 4")), fine_tube().ground());
  const Vec3 x = fine_tube().anatomy.frame.medial;
  CHECK(fraction(wide, wide.centre + 3.99 * x) == Approx(1).margin(1e-4));
  CHECK(fraction(wide, wide.centre + 6 * x) == Approx(0.5));
  CHECK(fraction(wide, wide.centre + 5 * x) == Approx(0.75 * 0.75 * 1.5));
  CHECK(fraction(wide, wide.centre + 8.01 * x) == 0);
}

TEST_CASE("half the voxel size changes the volume of no shape by more than two per cent")
{
  TubePlan coarse;
  coarse.voxel_mm = 1;
  coarse.half_length = 22;
  const Bone rough = tube(coarse);
  for (const Known& known : known_volumes())
  {
    const Lesion lesion = read(known.toml);
    // Through the cortex means through a voxel more, and a bowl in a wall of voxels is as rough.
    const bool by_cortex = !lesion.sizes.contains("depth_mm") && lesion.shape == "cortical_breach";
    if (by_cortex || lesion.shape == "permeative")
      continue;
    CAPTURE(known.toml);
    const double allowed = lesion.shape == "endosteal_scalloping" ? 0.05 : 0.02;
    CHECK_THAT(volume_in(rough, known.toml),
               WithinRel(volume_in(fine_tube(), known.toml), allowed));
  }
}

TEST_CASE("a bone that is turned or mirrored takes its lesions with it")
{
  const Mat3 turn = geometry::rotation_about({1, -2, 0.5}, 1.1);
  TubePlan coarse;
  coarse.voxel_mm = 1;
  coarse.half_length = 22;
  const Bone still = tube(coarse);
  for (const Side side : {Side::left, Side::right})
  {
    TubePlan plan = coarse;
    plan.side = side;
    plan.turn = turn;
    const Bone moved = tube(plan);
    // From a place in the left, straight bone to the same place of this one, by the names of axes.
    const auto same_place = [&](Vec3 p)
    {
      const Vec3 d = p - still.anatomy.frame.origin;
      const anatomy::Frame& a = still.anatomy.frame;
      const anatomy::Frame& b = moved.anatomy.frame;
      return b.origin + dot(d, a.medial) * b.medial + dot(d, a.anterior) * b.anterior +
             dot(d, a.proximal) * b.proximal;
    };
    for (const Known& known : known_volumes())
    {
      CAPTURE(known.toml, anatomy::to_string(side));
      const std::string mixed = known.toml + "kind = \"mixed\"\npatch_mm = 3\nseed = 7\n";
      const PlacedLesion here = place(read(mixed), still.ground());
      const PlacedLesion there = place(read(mixed), moved.ground());
      int differ = 0, lytic_differ = 0, inside = 0;
      for (int n = 0; n < 2000; ++n)
      {
        const double u = std::fmod(n * 0.7548776662, 1), v = std::fmod(n * 0.5698402910, 1),
                     w = std::fmod(n * 0.4301597090, 1);
        const Vec3 p = here.centre + here.reach_mm * Vec3{2 * u - 1, 2 * v - 1, 2 * w - 1};
        const bool in = fraction(here, p) >= 0.5;
        inside += in;
        differ += in != (fraction(there, same_place(p)) >= 0.5);
        lytic_differ += is_lytic_at(here, p) != is_lytic_at(there, same_place(p));
      }
      CHECK(inside > 5);
      CHECK(differ <= 4 + inside / 100);
      CHECK(lytic_differ <= 4);
    }
  }
}

TEST_CASE("a bone that lies askew in its voxels has a breach of the same size")
{
  TubePlan plan;
  plan.turn = geometry::rotation_about({1, 1, 0.3}, 0.5);
  plan.grid_turns = false;
  plan.half_length = 16;
  const Bone askew = tube(plan);
  const std::string breach =
      shape("cortical_breach", "arc_deg = 60\nlength_mm = 12\ndepth_mm = 3\n" + lateral);
  CHECK_THAT(volume_in(askew, breach), WithinRel(pi / 6 * (14 * 14 - 11 * 11) * 12, 0.04));
}

TEST_CASE("a shape on the wall faces its direction, or the point it is given at")
{
  const anatomy::BoneAnatomy& bone = fine_tube().anatomy;
  const std::string sizes = "arc_deg = 40\nlength_mm = 10\ndepth_mm = 3\n";
  const std::string on_wall =
      "centre = { landmark = \"midshaft_centre\", offset_mm = { anterior = 13 } }\n";
  const PlacedLesion by_direction = place(
      read(shape("cortical_breach", sizes + "direction = { anterior = 1 }")), fine_tube().ground());
  const PlacedLesion by_point =
      place(read("shape = \"cortical_breach\"\n" + sizes + on_wall), fine_tube().ground());
  for (const PlacedLesion& placed : {by_direction, by_point})
  {
    CHECK(fraction(placed, bone.frame.origin + 12 * bone.frame.anterior) == 1);
    CHECK(fraction(placed, bone.frame.origin - 12 * bone.frame.anterior) == 0);
    CHECK(fraction(placed, bone.frame.origin + 12 * bone.frame.medial) == 0);
  }
}

TEST_CASE("the seed alone decides where the holes of a permeative lesion are")
{
  const std::string holes =
      shape("permeative", "radii_mm = { medial = 6, anterior = 6, proximal = 9 }\n"
                          "hole_diameter_mm = 1.5\nholes_per_cm3 = 60");
  const PlacedLesion a = place(read(holes), fine_tube().ground());
  const PlacedLesion again = place(read(holes), fine_tube().ground());
  const PlacedLesion other = place(read(holes + "seed = 2"), fine_tube().ground());
  int inside = 0, same = 0, otherwise = 0;
  for (int n = 0; n < 3000; ++n)
  {
    const Vec3 p = a.centre + Vec3{std::fmod(n * 0.7548776662, 1) * 12 - 6,
                                   std::fmod(n * 0.5698402910, 1) * 12 - 6,
                                   std::fmod(n * 0.43015970901, 1) * 18 - 9};
    inside += fraction(a, p) > 0;
    same += fraction(a, p) == fraction(again, p);
    otherwise += fraction(a, p) != fraction(other, p);
  }
  CHECK(inside > 100);
  CHECK(same == 3000);
  CHECK(otherwise > 100);
}

TEST_CASE("what a shape lacks, or cannot have, is refused with what it needs")
{
  const auto refused = [](const std::string& toml) { return refusal([&] { read(toml); }); };
  CHECK_THAT(refused(shape("cortical_breach", "length_mm = 5\n" + lateral)),
             Contains("missing key \"arc_deg\""));
  CHECK_THAT(refused(shape("cortical_breach", "arc_deg = 400\nlength_mm = 5\n" + lateral)),
             Contains("\"arc_deg\" is 400") && Contains("at most 360 degrees"));
  CHECK_THAT(refused(shape("transcortical_hole", "diameter_mm = 5\ndirection = { up = 1 }")),
             Contains("unknown direction \"up\"") && Contains("proximal"));
  CHECK_THAT(refused(shape("transcortical_hole", "diameter_mm = 5\ndirection = { medial = 0 }")),
             Contains("the direction has no length"));
  CHECK_THAT(refused(shape("capsule", "radius_mm = 5\nlength_mm = 8")),
             Contains("at least twice the radius"));
  CHECK_THAT(refused(shape("biopsy_hole", "form = \"square\"\n" + lateral)),
             Contains("round, oblong, window"));
  CHECK_THAT(refused(shape("biopsy_hole", "form = \"oblong\"\nwidth_mm = 9\nlength_mm = 6")),
             Contains("at least the width"));
  CHECK_THAT(refused(at_centre + "radius_mm = 4"), Contains("nothing says where the lesion is"));
  CHECK_THAT(refused(shape("sphere", "radius_mm = 4\nmask = { file = \"a.nii\", label = 1 }")),
             Contains("more than one of shape, mask and from_uptake"));
  CHECK_THAT(refused(shape("sphere", "radius_mm = 4\nmargin_mm = -1")),
             Contains("\"margin_mm\" is -1") && Contains("0 to 50 mm"));
  CHECK_THAT(refused(shape("permeative", "radii_mm = { medial = 6, anterior = 6, proximal = 9 }\n"
                                         "hole_diameter_mm = 1\nholes_per_cm3 = 5\nseed = -1")),
             Contains("\"seed\" is -1"));
}

TEST_CASE("a shape that finds no place on the bone is refused where it was given")
{
  const auto refused = [](const std::string& toml)
  { return refusal([&] { place(read(toml), fine_tube().ground()); }); };
  CHECK_THAT(refused(shape("transcortical_hole", "diameter_mm = 5\ndirection = { distal = 1 }")),
             Contains("case.toml") && Contains("runs along the axis") && Contains("axis = {"));
  CHECK_THAT(refused(shape("transcortical_hole", "diameter_mm = 5")),
             Contains("no direction is given and the centre lies on the axis"));
  CHECK_THAT(refused("shape = \"transcortical_hole\"\ndiameter_mm = 5\n"
                     "centre = { landmark = \"midshaft_centre\", offset_mm = { lateral = 60 } }"),
             Contains("no bone lies within 20 mm"));
  CHECK_THAT(refused(shape("permeative", "radii_mm = { medial = 1, anterior = 1, proximal = 1 }\n"
                                         "hole_diameter_mm = 1\nholes_per_cm3 = 0.1")),
             Contains("none of its 0.1 holes per cm3"));
  Bone soft = fine_tube();
  for (float& value : soft.density.values)
    value = 0.2F;
  CHECK_THAT(refusal(
                 [&]
                 {
                   place(read(shape("endosteal_scalloping",
                                    "depth_mm = 2\narc_deg = 90\nlength_mm = 20\n" + lateral)),
                         soft.ground());
                 }),
             Contains("no cortex is as dense as 0.6 g/cm3"));
}

TEST_CASE("a lesion outside the bone, or larger than it, is refused")
{
  const auto refused = [](const std::string& toml)
  { return refusal([&] { place(read(toml), fine_tube().ground()); }); };
  CHECK_THAT(refused("shape = \"sphere\"\nradius_mm = 4\nname = \"met\"\n"
                     "centre = { landmark = \"midshaft_centre\", offset_mm = { lateral = 25 } }"),
             Contains("case.toml") && Contains("lesion \"met\" lies outside the bone") &&
                 Contains("centre humerus, lateral") &&
                 Contains("allowed: a lesion that meets the bone") && Contains("check its centre"));
  CHECK_THAT(refused(shape("sphere", "radius_mm = 60")),
             Contains("is larger than the bone: 9") && Contains("cm3 against 27.2 cm3"));
}
