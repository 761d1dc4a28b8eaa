#include "image/grade.hpp"

#include <catch2/catch.hpp>

#include <functional>

using namespace calcar::image;

namespace
{
InputFacts good()
{
  InputFacts f;
  f.calibration = "rods";
  f.phantom = "CHA";
  f.calibration_r_squared = 0.9999;
  f.calibration_residual_g_cm3 = 0.002;
  f.slice_mm = 1;
  f.pixel_mm = 0.7;
  f.kernel = "B30s";
  f.kvp = 120;
  f.calibration_kvp = 120;
  f.contrast = false;
  f.age_days = 5;
  f.cut_area_cm2 = 0;
  f.metal_share = 0;
  f.near_metal_share = 0;
  f.dropped_share = 0;
  f.mean_g_cm3 = 0.5;
  f.most_g_cm3 = 1.6;
  return f;
}
} // namespace

TEST_CASE("good and documented inputs are graded A without reasons")
{
  const InputGrade grade = grade_input(good());
  CHECK(grade.grade == 'A');
  CHECK(grade.reasons.empty());
}

TEST_CASE("each rule lowers the grade with its reason")
{
  const std::vector<std::pair<std::function<void(InputFacts&)>, std::string>> table = {
      {[](auto& f) { f.mask_plausible = false; }, "D: the mask is not a plausible bone"},
      {[](auto& f) { f.metal_share = 0.02; }, "D: undeclared metal inside the bone (2 %)"},
      {[](auto& f) { f.slice_mm = 6; }, "D: slices of 6 mm (over 5 mm)"},
      {[](auto& f) { f.mean_g_cm3 = 0.02; }, "D: a mean density of 0.02 g/cm3 is no bone"},
      {[](auto& f) { f.mean_g_cm3 = 1.7; }, "D: a mean density of 1.7 g/cm3 is no bone"},
      {[](auto& f) { f.most_g_cm3 = 2.5; }, "D: densities up to 2.5 g/cm3 are no bone"},
      {[](auto& f)
       {
         f.metal_share = 0.02;
         f.metal_expected = true;
       },
       "C: an implant in the scan (2 % of the bone)"},
      {[](auto& f) { f.near_metal_share = 0.1; }, "C: 10 % of the bone in the streaks of metal"},
      {[](auto& f) { f.calibration = "phantomless"; }, "C: calibrated without a phantom"},
      {[](auto& f) { f.calibration = "air_fat_muscle"; }, "C: calibrated without a phantom"},
      {[](auto& f)
       {
         f.calibration = "internal";
         f.calibration_r_squared = 0.97; // of tissues, not of rods
       },
       "C: calibrated without a phantom"},
      {[](auto& f) {
         f.patient_doubts = {"the patient's air reads -900 HU", "the patient's fat too"};
       },
       "C: the patient's air reads -900 HU; the patient's fat too"},
      {[](auto& f) { f.calibration_r_squared = 0.95; },
       "C: the phantom's rods scatter (R2 = 0.95)"},
      {[](auto& f) { f.calibration_residual_g_cm3 = 0.05; },
       "C: the phantom's rods miss the line by 0.05 g/cm3"},
      {[](auto& f) { f.slice_mm = 4; }, "C: slices of 4 mm (over 3 mm)"},
      {[](auto& f) { f.contrast = true; }, "C: contrast agent was given: bone reads denser"},
      {[](auto& f) { f.age_days = 120; }, "C: the scan is 120 days old (over 90)"},
      {[](auto& f) { f.kvp = 100; },
       "C: scanned at 100 kV, calibrated at 120 kV: bone differs by about 10 %"},
      {[](auto& f) { f.cut_area_cm2 = 3; }, "C: the bone goes on beyond the scan (cut of 3 cm2)"},
      {[](auto& f) { f.calibration = "density"; },
       "B: the calibration was done elsewhere and cannot be checked"},
      {[](auto& f) { f.calibration = "linear"; },
       "B: slope and intercept are given without the phantom's rods"},
      {[](auto& f) { f.calibration_r_squared = 0.99; },
       "B: the phantom's rods scatter a little (R2 = 0.99)"},
      {[](auto& f) { f.slice_mm.reset(); }, "B: slice thickness unknown"},
      {[](auto& f) { f.kernel.reset(); }, "B: reconstruction kernel unknown"},
      {[](auto& f) { f.kvp.reset(); }, "B: tube voltage (kVp) unknown"},
      {[](auto& f) { f.calibration_kvp.reset(); },
       "B: tube voltage (kVp) of the calibration scan unknown"},
      {[](auto& f) { f.contrast.reset(); }, "B: contrast agent unknown"},
      {[](auto& f) { f.age_days.reset(); }, "B: date of the scan unknown"},
      {[](auto& f) { f.age_days = 45; }, "B: the scan is 45 days old (over 30)"},
      {[](auto& f) { f.pixel_mm = 2; }, "B: pixels of 2 mm (over 1.5 mm)"},
      {[](auto& f) { f.dropped_share = 0.005; },
       "B: loose pieces were dropped from the mask (0.5 %)"},
      {[](auto& f) { f.axes_repaired = true; }, "B: skewed image axes were straightened"},
  };
  for (const auto& [change, reason] : table)
  {
    InputFacts facts = good();
    change(facts);
    const InputGrade grade = grade_input(facts);
    CAPTURE(reason);
    CHECK(grade.grade == reason[0]);
    REQUIRE(!grade.reasons.empty());
    CHECK(grade.reasons.front() == reason);
    CHECK(grade.reasons.size() == 1);
  }
}

TEST_CASE("a NIfTI density image without facts about the scan is graded B, the worst reason first")
{
  InputFacts facts;
  facts.calibration = "density";
  facts.phantom = "CHA";
  const InputGrade grade = grade_input(facts);
  CHECK(grade.grade == 'B');
  CHECK(grade.reasons.size() == 6);
  facts.slice_mm = 7;
  CHECK(grade_input(facts).grade == 'D');
  CHECK(grade_input(facts).reasons.front() == "D: slices of 7 mm (over 5 mm)");
}

TEST_CASE("the facts of a scan come from its file and grid")
{
  const Grid grid{{10, 10, 10}, {}, {0.7, 0.7, 1}, calcar::identity()};
  const InputFacts nifti = facts_of({}, grid);
  CHECK(nifti.slice_mm == 1.0);
  CHECK(nifti.pixel_mm == 0.7);
  CHECK(!nifti.contrast);
  Acquisition dicom;
  dicom.modality = "CT";
  dicom.slice_thickness_mm = 3;
  dicom.kvp = 120;
  CHECK(facts_of(dicom, grid).slice_mm == 3.0);
  CHECK(facts_of(dicom, grid).contrast == false);
  dicom.contrast_agent = "Ultravist";
  CHECK(facts_of(dicom, grid).contrast == true);
}

TEST_CASE("days between two dates")
{
  CHECK(days_between("2026-11-02", "2026-11-21") == 19.0);
  CHECK(days_between("2024-02-28", "2024-03-01") == 2.0);
  CHECK(!days_between("2026-13-02", "2026-11-21"));
  CHECK(!days_between("yesterday", "2026-11-21"));
}
