#include "image/grade.hpp"
#include "image/patient_check.hpp"
#include "unit/image/tissue_scan.hpp"

#include <catch2/catch.hpp>

using namespace calcar;
using namespace calcar::image;
using namespace calcar::image::test;
using Catch::Contains;

namespace
{
Calibration linear(double slope, double intercept)
{
  Calibration c;
  c.kind = Calibration::Kind::linear;
  c.slope = slope;
  c.intercept = intercept;
  c.place = "[calibration]";
  return c;
}

std::string doubts(const CalibrationResult& result)
{
  std::string all;
  for (const std::string& doubt : result.patient_doubts)
    all += doubt + "\n";
  return all;
}
} // namespace

TEST_CASE("an ordinary patient does not contradict an ordinary calibration")
{
  const TissueImages scan = make_tissue_scan();
  for (const double slope : {0.775e-3, 0.82e-3, 0.85e-3})
  {
    const CalibrationResult result = calibrate(linear(slope, -0.01), scan.ct, scan.bone, {}).result;
    CAPTURE(slope);
    CHECK(doubts(result) == "");
    CHECK(result.tissues.size() == 3); // reported with the result
    CHECK(density_deviation(result, 0.3) == 0);
  }
}

TEST_CASE("a calibration of another scanner shows in the patient's air, fat or muscle")
{
  const TissueImages scan = make_tissue_scan();
  const CalibrationResult steep = calibrate(linear(1.05e-3, 0), scan.ct, scan.bone, {}).result;
  CHECK_THAT(doubts(steep), Contains("the patient's air has -10") &&
                                Contains("mg/cm3 instead of -840 to -797 within 110"));
  const CalibrationResult lifted = calibrate(linear(0.8e-3, 0.08), scan.ct, scan.bone, {}).result;
  CHECK_THAT(doubts(lifted), Contains("the patient's muscle has 124 mg/cm3 instead of 30 to 38") ||
                                 Contains("the patient's muscle has 12"));
  InputFacts facts;
  add_calibration(lifted, facts);
  CHECK(grade_input(facts).grade == 'C');
  CHECK_THAT(grade_input(facts).reasons.front(), Contains("C: by this calibration the patient's"));
  // K2HPO4 is compared with twice the tolerance
  Calibration k2hpo4 = linear(0.8e-3, 0.03);
  CHECK(!doubts(calibrate(k2hpo4, scan.ct, scan.bone, {}).result).empty());
  k2hpo4.phantom = PhantomKind::k2hpo4;
  CHECK(doubts(calibrate(k2hpo4, scan.ct, scan.bone, {}).result).empty());
}

TEST_CASE("an image whose scale is off shows in HU, whatever the calibration")
{
  TissueScan settings;
  settings.air = -940;
  settings.muscle = 95;
  const TissueImages scan = make_tissue_scan(settings);
  Calibration c;
  c.kind = Calibration::Kind::air_fat_muscle;
  c.reference = "840_80_30";
  const std::string words = doubts(calibrate(c, scan.ct, scan.bone, {}).result);
  CHECK_THAT(words,
             Contains("the patient's air reads -9") && Contains("HU instead of -1000 within 40"));
  CHECK_THAT(words,
             Contains("the patient's muscle reads 9") && Contains("HU instead of 55 within 25"));
}

TEST_CASE("tissues that cannot be found are told, not guessed")
{
  TissueScan settings;
  settings.air_there = false;
  const TissueImages scan = make_tissue_scan(settings);
  const CalibrationResult result = calibrate(linear(0.8e-3, 0), scan.ct, scan.bone, {}).result;
  const auto told = std::ranges::find(result.warnings, "patient_check_incomplete", &Warning::code);
  REQUIRE(told != result.warnings.end());
  CHECK_THAT(told->text, Contains("air: only 0 voxels"));
  CHECK(doubts(result) == "");
}

TEST_CASE("another tube voltage and a contrast agent widen the interval by their rules")
{
  const TissueImages scan = make_tissue_scan();
  Calibration c = linear(0.8e-3, 0);
  c.kvp = 120;
  Acquisition acquisition;
  acquisition.kvp = 120;
  CHECK(density_deviation(calibrate(c, scan.ct, scan.bone, acquisition).result, 0.5) == 0);
  acquisition.kvp = 100;
  const CalibrationResult other = calibrate(c, scan.ct, scan.bone, acquisition).result;
  CHECK(density_deviation(other, 0.5) == Approx(0.05));
  acquisition.contrast_agent = "Ultravist";
  const CalibrationResult both = calibrate(c, scan.ct, scan.bone, acquisition).result;
  CHECK(density_deviation(both, 0.5) == Approx(std::hypot(0.05, 18 * 0.8e-3)));
  REQUIRE(both.widenings.size() == 2);
  CHECK_THAT(both.widenings[0].words, Contains("scanned at 100 kV, calibrated at 120 kV"));
  CHECK_THAT(both.widenings[1].words, Contains("bone reads 13 to 18 HU more"));
  CHECK(std::ranges::count(both.warnings, "contrast_agent", &Warning::code) == 1);
}

TEST_CASE("a density image has no HU to check and is still widened")
{
  TissueImages scan = make_tissue_scan();
  for (float& v : scan.ct.values)
    v = 0.8f * v;
  Calibration c;
  c.unit = "mg/cm3";
  Acquisition acquisition;
  acquisition.contrast_agent = "Ultravist";
  const CalibrationResult result = calibrate(c, scan.ct, scan.bone, acquisition).result;
  CHECK(result.patient_doubts.empty());
  CHECK(density_deviation(result, 0.3) == Approx(0.018));
}
