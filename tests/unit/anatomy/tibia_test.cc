#include "anatomy/tibia.hpp"
#include "geometry/rotation.hpp"
#include "limb_support.hpp"
#include "support.hpp"

#include <catch2/catch.hpp>

#include <cmath>

using namespace calcar;
using namespace calcar::anatomy;
using namespace calcar::anatomy::test;
using Catch::Contains;
using geometry::angle_deg;

namespace
{

SyntheticScan posed(int n, double voxel_mm, Crop crop = {}, std::optional<double> age = {})
{
  return posed_limb(BoneKind::tibia, n, voxel_mm, crop, age);
}

void check_found(const BoneAnatomy& found, const BoneAnatomy& truth)
{
  check_limb(found, truth, {"isthmus", "midshaft_centre"});
}

std::string refusal_of(const image::Mask& mask, const AnatomyOptions& options = specimen())
{
  return refusal([&] { find_anatomy(BoneKind::tibia, mask, options); });
}

} // namespace

TEST_CASE("a whole tibia in any pose is found: side, landmarks within 3 mm, axes within 3 degrees")
{
  const int n = GENERATE(0, 1, 2);
  const SyntheticScan scan = posed(n, 2);
  const BoneAnatomy found = find_anatomy(BoneKind::tibia, bone_mask(scan.labels), specimen());
  INFO("tibia " << n);
  check_found(found, scan.truth);
  CHECK(found.whole);
  CHECK(found.absent.empty());
  CHECK(norm(found.landmarks.at("midshaft_centre") - scan.truth.landmarks.at("midshaft_centre")) <
        3);
  check_isthmus(found, scan.truth);
  for (const char* name : {"plateau_width_mm", "length_mm", "posterior_slope_deg"})
  {
    CHECK(found.measures.at(name).value == Approx(scan.truth.measures.at(name).value).margin(2));
  }
  CHECK(found.shaft_centres.size() > 15);
  CHECK(found.confidence > 0.7);
  CHECK(found.warnings.empty());
}

TEST_CASE("an upper tibia is found, along the axis of its shaft")
{
  const int n = GENERATE(10, 11, 12);
  const SyntheticScan scan = posed(n, 2, {{-1e9, -1e9, -190}, {1e9, 1e9, 1e9}});
  const BoneAnatomy found = find_anatomy(BoneKind::tibia, bone_mask(scan.labels), specimen());
  INFO("tibia " << n);
  check_found(found, scan.truth);
  CHECK_FALSE(found.whole);
  CHECK(found.landmarks.count("medial_malleolus") == 0);
  REQUIRE(found.warnings.size() == 1);
  CHECK(found.warnings[0].text ==
        "the ankle is not in the image: the proximal axis is that of the shaft seen");
}

TEST_CASE("a lower tibia and a child's are found")
{
  const SyntheticScan lower = posed(21, 2, {{-1e9, -1e9, -1e9}, {1e9, 1e9, -130}});
  const BoneAnatomy ankle = find_anatomy(BoneKind::tibia, bone_mask(lower.labels), specimen());
  check_found(ankle, lower.truth);
  CHECK(ankle.landmarks.count("knee_centre") == 0);
  CHECK_THAT(ankle.measures.at("torsion_deg").source, Contains("population mean"));
  REQUIRE(ankle.warnings.size() == 1);
  CHECK(ankle.warnings[0].code == "torsion_from_population");
  const SyntheticScan child = posed(22, 2, {}, 9);
  check_found(find_anatomy(BoneKind::tibia, bone_mask(child.labels), specimen()), child.truth);
}

TEST_CASE("a lower tibia too short to show its crest is told by ankle and malleolus")
{
  const int n = GENERATE(40, 41, 42, 43);
  const SyntheticScan scan = posed(n, 2, {{-1e9, -1e9, -1e9}, {1e9, 1e9, -245}});
  INFO("tibia " << n);
  const BoneAnatomy found = find_anatomy(BoneKind::tibia, bone_mask(scan.labels), specimen());
  CHECK(found.side == scan.truth.side);
  // Of so short a shaft the long axis is less sure than the 3 degrees asked of longer pieces.
  CHECK(geometry::angle_deg(found.frame.proximal, scan.truth.frame.proximal) < 4);
  for (const char* name : {"ankle_centre", "medial_malleolus"})
    CHECK(norm(found.landmarks.at(name) - scan.truth.landmarks.at(name)) < 3);
}

TEST_CASE("a lower tibia whose ankle is the same in front and behind is not given a side by guess")
{
  const SyntheticScan scan = posed(44, 2, {{-1e9, -1e9, -1e9}, {1e9, 1e9, -270}});
  const image::Mask whole = bone_mask(scan.labels);
  const Vec3 ankle = scan.truth.landmarks.at("ankle_centre");
  Vec3 ahead =
      cross(scan.truth.frame.proximal, scan.truth.landmarks.at("medial_malleolus") - ankle);
  ahead = normalized(ahead);
  // Front and back alike: what lies in front is the mirror image of what lies behind.
  image::Mask mask = whole;
  const image::Grid& g = mask.grid;
  for (int k = 0; k < g.size[2]; ++k)
    for (int j = 0; j < g.size[1]; ++j)
      for (int i = 0; i < g.size[0]; ++i)
      {
        const Vec3 p = g.point({1.0 * i, 1.0 * j, 1.0 * k});
        const double before = dot(p - ankle, ahead);
        const Vec3 q = g.index(before > 0 ? p - 2 * before * ahead : p);
        const auto at = [](double x) { return static_cast<int>(std::lround(x)); };
        const bool in = at(q.x) >= 0 && at(q.y) >= 0 && at(q.z) >= 0 && at(q.x) < g.size[0] &&
                        at(q.y) < g.size[1] && at(q.z) < g.size[2];
        mask.at(i, j, k) = in ? whole.at(at(q.x), at(q.y), at(q.z)) : 0;
      }
  CHECK_THAT(refusal_of(mask), Contains("the side of the tibia cannot be told from its shape") &&
                                   Contains("a lower end whose plafond and malleolus differ"));
}

TEST_CASE("the side of a tibia must agree with the image and with the case")
{
  const SyntheticScan scan = standard_limb(BoneKind::tibia);
  image::Mask mask = bone_mask(scan.labels);
  AnatomyOptions options;
  options.side = Side::left;
  const BoneAnatomy found = find_anatomy(BoneKind::tibia, mask, options);
  CHECK(found.side == Side::left);
  CHECK(found.frame.medial.x < -0.99);
  options.side = Side::right;
  CHECK_THAT(refusal_of(mask, options),
             Contains("the mask shows a left tibia") && Contains("side = \"right\" was asked for"));
  // Turned half round about its shaft the medial side looks away from the midline.
  options.side.reset();
  mask.grid.direction = {Vec3{-1, 0, 0}, Vec3{0, -1, 0}, Vec3{0, 0, 1}};
  CHECK_THAT(refusal_of(mask, options), Contains("the orientation of the image is in doubt"));
}

TEST_CASE("the mirror image of a tibia is one of the other side")
{
  const SyntheticScan scan = posed(31, 2.5);
  image::Mask mask = bone_mask(scan.labels);
  mask.grid.direction[0] = -mask.grid.direction[0];
  CHECK(find_anatomy(BoneKind::tibia, mask, specimen()).side == Side::left);
}

TEST_CASE("a condyle given by hand turns the frame of a tibia")
{
  const SyntheticScan scan = standard_limb(BoneKind::tibia);
  const image::Mask mask = bone_mask(scan.labels);
  const BoneAnatomy plain = find_anatomy(BoneKind::tibia, mask);
  AnatomyOptions options;
  const Vec3 moved = plain.landmarks.at("medial_condyle") + Vec3{0, 10, 0};
  options.overrides = {{"medial_condyle", moved}};
  const BoneAnatomy found = find_anatomy(BoneKind::tibia, mask, options);
  CHECK(found.landmarks.at("medial_condyle") == moved);
  CHECK(angle_deg(found.frame.medial, plain.frame.medial) ==
        Approx(7.5).margin(1)); // 10 over 76 mm
}

TEST_CASE("what is not a tibia is refused with the reason")
{
  const SyntheticFemur femur = make_femur(quick_femur(Side::left));
  CHECK_THAT(refusal_of(femur_mask(femur)), Contains("the mask is not a tibia"));
  const double notch = femur.truth.landmarks.at("intercondylar_notch").z;
  CHECK_THAT(refusal_of(kept(femur_mask(femur), [&](Vec3 p) { return p.z < notch + 180; })),
             Contains("the mask is not a tibia"));
  CHECK_THAT(refusal_of(bone_mask(standard_limb(BoneKind::humerus).labels)),
             Contains("one of its ends is a ball"));
  CHECK_THAT(refusal_of(mask_of([](const Vec3& p) { return norm(p) - 30; })),
             Contains("no part of it is a shaft"));
  const SyntheticScan scan = standard_limb(BoneKind::tibia);
  const auto part = [&](double low, double high)
  { return kept(bone_mask(scan.labels), [&](Vec3 p) { return p.z > low && p.z < high; }); };
  CHECK_THAT(refusal_of(part(-1000, -8)), Contains("no intercondylar eminence"));
  CHECK_THAT(refusal_of(part(-280, -100)), Contains("no end of a tibia"));
  CHECK_THAT(refusal(
                 [&] {
                   synthetic_bone(BoneKind::tibia, {}, {{"plateau_width_mm", 200}});
                 }),
             Contains("plateau_width_mm"));
  CHECK_FALSE(refusal([&] { find_anatomy(BoneKind::humerus, bone_mask(scan.labels), specimen()); })
                  .empty());
}
