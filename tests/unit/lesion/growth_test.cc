#include "lesion/growth.hpp"
#include "lesion/lesion_mask.hpp"
#include "lesion/samples.hpp"
#include "lesion/time_course.hpp"
#include "refusal.hpp"
#include "unit/lesion/tube.hpp"
#include "unit/material/scratch_file.hpp"

#include <catch2/catch.hpp>

#include <cmath>

using namespace calcar;
using namespace calcar::lesion;
using namespace lesion_test;
using Catch::Contains;

namespace
{
constexpr double pi = 3.14159265358979;

const Bone& bone()
{
  static const Bone coarse = []
  {
    TubePlan plan;
    plan.voxel_mm = 1;
    return tube(plan);
  }();
  return coarse;
}

std::string about(const std::string& shape)
{
  return shape + "centre = { landmark = \"midshaft_centre\" }\n";
}

double volume(const PlacedLesion& placed)
{
  return sample(placed, bone().mask).volume_mm3;
}

double ball(double radius)
{
  return 4 * pi / 3 * radius * radius * radius;
}

Growth growth(const std::string& toml)
{
  const Table table = Table::parse(toml, "case.toml");
  const Growth read = read_growth(table);
  table.check();
  return read;
}

/// A ball on the bone's voxels as a mask.
image::Mask ball_mask(double radius)
{
  image::Mask mask = bone().mask;
  const image::Grid& grid = mask.grid;
  for (int k = 0; k < grid.size[2]; ++k)
    for (int j = 0; j < grid.size[1]; ++j)
      for (int i = 0; i < grid.size[0]; ++i)
        mask.at(i, j, k) = norm(grid.point({double(i), double(j), double(k)}) -
                                bone().anatomy.frame.origin) < radius
                               ? 1
                               : 0;
  return mask;
}
} // namespace

TEST_CASE("a sphere, an ellipsoid and a capsule grow by their sizes, to volumes in closed form")
{
  const auto ground = bone().ground();
  const PlacedLesion sphere = place(read(about("shape = \"sphere\"\nradius_mm = 5\n")), ground);
  for (const double mm : {0.0, 1.0, 4.0})
  {
    const Grown now = grow(sphere, mm, ground);
    REQUIRE(now.lesions.size() == 1);
    CHECK(now.mm == mm);
    CHECK(volume(now.lesions[0]) == Approx(ball(5 + mm)).epsilon(0.01));
  }
  const PlacedLesion ellipsoid = place(
      read(about("shape = \"ellipsoid\"\nradii_mm = { medial = 4, anterior = 5, proximal = 8 }\n")),
      ground);
  CHECK(volume(grow(ellipsoid, 2, ground).lesions[0]) ==
        Approx(4 * pi / 3 * 6 * 7 * 10).epsilon(0.01));
  const PlacedLesion capsule =
      place(read(about("shape = \"capsule\"\nradius_mm = 4\nlength_mm = 20\n")), ground);
  CHECK(volume(grow(capsule, 2, ground).lesions[0]) ==
        Approx(ball(6) + pi * 36 * 12).epsilon(0.01)); // 24 long, 12 of it straight
}

TEST_CASE("a mask grows by the distance from its outline")
{
  Lesion lesion = read("mask = { file = \"m.nii.gz\", label = 1 }\nin_ct = false\n");
  const PlacedLesion seen = lesion_of_mask(lesion, ball_mask(6), 5);
  REQUIRE(volume(seen) == Approx(ball(6)).epsilon(0.05));
  for (const double mm : {1.0, 3.0, 7.0}) // farther than the mask's distance was known
  {
    const Grown now = grow(seen, mm, bone().ground());
    CHECK(now.mm == mm);
    const double radius = std::cbrt(volume(now.lesions[0]) / (4 * pi / 3));
    CHECK(radius == Approx(6 + mm).margin(0.25)); // a quarter of a voxel
  }
}

TEST_CASE("shapes on the wall grow along it, a permeative region keeps the size of its holes")
{
  Lesion breach =
      read(about("shape = \"cortical_breach\"\narc_deg = 60\nlength_mm = 10\ndepth_mm = 2\n"
                 "direction = { lateral = 1 }\n"));
  const Lesion later = grown(breach, 3, 14);
  CHECK(later.size("length_mm") == 16);
  CHECK(later.size("depth_mm") == 5);
  CHECK(later.size("arc_deg") == Approx(60 + 2 * 3 / 14.0 * 180 / pi));
  CHECK(grown(breach, 300, 14).size("arc_deg") == 360);
  Lesion permeative =
      read(about("shape = \"permeative\"\nhole_diameter_mm = 2\nholes_per_cm3 = 20\n"
                 "radii_mm = { medial = 5, anterior = 5, proximal = 5 }\n"));
  CHECK(grown(permeative, 2, 1).size("hole_diameter_mm") == 2);
  CHECK(grown(permeative, 2, 1).radii_mm.at("proximal") == 7);
  CHECK(grown(read(about("shape = \"transcortical_hole\"\ndiameter_mm = 6\n"
                         "direction = { lateral = 1 }\n")),
              2, 1)
            .size("diameter_mm") == 10);
  // More of the wall is gone, in the bone itself.
  const PlacedLesion placed = place(breach, bone().ground());
  CHECK(volume(grow(placed, 2, bone().ground()).lesions[0]) > 2 * volume(placed));
  CHECK_FALSE(can_grow(read(about("shape = \"biopsy_hole\"\ndiameter_mm = 6\n"
                                  "direction = { lateral = 1 }\n"))));
}

TEST_CASE("the part that the CT shows stays, and what has grown around it is virtual")
{
  const auto ground = bone().ground();
  const PlacedLesion seen =
      place(read(about("shape = \"sphere\"\nradius_mm = 9\nin_ct = true\nmargin_mm = 2\n"
                       "rim = { thickness_mm = 2 }\n")),
            ground);
  const Grown now = grow(seen, 3, ground);
  REQUIRE(now.lesions.size() == 2);
  CHECK_FALSE(now.lesions[0].lesion.in_ct);
  CHECK(now.lesions[1].lesion.in_ct);
  CHECK(volume(now.lesions[0]) == Approx(ball(12) - ball(9)).epsilon(0.02));
  const auto tissue_at = [&](double off_mm)
  {
    const Vec3 p = bone().anatomy.frame.origin + off_mm * bone().anatomy.frame.anterior;
    return act(now.lesions, p, 0.9, false, 0.11, 1.2).tissue;
  };
  CHECK_FALSE(tissue_at(5).changed);
  CHECK_FALSE(tissue_at(8.9).changed); // neither margin nor rim of the new tissue reaches in
  CHECK(tissue_at(9.2).filling == 0);
  CHECK(tissue_at(11.9).filling == 0);
  CHECK_FALSE(tissue_at(12.2).changed);
}

TEST_CASE(
    "growth ends where the outline would be larger than the bone, and not for a lesser reason")
{
  const auto ground = bone().ground();
  const PlacedLesion sphere = place(read(about("shape = \"sphere\"\nradius_mm = 9\n")), ground);
  const double bone_mm3 = pi * outer * outer * 60;
  const double largest = std::cbrt(bone_mm3 / (4 * pi / 3));
  const Grown now = grow(sphere, 60, ground);
  CHECK(now.mm + 9 == Approx(largest).margin(0.6));
  CHECK(now.mm + 9 < largest + 0.5);
  // It may well be wider than the tube: what lies outside has no effect.
  CHECK(grow(sphere, 10, ground).mm == 10);
}

TEST_CASE("a size to reach gives the rate, and one below the present size is refused")
{
  CHECK(rate_of(growth("radial_mm_per_month = 1.5"), "one", 20) == 1.5);
  CHECK(rate_of(growth("diameter_mm = 32\nat_months = 6"), "one", 20) == Approx(1));
  CHECK(rate_of(growth("diameter_mm = 20\nat_months = 6"), "one", 20) == 0);
  const std::string less = test::refusal_of(
      [] { rate_of(growth("diameter_mm = 12\nat_months = 6"), "one", 20); }, Fault::command);
  CHECK_THAT(less, Contains("it measures 20 mm") && Contains("not below the present one"));
  CHECK_THAT(refusal([] { growth(""); }), Contains("nothing says how the lesion grows"));
  CHECK_THAT(refusal([] { growth("radial_mm_per_month = 1\ndiameter_mm = 30"); }),
             Contains("both a rate and a size"));
  CHECK_THAT(refusal([] { growth("diameter_mm = 30"); }), Contains("needs its date"));
  CHECK_THAT(refusal([] { growth("radial_mm_per_month = -1"); }), Contains("[[treatment]]"));
  CHECK_THAT(refusal([] { growth("radial_mm_per_month = 100"); }), Contains("0 to 20 mm a month"));
}

TEST_CASE("a lesion that has lost mineral holds its filling, one that has gained it woven bone")
{
  const auto ground = bone().ground();
  PlacedLesion seen =
      place(read(about("shape = \"sphere\"\nradius_mm = 9\nin_ct = true\n")), ground);
  const auto act_on = [&](double ash)
  { return act({seen}, bone().anatomy.frame.origin, ash, ash < 0.11, 0.11, 1.2).tissue; };
  CHECK_FALSE(act_on(0.4).changed);
  seen.remodelling = remodelling_of({0, 0, 0.25}, 0);
  CHECK(act_on(0.4).ash == Approx(0.3));
  CHECK(act_on(0.4).filling == -1);
  seen.remodelling = remodelling_of({0, 0, 1}, 0);
  CHECK(act_on(0.4).filling == 0);
  seen.remodelling = remodelling_of({0, 200, 0}, 0.2);
  const PointTissue gained = act_on(0.4);
  CHECK(gained.ash == Approx(0.6));
  CHECK(gained.youngs_factor == Approx(1 - 0.06 / 3)); // a third of it is woven bone
  CHECK(act_on(1.1).ash == Approx(1.2));               // the protocol's ceiling
  CHECK(act_on(1.2).youngs_factor == 1);
  CHECK_FALSE(gained.new_bone);
  CHECK(act_on(0.05).soft == false); // marrow that gains enough is bone
  CHECK(act_on(0.05).new_bone);      // which bears load, and is not judged
}

TEST_CASE("in a virtual lytic lesion new bone is all that there is")
{
  PlacedLesion hole = place(read(about("shape = \"sphere\"\nradius_mm = 9\n")), bone().ground());
  hole.remodelling = remodelling_of({0, 200, 0}, 0.2);
  const PointTissue tissue = act({hole}, bone().anatomy.frame.origin, 0.9, false, 0.11, 1.2).tissue;
  CHECK(tissue.ash == Approx(0.2));
  CHECK_FALSE(tissue.soft);
  CHECK(tissue.youngs_factor == Approx(0.94));
  CHECK(tissue.new_bone);
  hole.remodelling = remodelling_of({0, 50, 0}, 0.05); // too little to be bone
  CHECK(act({hole}, bone().anatomy.frame.origin, 0.9, false, 0.11, 1.2).tissue.filling == 0);
}
