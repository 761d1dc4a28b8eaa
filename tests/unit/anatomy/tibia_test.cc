#include "anatomy/tibia.hpp"
#include "geometry/rotation.hpp"
#include "support.hpp"

#include <catch2/catch.hpp>

#include <random>

using namespace calcar;
using namespace calcar::anatomy;
using namespace calcar::anatomy::test;
using Catch::Contains;
using geometry::angle_deg;

namespace
{

/// A tibia in a random pose, cropped between two levels over its knee.
SyntheticScan posed(int n, double voxel_mm, Crop crop = {}, std::optional<double> age = {})
{
  std::mt19937 random(static_cast<unsigned>(700 + n));
  std::uniform_real_distribution<double> about(-1, 1);
  std::normal_distribution<double> normal;
  SyntheticPerson person;
  person.side = n % 2 == 0 ? Side::left : Side::right;
  person.size = 1 + 0.1 * about(random);
  person.age_years = age;
  ScanSettings settings;
  settings.voxel_mm = voxel_mm;
  settings.rotation =
      geometry::rotation_about({normal(random), normal(random), normal(random)}, 3 * about(random));
  settings.position = {40 * about(random), 40 * about(random), 200 * about(random)};
  settings.crop = crop;
  return make_scan(synthetic_bone(BoneKind::tibia, person), settings);
}

/// A left bone as it lies in a patient.
SyntheticScan standard(BoneKind kind)
{
  ScanSettings settings;
  settings.voxel_mm = 2;
  return make_scan(synthetic_bone(kind, {}), settings);
}

AnatomyOptions specimen()
{
  AnatomyOptions options;
  options.orientation = Orientation::specimen;
  return options;
}

void check_found(const BoneAnatomy& found, const BoneAnatomy& truth)
{
  REQUIRE(found.side == truth.side);
  for (const auto& [name, point] : truth.landmarks)
  {
    INFO(name);
    if (name == "isthmus" || name == "midshaft_centre")
    {
      continue; // not to be told of every part
    }
    REQUIRE(found.landmarks.count(name) == 1);
    CHECK(norm(found.landmarks.at(name) - point) < 3);
  }
  CHECK(angle_deg(found.frame.medial, truth.frame.medial) < 3);
  CHECK(angle_deg(found.frame.anterior, truth.frame.anterior) < 3);
  CHECK(angle_deg(found.frame.proximal, truth.frame.proximal) < 3);
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
  // The shaft is nearly a tube: along it the thinnest place is known to a centimetre or two only.
  const Vec3 off = found.landmarks.at("isthmus") - scan.truth.landmarks.at("isthmus");
  CHECK(norm(geometry::without_component(off, scan.truth.frame.proximal)) < 1.5);
  CHECK(norm(off) < 20);
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

TEST_CASE("the side of a tibia must agree with the image and with the case")
{
  const SyntheticScan scan = standard(BoneKind::tibia);
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
  const SyntheticScan scan = standard(BoneKind::tibia);
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
  CHECK_THAT(refusal_of(bone_mask(standard(BoneKind::humerus).labels)),
             Contains("one of its ends is a ball"));
  CHECK_THAT(refusal_of(mask_of([](const Vec3& p) { return norm(p) - 30; })),
             Contains("no part of it is a shaft"));
  const SyntheticScan scan = standard(BoneKind::tibia);
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
