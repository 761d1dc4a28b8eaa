#include "image/box.hpp"
#include "image/calibration.hpp"
#include "image/checks.hpp"
#include "image/grid.hpp"
#include "image/intensity.hpp"
#include "image/mask.hpp"
#include "image/read.hpp"
#include "image/resample.hpp"
#include "unit/image/support.hpp"

#include <catch2/catch.hpp>

#include <cmath>
#include <filesystem>

using namespace calcar;
using namespace calcar::image;
using namespace calcar::image::test;
using Catch::Contains;

namespace
{
/// The folder of real bones, or nothing, with a message.
bool real_data(std::filesystem::path& folder)
{
  folder = CALCAR_REAL_DATA;
  const bool there = std::filesystem::is_directory(folder);
  if (!there)
    WARN("skipped: no real data in " << folder);
  return there;
}
} // namespace

TEST_CASE("the real proximal femur is read, calibrated and found plausible")
{
  std::filesystem::path folder;
  if (!real_data(folder))
    return;
  const Volume density = read_volume(folder / "femur_proximal_qct/density.nii.gz").image;
  const LabelMap labels = read_labels(folder / "femur_proximal_qct/labels.nii.gz").image;
  require_same_grid(density, labels);
  const Mask mask = extract(labels, 2);
  CHECK(count(mask) == 242082);
  CHECK(volume_cm3(mask) == Approx(146).epsilon(0.01));
  CHECK(count(keep_largest(mask).mask) > 239000);
  CHECK_THAT(refusal_of([&] { require_hounsfield(density); }),
             Contains("looks like density: values from -31"));
  CHECK_THAT(refusal_of([&] { require_density(density, "g/cm3"); }),
             Contains("write unit = \"mg/cm3\""));
  const Table table =
      Table::parse("name = \"density\"\nphantom = \"K2HPO4\"\nunit = \"mg/cm3\"\n", "case.toml");
  const Volume rho = apply(read_calibration(table), density).density;
  require_bone_inside(rho, mask, Quantity::density);
  CHECK(!find_metal(rho, mask, Quantity::density).found());
  CHECK(border_contacts(mask).empty()); // the crop was padded by six voxels
  const std::vector<FaceContact> cuts = flat_ends(mask);
  REQUIRE(cuts.size() == 1);
  CHECK(cuts.front().side == "inferior");
  CHECK(cuts.front().area_cm2 > 3);
  const Mask coarse = resample_mask(mask, isotropic_grid(mask, 3));
  CHECK(volume_cm3(coarse) == Approx(146).epsilon(0.02));
}

TEST_CASE("the nail in the real left hip is seen as metal, the right hip is not")
{
  std::filesystem::path folder;
  if (!real_data(folder))
    return;
  const Volume ct = read_volume(folder / "abdomen_ct/ct.nii.gz").image;
  const LabelMap labels = read_labels(folder / "abdomen_ct/labels.nii.gz").image;
  require_same_grid(ct, labels);
  require_hounsfield(ct);
  CHECK_THAT(refusal_of([&] { require_density(ct, "mg/cm3"); }), Contains("looks like HU"));
  const Metal left = find_metal(ct, extract(labels, 75), Quantity::hounsfield);
  CHECK(left.found());
  CHECK(left.share_in_region > 0.01);
  const Metal right = find_metal(ct, extract(labels, 76), Quantity::hounsfield);
  CHECK(right.share_in_region == 0);
  require_bone_inside(ct, extract(labels, 76), Quantity::hounsfield);
}

TEST_CASE("the real scan without phantom is calibrated by its tissues within the usual slopes")
{
  std::filesystem::path folder;
  if (!real_data(folder))
    return;
  const Volume ct = read_volume(folder / "abdomen_ct/ct.nii.gz").image;
  const LabelMap labels = read_labels(folder / "abdomen_ct/labels.nii.gz").image;
  Calibration calibration;
  calibration.kind = Calibration::Kind::air_fat_muscle;
  std::vector<double> slopes;
  for (const int bone : {29, 76, 78}) // L3, right femur, right hip bone
    for (const char* reference : {"840_80_30", "797_95_38"})
    {
      calibration.reference = reference;
      const CalibrationResult result = calibrate(calibration, ct, extract(labels, bone), {}).result;
      CAPTURE(bone, reference, result.slope, result.intercept);
      CHECK(result.slope > 0.7e-3);
      CHECK(result.slope < 0.9e-3);
      CHECK(std::abs(result.intercept) < 0.03);
      CHECK(result.tissues.at("air").hounsfield == Approx(-998).margin(4));
      CHECK(result.tissues.at("fat").hounsfield == Approx(-102).margin(8));
      // the back muscles of this patient are fatty (their median is 20 HU, that of iliopsoas 48)
      CHECK(result.tissues.at("muscle").hounsfield == Approx(25).margin(10));
      CHECK(result.patient_doubts.size() == 1);
      slopes.push_back(result.slope);
    }
  for (std::size_t n = 2; n < slopes.size(); ++n) // whichever bone it is taken for
    CHECK(slopes[n] == Approx(slopes[n % 2]).epsilon(0.02));
}
