#include "anatomy/region.hpp"
#include "geometry/rotation.hpp"
#include "image/read.hpp"
#include "support.hpp"

#include <catch2/catch.hpp>

#include <filesystem>

using namespace calcar;
using namespace calcar::anatomy;
using namespace calcar::anatomy::test;
using Catch::Contains;

namespace
{

const std::filesystem::path data = CALCAR_REAL_DATA;

/// The voxels of one label; empty when the file is not there.
image::Mask real_mask(const std::string& file, int label)
{
  image::Mask mask;
  if (!std::filesystem::exists(data / file))
  {
    WARN("skipped: " << (data / file) << " is not here");
    return mask;
  }
  const image::LabelMap labels = image::read_labels(data / file).image;
  mask.grid = labels.grid;
  for (const int value : labels.values)
  {
    mask.values.push_back(value == label ? 1 : 0);
  }
  return mask;
}

} // namespace

TEST_CASE("the real proximal femur is a right one with plausible measures and a short shaft")
{
  const image::Mask mask = real_mask("femur_proximal_qct/labels.nii.gz", 2);
  if (mask.values.empty())
  {
    return;
  }
  AnatomyOptions options;
  options.side = Side::right;
  const BoneAnatomy bone = find_anatomy(BoneKind::femur, mask, options);
  CHECK(bone.side == Side::right);
  CHECK_FALSE(bone.whole);
  const double radius = bone.measures.at("head_radius_mm").value;
  CHECK((radius > 20 && radius < 28));
  const double angle = bone.measures.at("neck_shaft_angle_deg").value;
  CHECK((angle > 112 && angle < 140));
  CHECK(bone.measures.at("neck_shaft_angle_deg").deviation > 3);
  const double below = bone.measures.at("shaft_below_lesser_trochanter_mm").value;
  CHECK((below > 8 && below < 28));
  // A supine patient: superior is proximal within the usual adduction, medial of a right femur is
  // to the left.
  CHECK(geometry::angle_deg(bone.frame.proximal, {0, 0, 1}) < 20);
  CHECK(geometry::angle_deg(bone.frame.medial, {1, 0, 0}) < 45);
  CHECK(bone.landmarks.at("lesser_trochanter").y > bone.landmarks.at("femoral_neck_centre").y);
  CHECK(region_of(bone, bone.landmarks.at("medial_neck_cortex")) == "neck");
  CHECK(bone.landmarks.count("intercondylar_notch") == 0);
  REQUIRE(bone.warnings.size() == 2);
  CHECK(bone.warnings[0].code == "short_shaft");
}

TEST_CASE("the real femur is refused as a left one, as its source calls it")
{
  const image::Mask mask = real_mask("femur_proximal_qct/labels.nii.gz", 2);
  if (mask.values.empty())
  {
    return;
  }
  AnatomyOptions options;
  options.side = Side::left;
  const std::string text = refusal(mask, options);
  CHECK_THAT(text, Contains("the mask shows a right femur"));
  options.orientation = Orientation::specimen;
  CHECK_THAT(refusal(mask, options),
             Contains("the mask shows a right femur: the lesser trochanter say"));
}

TEST_CASE("stumps without a lesser trochanter are refused, not guessed")
{
  const int label = GENERATE(75, 76);
  const image::Mask mask = real_mask("abdomen_ct/labels.nii.gz", label);
  if (mask.values.empty())
  {
    return;
  }
  CHECK_THAT(refusal(mask), Contains("; allowed: a whole femur, or a proximal one"));
}
