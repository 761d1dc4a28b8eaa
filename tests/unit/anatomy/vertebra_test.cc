#include "anatomy/vertebra.hpp"
#include "geometry/rotation.hpp"
#include "support.hpp"
#include "vertebra_support.hpp"

#include <catch2/catch.hpp>

#include <algorithm>

using namespace calcar;
using namespace calcar::anatomy;
using namespace calcar::anatomy::test;
using Catch::Contains;
using geometry::angle_deg;

namespace
{

void check_frame(const Frame& found, const Frame& truth, double tolerance_deg)
{
  CHECK(angle_deg(found.medial, truth.medial) < tolerance_deg);
  CHECK(angle_deg(found.anterior, truth.anterior) < tolerance_deg);
  CHECK(angle_deg(found.proximal, truth.proximal) < tolerance_deg);
  CHECK(norm(found.origin - truth.origin) < 2);
  CHECK(std::abs(dot(found.medial, found.proximal)) < 1e-12);
  CHECK(dot(cross(found.medial, found.anterior), found.proximal) == Approx(1));
}

void check_landmarks(const BoneAnatomy& found, const BoneAnatomy& truth, double tolerance)
{
  for (const auto& [name, point] : truth.landmarks)
  {
    INFO(name);
    REQUIRE(found.landmarks.count(name) == 1);
    CHECK(norm(found.landmarks.at(name) - point) < tolerance);
  }
}

} // namespace

TEST_CASE("a vertebra of any level, size and age in any pose is found, never upside down")
{
  const int n = GENERATE(0, 1, 2);
  const VertebraCase one = varied_vertebra(n);
  const SyntheticScan scan = scan_of(one);
  AnatomyOptions options = vertebra_in_a_tube();
  options.level = one.person.level;
  const BoneAnatomy found = find_anatomy(BoneKind::vertebra, bone_of(scan), options);
  INFO("vertebra " << n << ", " << one.person.level);
  CHECK(found.kind == BoneKind::vertebra);
  CHECK(found.side == Side::midline);
  CHECK(found.level == one.person.level);
  CHECK(found.whole);
  check_frame(found.frame, scan.truth.frame, 3);
  check_landmarks(found, scan.truth, 3);
  CHECK(found.absent.empty());
  const Vec3 spacing = scan.labels.grid.spacing;
  const double height = norm(found.landmarks.at("superior_endplate_centre") -
                             found.landmarks.at("inferior_endplate_centre"));
  const bool coarse = height < 6.5 * std::max({spacing.x, spacing.y, spacing.z});
  REQUIRE(found.warnings.size() == (coarse ? 1 : 0));
  if (coarse)
  {
    CHECK(found.warnings[0].code == "coarse_for_its_size");
    CHECK_THAT(found.warnings[0].text, Contains("its cranial axis is sure to about"));
  }
  CHECK(found.confidence > 0.6);
  CHECK(norm(found.cut_centre - scan.truth.landmarks.at("inferior_endplate_centre")) < 2);
}

TEST_CASE("heights, widths and areas of a vertebra are measured")
{
  const SyntheticScan& scan = patient_scan("L3");
  const BoneAnatomy found = find_anatomy(BoneKind::vertebra, bone_of(scan));
  const auto near = [&](const std::string& name, double margin)
  {
    INFO(name);
    CHECK(found.measures.at(name).value ==
          Approx(scan.truth.measures.at(name).value).margin(margin));
    CHECK(found.measures.at(name).source == "measured");
  };
  near("body_height_anterior_mm", 1.5);
  near("body_height_posterior_mm", 1.5);
  near("body_width_mm", 1.5);
  near("body_depth_mm", 1.5);
  near("canal_depth_mm", 2);
  near("canal_width_mm", 2);
  near("left_pedicle_width_mm", 2);
  near("right_pedicle_width_mm", 2);
  near("superior_endplate_area_mm2", 120);
  near("inferior_endplate_area_mm2", 120);
  near("wedge_angle_deg", 3);
}

TEST_CASE("a wedged vertebra, lower in front, has a positive wedge angle")
{
  const VertebraCase one = patient_vertebra("L1");
  const SyntheticBody body =
      synthetic_bone(BoneKind::vertebra, one.person, {{"body_height_anterior_mm", 20}});
  const SyntheticScan scan = make_scan(body, one.settings);
  const BoneAnatomy found = find_anatomy(BoneKind::vertebra, bone_of(scan));
  CHECK(scan.truth.measures.at("wedge_angle_deg").value > 8);
  CHECK(found.measures.at("wedge_angle_deg").value ==
        Approx(scan.truth.measures.at("wedge_angle_deg").value).margin(3));
}

TEST_CASE("a vertebra in the patient and the same as a specimen are found alike")
{
  const image::Mask mask = bone_of(patient_scan("T10"));
  const BoneAnatomy patient = find_anatomy(BoneKind::vertebra, mask);
  const BoneAnatomy specimen = find_anatomy(BoneKind::vertebra, mask, vertebra_in_a_tube());
  check_frame(specimen.frame, patient.frame, 1e-6);
  CHECK(patient.frame.medial.x < -0.9); // the patient's right
  CHECK(patient.frame.anterior.y < -0.9);
  CHECK(patient.frame.proximal.z > 0.9);
}

TEST_CASE("other axes of the image, the same vertebra")
{
  const SyntheticScan& scan = patient_scan("L3");
  const image::Mask mask = bone_of(scan);
  // Index axes (k, i, j) turned, i flipped: the same voxels in space.
  image::Mask other;
  const auto& size = mask.grid.size;
  other.grid.size = {size[2], size[0], size[1]};
  other.grid.spacing = mask.grid.spacing;
  other.grid.origin = mask.grid.point({size[0] - 1.0, 0, 0});
  other.grid.direction = {Vec3{0, -1, 0}, Vec3{0, 0, 1}, Vec3{1, 0, 0}};
  other.values.resize(mask.values.size());
  for (int k = 0; k < size[2]; ++k)
    for (int j = 0; j < size[1]; ++j)
      for (int i = 0; i < size[0]; ++i)
      {
        other.at(k, size[0] - 1 - i, j) = mask.at(i, j, k);
      }
  REQUIRE(norm(other.grid.point({3, size[0] - 5.0, 7}) - mask.grid.point({4, 7, 3})) < 1e-9);
  const BoneAnatomy one = find_anatomy(BoneKind::vertebra, mask);
  const BoneAnatomy two = find_anatomy(BoneKind::vertebra, other);
  for (const auto& [name, point] : one.landmarks)
  {
    INFO(name);
    CHECK(norm(two.landmarks.at(name) - point) < 0.5);
  }
}

TEST_CASE("of a patient's vertebral body alone the image tells up and front, with a warning")
{
  const BoneAnatomy found = find_anatomy(BoneKind::vertebra, body_alone());
  CHECK_FALSE(found.whole);
  check_frame(found.frame, {{}, {-1, 0, 0}, {0, -1, 0}, {0, 0, 1}}, 5);
  CHECK(norm(found.landmarks.at("superior_endplate_centre") - Vec3{0, -0.5, 13}) < 1.5);
  CHECK(norm(found.landmarks.at("inferior_endplate_centre") - Vec3{0, -0.5, -13}) < 1.5);
  CHECK(norm(found.landmarks.at("anterior_wall") - Vec3{0, -14.4, 0}) < 1.5);
  CHECK(norm(found.landmarks.at("posterior_wall") - Vec3{0, 13, 0}) < 1.5);
  CHECK(found.landmarks.size() == 5);
  CHECK(found.absent.size() == 10);
  REQUIRE(found.warnings.size() == 1);
  CHECK(found.warnings[0].code == "posterior_elements_missing");
}

TEST_CASE("a patient's vertebra whose image ends in the pedicles is found by the image")
{
  VertebraCase one = patient_vertebra("L3");
  one.settings.rotation = identity();
  one.settings.crop.from.y = -18; // the posterior wall is at -13.4, the pedicles at -20
  const SyntheticScan scan = scan_of(one);
  const BoneAnatomy found = find_anatomy(BoneKind::vertebra, bone_of(scan));
  CHECK_FALSE(found.whole);
  check_frame(found.frame, scan.truth.frame, 5);
  check_landmarks(found, scan.truth, 3);
  CHECK(found.landmarks.count("canal_centre") == 0);
}

TEST_CASE("a cut spinous process is absent, the rest of the vertebra found")
{
  VertebraCase one = patient_vertebra("L3");
  one.settings.rotation = identity();
  one.settings.crop.from.y = -48;
  const SyntheticScan scan = scan_of(one);
  const BoneAnatomy found = find_anatomy(BoneKind::vertebra, bone_of(scan), vertebra_in_a_tube());
  CHECK(found.absent == std::vector<std::string>{"spinous_process"});
  CHECK_FALSE(found.whole);
  check_frame(found.frame, scan.truth.frame, 3);
  check_landmarks(found, scan.truth, 3);
}

TEST_CASE("a vertebra's landmark given by hand replaces the found one and the frame follows it")
{
  const image::Mask mask = bone_of(patient_scan("L3"));
  const BoneAnatomy plain = find_anatomy(BoneKind::vertebra, mask);
  AnatomyOptions options;
  const Vec3 pedicle = plain.landmarks.at("left_pedicle_centre") + 6 * plain.frame.anterior;
  const Vec3 tip = plain.landmarks.at("spinous_process") + Vec3{0, 0, 5};
  options.overrides = {{"left_pedicle_centre", pedicle}, {"spinous_process", tip}};
  const BoneAnatomy moved = find_anatomy(BoneKind::vertebra, mask, options);
  CHECK(moved.landmarks.at("left_pedicle_centre") == pedicle);
  CHECK(moved.landmarks.at("spinous_process") == tip);
  CHECK(angle_deg(moved.frame.proximal, plain.frame.proximal) < 1e-6);
  // 6 mm over the 34 mm between the pedicles.
  CHECK(angle_deg(moved.frame.medial, plain.frame.medial) == Approx(10).margin(1.5));
  options.overrides = {{"body_centre", plain.frame.origin + Vec3{0, 0, 3}}};
  CHECK(find_anatomy(BoneKind::vertebra, mask, options).frame.origin ==
        plain.frame.origin + Vec3{0, 0, 3});
}
