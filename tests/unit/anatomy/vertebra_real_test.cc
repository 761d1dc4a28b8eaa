#include "anatomy/vertebra.hpp"
#include "bodies/rasterised.hpp"
#include "geometry/read_surface.hpp"
#include "geometry/rotation.hpp"
#include "image/mask.hpp"
#include "image/read.hpp"
#include "vertebra_support.hpp"

#include <catch2/catch.hpp>

#include <cmath>
#include <filesystem>

using namespace calcar;
using namespace calcar::anatomy;
using namespace calcar::anatomy::test;
using Catch::Contains;
using geometry::angle_deg;

namespace
{

const std::filesystem::path data = CALCAR_REAL_DATA;

bool have(const std::string& file)
{
  const bool there = std::filesystem::exists(data / file);
  if (!there)
  {
    WARN("skipped: " << (data / file) << " is not here");
  }
  return there;
}

void check_plausible(const BoneAnatomy& bone)
{
  const auto within = [&](const char* name, double low, double high)
  {
    INFO(name);
    CHECK((bone.measures.at(name).value > low && bone.measures.at(name).value < high));
  };
  within("body_height_anterior_mm", 22, 36);
  within("body_height_posterior_mm", 22, 36);
  within("body_width_mm", 36, 56);
  within("body_depth_mm", 28, 42);
  within("canal_width_mm", 14, 32);
  const Frame& f = bone.frame;
  const auto along = [&](const std::string& name, Vec3 direction)
  { return dot(bone.landmarks.at(name) - f.origin, direction); };
  CHECK(along("spinous_process", f.anterior) < -40);
  CHECK(along("spinous_process", f.proximal) < 5);
  CHECK(along("canal_centre", f.anterior) < -15);
  CHECK(along("right_pedicle_centre", f.medial) > 10);
  CHECK(along("left_pedicle_centre", f.medial) < -10);
  for (const std::string side : {"left_", "right_"})
  {
    INFO(side);
    CHECK(along(side + "pedicle_centre", f.proximal) > 0);
    const Vec3 tip = bone.landmarks.at(side + "transverse_process");
    CHECK(std::abs(dot(tip - f.origin, f.medial)) > 0.7 * bone.measures.at("body_width_mm").value);
    CHECK(dot(tip - f.origin, f.anterior) < -10);
    CHECK(std::abs(dot(tip - bone.landmarks.at(side + "pedicle_centre"), f.proximal)) < 15);
    CHECK(along(side + "superior_facet", f.proximal) >
          along(side + "inferior_facet", f.proximal) + 15);
  }
}

} // namespace

TEST_CASE("the patient's lumbar vertebrae are found in 3 mm voxels, as patient and as specimen")
{
  const std::string file = "abdomen_ct/labels.nii.gz";
  if (!have(file))
  {
    return;
  }
  const image::LabelMap labels = image::read_labels(data / file).image;
  Vec3 below{0, 0, -1e9};
  for (const int label : {27, 28, 29, 30, 31}) // L5 to L1
  {
    INFO("label " << label);
    const image::Mask mask = image::extract(labels, label);
    const BoneAnatomy bone = find_anatomy(BoneKind::vertebra, mask);
    check_plausible(bone);
    CHECK(bone.whole);
    CHECK(angle_deg(bone.frame.medial, {-1, 0, 0}) < 15);
    CHECK(angle_deg(bone.frame.proximal, {0, 0, 1}) < 35); // the lordosis
    CHECK(bone.frame.origin.z > below.z + 25);
    below = bone.frame.origin;
    if (label % 2 == 0)
    {
      continue;
    }
    const BoneAnatomy specimen = find_anatomy(BoneKind::vertebra, mask, vertebra_in_a_tube());
    CHECK(angle_deg(specimen.frame.medial, bone.frame.medial) < 1);
    CHECK(angle_deg(specimen.frame.proximal, bone.frame.proximal) < 1);
  }
}

TEST_CASE("the patient's T12, whose body the image cuts, is refused")
{
  const std::string file = "abdomen_ct/labels.nii.gz";
  if (!have(file))
  {
    return;
  }
  const image::LabelMap labels = image::read_labels(data / file).image;
  CHECK_THAT(vertebra_refusal(image::extract(labels, 32)),
             Contains("the image ends inside the vertebral body"));
}

TEST_CASE("sacrum and hip bones are not taken for vertebrae")
{
  const std::string file = "abdomen_ct/labels.nii.gz";
  if (!have(file))
  {
    return;
  }
  const image::LabelMap labels = image::read_labels(data / file).image;
  for (const int label : {25, 75, 76, 77, 78})
  {
    INFO("label " << label);
    CHECK_FALSE(vertebra_refusal(image::extract(labels, label)).empty());
  }
}

TEST_CASE("surfaces of real lumbar vertebrae are found in any voxels, one of them in metres")
{
  const auto [file, mm_per_unit] = GENERATE(table<std::string, double>(
      {{"surfaces/lumbar_vertebra_mm.stl", 1.0}, {"surfaces/lumbar_L3_METRES.obj", 1000.0}}));
  if (!have(file))
  {
    return;
  }
  INFO(file);
  const geometry::TriangleSurface surface =
      geometry::read_surface(data / file, mm_per_unit).surface;
  const AnatomyOptions options = vertebra_in_a_tube();
  const BoneAnatomy fine =
      find_anatomy(BoneKind::vertebra, test_bodies::rasterised(surface, 1, 3), options);
  check_plausible(fine);
  CHECK(fine.whole);
  CHECK(fine.confidence > 0.8);
  const BoneAnatomy coarse =
      find_anatomy(BoneKind::vertebra, test_bodies::rasterised(surface, 3, 3), options);
  CHECK(angle_deg(fine.frame.medial, coarse.frame.medial) < 6);
  CHECK(angle_deg(fine.frame.proximal, coarse.frame.proximal) < 6);
  CHECK(norm(fine.frame.origin - coarse.frame.origin) < 2);
}
