#include "lesion/density_change.hpp"
#include "unit/lesion/tube.hpp"

#include <catch2/catch.hpp>

#include <random>

using namespace calcar;
using namespace calcar::lesion;
using namespace lesion_test;

namespace
{
Bone plain()
{
  TubePlan plan;
  plan.voxel_mm = 1;
  return tube(plan);
}

void add_noise(image::Volume& volume, double deviation, unsigned seed)
{
  std::mt19937 random(seed);
  std::normal_distribution<double> noise(0, deviation);
  for (float& value : volume.values)
    value += static_cast<float>(noise(random));
}

image::Mask empty(const Bone& bone)
{
  return {bone.mask.grid, std::vector<std::uint8_t>(bone.mask.values.size(), 0), {}};
}

PlacedLesion ball(const Bone& bone)
{
  return place(read("shape = \"sphere\"\nradius_mm = 5\nin_ct = true\ncentre = { landmark = "
                    "\"midshaft_centre\" }"),
               bone.ground());
}
} // namespace

TEST_CASE("the mean change in a lesion and in the rest of the bone is what was put there")
{
  const Bone bone = plain();
  const PlacedLesion lesion = ball(bone);
  const image::Mask where = inside(lesion, bone.mask);
  image::Volume now = bone.density;
  for (std::size_t v = 0; v < now.values.size(); ++v)
    now.values[v] += where.values[v] ? -0.3F : 0.01F;
  const Compared both = compared(now, bone.mask, where, bone.density, {});
  const MeanChange of_lesion = mean_change(both, where);
  CHECK(of_lesion.now - of_lesion.then == Approx(-0.3));
  const MeanChange control = mean_change(both, both.control);
  CHECK(control.now - control.then == Approx(0.01));
  CHECK(std::isnan(mean_change(both, empty(bone)).now));
}

TEST_CASE("what the earlier scan does not show is not compared")
{
  const Bone bone = plain();
  const image::RigidMotion away{identity(), {0, 0, 20}};
  const Compared both = compared(bone.density, bone.mask, empty(bone), bone.density, away);
  double known = 0, all = 0, unseen = 0;
  for (std::size_t v = 0; v < both.known.values.size(); ++v)
  {
    known += both.known.values[v];
    all += bone.mask.values[v];
    unseen += both.known.values[v] && !std::isfinite(both.then.values[v]) ? 1 : 0;
  }
  CHECK(unseen == 0);
  CHECK(known < 0.75 * all);
  CHECK(known > 0.5 * all);
}

TEST_CASE("the noise of a region is that of the mean of so many voxels, and falls with its size")
{
  Bone bone = plain();
  image::Volume now = bone.density;
  constexpr double deviation = 0.1;
  add_noise(now, deviation, 1);
  add_noise(bone.density, deviation, 2);
  const Compared both = compared(now, bone.mask, empty(bone), bone.density, {});
  const ChangeRule& rule = change_rule();
  for (const double edge : {4.0, 7.0})
  {
    const auto noise = patch_noise(both, edge, rule);
    REQUIRE(noise);
    // Patches at the surface hold half as many voxels: up to sqrt(2) more.
    const double full = deviation * std::sqrt(2) / std::pow(edge, 1.5);
    CHECK(*noise > 0.85 * full);
    CHECK(*noise < 1.35 * full);
  }
  CHECK_FALSE(patch_noise(both, 40, rule)); // no eight cubes of 40 mm in a tube of 60
}

TEST_CASE("resampling a scan onto its own turned copy leaves little noise in a region's mean")
{
  const Bone bone = plain();
  TubePlan plan;
  plan.voxel_mm = 1;
  plan.turn = geometry::rotation_about({1, 0.4, 0.2}, 0.3);
  plan.grid_turns = false;
  const Bone turned = tube(plan);
  const anatomy::Frame &a = bone.anatomy.frame, &b = turned.anatomy.frame;
  image::RigidMotion motion;
  motion.turn =
      transpose(Mat3{b.medial, b.anterior, b.proximal}) * Mat3{a.medial, a.anterior, a.proximal};
  motion.shift = b.origin - motion.turn * a.origin;
  const Compared both = compared(bone.density, bone.mask, empty(bone), turned.density, motion);
  const auto noise = patch_noise(both, 8, change_rule());
  REQUIRE(noise);
  // Walls of 1.2 g/cm^3 with no noise at all: what is left is the voxels' own, worst case.
  CHECK(*noise < 0.06);
  const MeanChange control = mean_change(both, both.control);
  CHECK(std::abs(control.now - control.then) < 0.05);
}
