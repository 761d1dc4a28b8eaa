#include "image/checks.hpp"
#include "image/mask.hpp"
#include "unit/image/support.hpp"

#include <catch2/catch.hpp>

using namespace calcar;
using namespace calcar::image;
using namespace calcar::image::test;
using Catch::Contains;

namespace
{
/// A volume with one value in a mask and another around it.
Volume painted(const Mask& mask, float inside, float around)
{
  Volume volume{mask.grid, {}, {"ct.nii.gz", ""}};
  for (const auto v : mask.values)
    volume.values.push_back(v ? inside : around);
  return volume;
}
} // namespace

TEST_CASE("metal is found in compact pieces, with its streaks and its share of the bone")
{
  const Mask bone = ball(40, 15, {20, 20, 20});
  Volume ct = painted(bone, 700, -80);
  ct.at(2, 2, 2) = 2800; // noise: one voxel
  CHECK(!find_metal(ct, bone, Quantity::hounsfield).found());
  const Mask screw = ball(40, 2.5, {20, 20, 20});
  for (std::size_t i = 0; i < ct.values.size(); ++i)
    if (screw.values[i])
      ct.values[i] = 3071;
  const Metal metal = find_metal(ct, bone, Quantity::hounsfield);
  REQUIRE(metal.warnings.size() == 2);
  CHECK(count(metal.metal) == count(screw));
  CHECK(metal.share_in_region == Approx(double(count(screw)) / double(count(bone))));
  CHECK(metal.near_in_region == Approx(12.5 * 12.5 * 12.5 / (15.0 * 15 * 15)).epsilon(0.1));
  CHECK(metal.clipped);
  CHECK_THAT(metal.warnings[0].text, Contains("cm3 above 2500 HU)"));
  CHECK_THAT(metal.warnings[0].text, Contains("% of the bone lie within 10 mm of it"));
  CHECK_THAT(metal.warnings[1].text, Contains("cut off at 3071 HU"));
}

TEST_CASE("metal away from the bone and in a density image")
{
  const Mask bone = ball(40, 8, {10, 10, 10});
  Volume density = painted(bone, 0.8f, 0.02f);
  for (int k = 34; k < 39; ++k)
    for (int j = 34; j < 39; ++j)
      density.at(36, j, k) = density.at(37, j, k) = 2.2f;
  const Metal metal = find_metal(density, bone, Quantity::density);
  REQUIRE(metal.found());
  CHECK(metal.share_in_region == 0);
  CHECK(metal.near_in_region == 0);
  CHECK(!metal.clipped);
  CHECK_THAT(metal.warnings[0].text, Contains("cm3 above 1.9 g/cm3), away from the bone"));
}

TEST_CASE("a mask on the border of the image tells the side of the patient")
{
  Mask mask = ball(20, 6, {10, 10, 3});
  const auto contacts = border_contacts(mask);
  REQUIRE(contacts.size() == 1);
  CHECK(contacts[0].side == "inferior");
  CHECK(contacts[0].area_cm2 == Approx(3.14159 * 27 / 100).epsilon(0.15));
  mask.grid.direction = {Vec3{0, 0, -1}, Vec3{1, 0, 0}, Vec3{0, -1, 0}};
  CHECK(border_contacts(mask)[0].side == "left"); // k now runs to the right
  CHECK(border_contacts(ball(20, 5, {10, 10, 10})).empty());
}

TEST_CASE("a cut is seen inside a padded image, a rounded end is none")
{
  Mask shaft = ball(40, 25, {20, 20, 20}); // a ball wider than the image, then its top cut off
  for (std::size_t i = 0; i < shaft.values.size(); ++i)
    if (i / 1600 > 30)
      shaft.values[i] = 0;
  bool superior = false;
  for (const FaceContact& end : flat_ends(shaft))
    superior = superior || end.side == "superior";
  CHECK(superior);
  CHECK(border_contacts(shaft).size() == 5);
  CHECK(flat_ends(ball(60, 25, {30, 30, 30})).empty());
}

TEST_CASE("a CT without air, or cut off, is warned of")
{
  Volume ct{{{10, 10, 10}, {}, {1, 1, 1}, identity()}, {}, {"ct.nii.gz", ""}};
  for (int i = 0; i < 1000; ++i)
    ct.values.push_back(static_cast<float>(-1000 + 2 * i));
  CHECK(check_ct(ct).empty());
  for (float& v : ct.values)
    v += 300;
  REQUIRE(check_ct(ct).size() == 1);
  CHECK_THAT(check_ct(ct)[0].text, Contains("between fat (-100) and air (-1000): are these HU?"));
  for (float& v : ct.values)
    v = std::max(v, -150.0f);
  REQUIRE(check_ct(ct).size() == 1);
  CHECK_THAT(check_ct(ct)[0].text, Contains("cut off at -150 HU"));
}

TEST_CASE("a mask must lie on bone")
{
  const Mask bone = ball(40, 8, {14, 20, 20});
  const Mask beside = ball(40, 8, {30, 20, 20});
  const Mask shifted = ball(40, 4, {24, 20, 20});
  const Volume density = painted(bone, 0.6f, 0.03f);
  require_bone_inside(density, bone, Quantity::density);
  require_bone_inside(painted(bone, 500, -20), bone, Quantity::hounsfield);
  CHECK_THAT(refusal_of([&] { require_bone_inside(density, beside, Quantity::density); }),
             Contains("the mask does not lie on bone: its mean is 0.03"));
  CHECK_THAT(
      refusal_of([&]
                 { require_bone_inside(painted(bone, 1.5f, 0.03f), shifted, Quantity::density); }),
      Contains("that of the 5 mm around it"));
  CHECK_THAT(
      refusal_of([&] { require_bone_inside(painted(bone, 60, 20), bone, Quantity::hounsfield); }),
      Contains("a mean above soft tissue (100 HU)"));
}

TEST_CASE("the volume of a mask is held to the bounds of its bone")
{
  const Mask mask = ball(20, 6, {10, 10, 10});
  require_volume(mask, 0.5, 2, "test ball");
  CHECK_THAT(refusal_of([&] { require_volume(mask, 60, 700, "femur"); }),
             Contains("the mask has 0.925 cm3 with voxels of 1 x 1 x 1 mm; allowed: 60 to 700 cm3 "
                      "for a femur"));
}
