#include "anatomy/humerus.hpp"
#include "bodies/rasterised.hpp"
#include "geometry/read_surface.hpp"
#include "geometry/rotation.hpp"
#include "limb_support.hpp"
#include "support.hpp"

#include <catch2/catch.hpp>

#include <filesystem>

using namespace calcar;
using namespace calcar::anatomy;
using namespace calcar::anatomy::test;
using Catch::Contains;
using geometry::angle_deg;

namespace
{

SyntheticScan posed(int n, double voxel_mm, Crop crop = {}, std::optional<double> age = {})
{
  return posed_limb(BoneKind::humerus, n, voxel_mm, crop, age);
}

void check_found(const BoneAnatomy& found, const BoneAnatomy& truth)
{
  check_limb(found, truth, {"isthmus", "midshaft_centre", "deltoid_tuberosity"});
}

std::string refusal_of(const image::Mask& mask, const AnatomyOptions& options = specimen())
{
  return refusal([&] { find_anatomy(BoneKind::humerus, mask, options); });
}

} // namespace

TEST_CASE(
    "a whole humerus in any pose is found: side, landmarks within 3 mm, axes within 3 degrees")
{
  const int n = GENERATE(0, 1, 2);
  const SyntheticScan scan = posed(n, 2);
  const BoneAnatomy found = find_anatomy(BoneKind::humerus, bone_mask(scan.labels), specimen());
  INFO("humerus " << n);
  check_found(found, scan.truth);
  CHECK(found.whole);
  CHECK(found.absent.empty());
  for (const char* name : {"midshaft_centre", "deltoid_tuberosity"})
  {
    CHECK(norm(found.landmarks.at(name) - scan.truth.landmarks.at(name)) < 3);
  }
  check_isthmus(found, scan.truth);
  for (const char* name : {"head_radius_mm", "length_mm", "epicondylar_width_mm"})
  {
    CHECK(found.measures.at(name).value == Approx(scan.truth.measures.at(name).value).margin(2));
  }
  CHECK(found.measures.at("retroversion_deg").value == Approx(25).margin(4));
  CHECK(found.measures.at("retroversion_deg").source == "measured");
  CHECK(found.shaft_centres.size() > 15);
  CHECK(found.confidence > 0.8);
  CHECK(found.warnings.empty());
}

TEST_CASE("an upper humerus is found, its retroversion being the population's")
{
  const int n = GENERATE(10, 11, 12);
  const SyntheticScan scan = posed(n, 2, {{-1e9, -1e9, -150}, {1e9, 1e9, 1e9}});
  const BoneAnatomy found = find_anatomy(BoneKind::humerus, bone_mask(scan.labels), specimen());
  INFO("humerus " << n);
  check_found(found, scan.truth);
  CHECK_FALSE(found.whole);
  CHECK(found.landmarks.count("medial_epicondyle") == 0);
  CHECK(found.measures.at("retroversion_deg").value == 25);
  CHECK_THAT(found.measures.at("retroversion_deg").source, Contains("population mean"));
  REQUIRE(found.warnings.size() == 1);
  CHECK(found.warnings[0].text == "the elbow is not in the image: the retroversion is the "
                                  "population mean, 25 +/- 12 degrees");
}

TEST_CASE("a lower humerus and a child's are found")
{
  const SyntheticScan lower = posed(21, 2, {{-1e9, -1e9, -1e9}, {1e9, 1e9, -170}});
  const BoneAnatomy elbow = find_anatomy(BoneKind::humerus, bone_mask(lower.labels), specimen());
  check_found(elbow, lower.truth);
  CHECK(elbow.landmarks.count("humeral_head_centre") == 0);
  REQUIRE(elbow.warnings.size() == 1);
  CHECK(elbow.warnings[0].code == "head_not_seen");
  const SyntheticScan child = posed(22, 2, {}, 8);
  check_found(find_anatomy(BoneKind::humerus, bone_mask(child.labels), specimen()), child.truth);
}

TEST_CASE("the side of a humerus must agree with the image and with the case")
{
  const SyntheticScan scan = standard_limb(BoneKind::humerus);
  image::Mask mask = bone_mask(scan.labels);
  AnatomyOptions options;
  options.side = Side::left;
  const BoneAnatomy found = find_anatomy(BoneKind::humerus, mask, options);
  CHECK(found.side == Side::left);
  CHECK(found.frame.medial.x < -0.99);
  CHECK(found.frame.proximal.z > 0.99);
  options.side = Side::right;
  CHECK_THAT(refusal_of(mask, options), Contains("the mask shows a left humerus") &&
                                            Contains("side = \"right\" was asked for"));
  // Turned half round about its shaft the head points away from the midline.
  options.side.reset();
  mask.grid.direction = {Vec3{-1, 0, 0}, Vec3{0, -1, 0}, Vec3{0, 0, 1}};
  CHECK_THAT(refusal_of(mask, options), Contains("the orientation of the image is in doubt"));
}

TEST_CASE("the mirror image of a humerus is one of the other side")
{
  const SyntheticScan scan = posed(31, 2.5);
  image::Mask mask = bone_mask(scan.labels);
  mask.grid.direction[0] = -mask.grid.direction[0];
  CHECK(find_anatomy(BoneKind::humerus, mask, specimen()).side == Side::left);
}

TEST_CASE("an epicondyle given by hand turns the frame, a tubercle does not")
{
  const SyntheticScan scan = standard_limb(BoneKind::humerus);
  const image::Mask mask = bone_mask(scan.labels);
  const BoneAnatomy plain = find_anatomy(BoneKind::humerus, mask);
  AnatomyOptions options;
  const Vec3 moved = plain.landmarks.at("medial_epicondyle") + Vec3{0, 10, 0};
  const Vec3 tubercle = plain.landmarks.at("greater_tubercle") + Vec3{3, 0, 0};
  options.overrides = {{"medial_epicondyle", moved}, {"greater_tubercle", tubercle}};
  const BoneAnatomy found = find_anatomy(BoneKind::humerus, mask, options);
  CHECK(found.landmarks.at("medial_epicondyle") == moved);
  CHECK(found.landmarks.at("greater_tubercle") == tubercle);
  CHECK(angle_deg(found.frame.medial, plain.frame.medial) ==
        Approx(9.2).margin(1)); // 10 over 62 mm
}

TEST_CASE("what is not a humerus is refused with the reason")
{
  CHECK_THAT(refusal_of(femur_mask(make_femur(quick_femur(Side::left)))),
             Contains("as a femoral head does"));
  CHECK_THAT(refusal_of(mask_of([](const Vec3& p) { return norm(p) - 30; })),
             Contains("no part of it is a shaft"));
  const auto tube = [](const Vec3& p)
  { return std::max(std::hypot(p.x, p.y) - 12, std::abs(p.z) - 90); };
  CHECK_THAT(refusal_of(mask_of(tube)), Contains("neither end is the ball of its head"));
  const auto two = [](const Vec3& p)
  {
    return std::min(std::hypot(p.x - 30, p.y), std::hypot(p.x + 30, p.y)) +
           (std::abs(p.z) < 90 ? -12 : 1000);
  };
  CHECK_THAT(refusal_of(mask_of(two)), Contains("more than one bone"));
  const SyntheticScan scan = standard_limb(BoneKind::humerus);
  const auto below = [&](double level)
  { return kept(bone_mask(scan.labels), [&](Vec3 p) { return p.z < level; }); };
  CHECK_THAT(refusal_of(below(8)), Contains("cut off"));
  const auto piece = kept(bone_mask(scan.labels), [](Vec3 p) { return p.z < -70 && p.z > -200; });
  CHECK_THAT(refusal_of(piece), Contains("neither end"));
  SyntheticPerson person;
  CHECK_FALSE(
      refusal([&] { find_anatomy(BoneKind::femur, bone_mask(scan.labels), specimen()); }).empty());
  CHECK_THAT(refusal(
                 [&] {
                   synthetic_bone(BoneKind::humerus, person, {{"head_radius_mm", 60}});
                 }),
             Contains("head_radius_mm"));
}

TEST_CASE("the real upper humerus is a right one at 1, 2 and 3 mm")
{
  const std::filesystem::path file =
      std::filesystem::path(CALCAR_REAL_DATA) / "surfaces/humerus_proximal_right_METRES.obj";
  if (!std::filesystem::exists(file))
  {
    WARN("skipped: " << file << " is not here");
    return;
  }
  const geometry::TriangleSurface surface =
      geometry::read_surface(file, 1000).surface; // the file is in metres
  const double spacing = GENERATE(1.0, 2.0, 3.0);
  const image::Mask mask = test_bodies::rasterised(surface, spacing, 3);
  const BoneAnatomy bone = find_anatomy(BoneKind::humerus, mask, specimen());
  INFO(spacing << " mm");
  CHECK(bone.side == Side::right);
  CHECK_FALSE(bone.whole);
  const double radius = bone.measures.at("head_radius_mm").value;
  CHECK((radius > 21 && radius < 27));
  CHECK(bone.measures.at("visible_length_mm").value == Approx(211).margin(3));
  // Seen by eye on the surface. In coarse voxels the head's direction, and with it what is most
  // lateral, is less sure.
  const double near = 5 + 2 * spacing;
  CHECK(norm(bone.landmarks.at("humeral_head_centre") - Vec3{18.8, -191.2, 463.7}) < near);
  CHECK(norm(bone.landmarks.at("greater_tubercle") - Vec3{46.5, -196, 457}) < near);
  CHECK(norm(bone.landmarks.at("lesser_tubercle") - Vec3{37.5, -169.5, 459}) < near);
  AnatomyOptions left = specimen();
  left.side = Side::left;
  CHECK_THAT(refusal_of(mask, left), Contains("the mask shows a right humerus"));
}
