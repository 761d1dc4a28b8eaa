#include "image/grade.hpp"

#include "base/text.hpp"
#include "image/calibration.hpp"

#include <algorithm>
#include <array>
#include <cmath>

namespace calcar::image
{
namespace
{
// Thresholds. Slices, contrast and kVp: inter-laboratory and protocol studies in the project's
// notes (Ataei 2022, PLoS ONE 17:e0265524: kVp alone moves bone by about 10 %); 90 days and the
// shares are Calcar's own choice.
constexpr double fine_slice_mm = 3, coarse_slice_mm = 5;
constexpr double coarse_pixel_mm = 1.5;
constexpr double fresh_days = 90, recent_days = 30;
constexpr double kvp_tolerance = 1;
constexpr double good_r_squared = 0.995, poor_r_squared = 0.98;
constexpr double large_residual_g_cm3 = 0.03;
constexpr double metal_in_bone = 1e-4, near_metal = 0.01;
constexpr double dropped = 0.001;
constexpr double cut_cm2 = 0.1;
constexpr double least_mean_g_cm3 = 0.08, most_mean_g_cm3 = 1.4, most_g_cm3 = 2.2;

std::string number(const std::optional<double>& value, int digits = 3)
{
  return format_number(value.value_or(0), digits);
}

std::string percent(const std::optional<double>& value)
{
  return format_number(100 * value.value_or(0), 2) + " %";
}

bool over(const std::optional<double>& value, double limit)
{
  return value && *value > limit;
}
bool under(const std::optional<double>& value, double limit)
{
  return value && *value < limit;
}

bool other_kvp(const InputFacts& f)
{
  return f.kvp && f.calibration_kvp && std::abs(*f.kvp - *f.calibration_kvp) > kvp_tolerance;
}

bool without_phantom(const InputFacts& f)
{
  return f.calibration == "phantomless" || f.calibration == "air_fat_muscle" ||
         f.calibration == "internal";
}

bool from_phantom(const InputFacts& f)
{
  return !without_phantom(f) && f.calibration != "density";
}

/// One reason to trust the input less.
struct Rule
{
  char grade;
  bool (*applies)(const InputFacts&);
  std::string (*reason)(const InputFacts&);
};

using Facts = const InputFacts&;

const std::array rules = {
    Rule{'D', [](Facts f) { return !f.mask_plausible; },
         [](Facts) -> std::string { return "the mask is not a plausible bone"; }},
    Rule{'D', [](Facts f) { return over(f.metal_share, metal_in_bone) && !f.metal_expected; },
         [](Facts f)
         { return "undeclared metal inside the bone (" + percent(f.metal_share) + ")"; }},
    Rule{'D', [](Facts f) { return over(f.slice_mm, coarse_slice_mm); },
         [](Facts f) { return "slices of " + number(f.slice_mm) + " mm (over 5 mm)"; }},
    Rule{'D',
         [](Facts f)
         { return under(f.mean_g_cm3, least_mean_g_cm3) || over(f.mean_g_cm3, most_mean_g_cm3); },
         [](Facts f) { return "a mean density of " + number(f.mean_g_cm3) + " g/cm3 is no bone"; }},
    Rule{'D',
         [](Facts f)
         { return over(f.most_g_cm3, most_g_cm3) && !over(f.metal_share, metal_in_bone); },
         [](Facts f) { return "densities up to " + number(f.most_g_cm3) + " g/cm3 are no bone"; }},

    Rule{'C', [](Facts f) { return over(f.metal_share, metal_in_bone) && f.metal_expected; },
         [](Facts f)
         { return "an implant in the scan (" + percent(f.metal_share) + " of the bone)"; }},
    Rule{'C', [](Facts f) { return over(f.near_metal_share, near_metal); },
         [](Facts f)
         { return percent(f.near_metal_share) + " of the bone in the streaks of metal"; }},
    Rule{'C', [](Facts f) { return without_phantom(f); },
         [](Facts) -> std::string { return "calibrated without a phantom"; }},
    Rule{'C', [](Facts f) { return !f.patient_doubts.empty(); },
         [](Facts f) { return join(f.patient_doubts, "; "); }},
    Rule{'C',
         [](Facts f) { return from_phantom(f) && under(f.calibration_r_squared, poor_r_squared); },
         [](Facts f)
         { return "the phantom's rods scatter (R2 = " + number(f.calibration_r_squared) + ")"; }},
    Rule{'C',
         [](Facts f)
         { return from_phantom(f) && over(f.calibration_residual_g_cm3, large_residual_g_cm3); },
         [](Facts f)
         {
           return "the phantom's rods miss the line by " + number(f.calibration_residual_g_cm3) +
                  " g/cm3";
         }},
    Rule{'C',
         [](Facts f)
         { return over(f.slice_mm, fine_slice_mm) && !over(f.slice_mm, coarse_slice_mm); },
         [](Facts f) { return "slices of " + number(f.slice_mm) + " mm (over 3 mm)"; }},
    Rule{'C', [](Facts f) { return f.contrast == true; },
         [](Facts) -> std::string { return "contrast agent was given: bone reads denser"; }},
    Rule{'C', [](Facts f) { return over(f.age_days, fresh_days); },
         [](Facts f) { return "the scan is " + number(f.age_days) + " days old (over 90)"; }},
    Rule{'C', other_kvp,
         [](Facts f)
         {
           return "scanned at " + number(f.kvp) + " kV, calibrated at " +
                  number(f.calibration_kvp) + " kV: bone differs by about 10 %";
         }},
    Rule{'C', [](Facts f) { return over(f.cut_area_cm2, cut_cm2); },
         [](Facts f) {
           return "the bone goes on beyond the scan (cut of " + number(f.cut_area_cm2) + " cm2)";
         }},

    Rule{'B', [](Facts f) { return f.calibration == "density"; },
         [](Facts) -> std::string
         { return "the calibration was done elsewhere and cannot be checked"; }},
    Rule{'B', [](Facts f) { return f.calibration == "linear"; },
         [](Facts) -> std::string
         { return "slope and intercept are given without the phantom's rods"; }},
    Rule{
        'B',
        [](Facts f)
        {
          return from_phantom(f) && under(f.calibration_r_squared, good_r_squared) &&
                 !under(f.calibration_r_squared, poor_r_squared);
        },
        [](Facts f) {
          return "the phantom's rods scatter a little (R2 = " + number(f.calibration_r_squared, 4) +
                 ")";
        }},
    Rule{'B', [](Facts f) { return !f.slice_mm; },
         [](Facts) -> std::string { return "slice thickness unknown"; }},
    Rule{'B', [](Facts f) { return !f.kernel; },
         [](Facts) -> std::string { return "reconstruction kernel unknown"; }},
    Rule{'B', [](Facts f) { return !f.kvp; },
         [](Facts) -> std::string { return "tube voltage (kVp) unknown"; }},
    Rule{'B', [](Facts f) { return f.kvp && !f.calibration_kvp && from_phantom(f); },
         [](Facts) -> std::string { return "tube voltage (kVp) of the calibration scan unknown"; }},
    Rule{'B', [](Facts f) { return !f.contrast; },
         [](Facts) -> std::string { return "contrast agent unknown"; }},
    Rule{'B', [](Facts f) { return !f.age_days; },
         [](Facts) -> std::string { return "date of the scan unknown"; }},
    Rule{'B',
         [](Facts f) { return over(f.age_days, recent_days) && !over(f.age_days, fresh_days); },
         [](Facts f) { return "the scan is " + number(f.age_days) + " days old (over 30)"; }},
    Rule{'B', [](Facts f) { return over(f.pixel_mm, coarse_pixel_mm); },
         [](Facts f) { return "pixels of " + number(f.pixel_mm) + " mm (over 1.5 mm)"; }},
    Rule{'B', [](Facts f) { return over(f.dropped_share, dropped); },
         [](Facts f)
         { return "loose pieces were dropped from the mask (" + percent(f.dropped_share) + ")"; }},
    Rule{'B', [](Facts f) { return f.axes_repaired; },
         [](Facts) -> std::string { return "skewed image axes were straightened"; }},
};
} // namespace

InputFacts facts_of(const Acquisition& acquisition, const Grid& grid)
{
  InputFacts facts;
  std::array<double, 3> spacing = {grid.spacing.x, grid.spacing.y, grid.spacing.z};
  std::ranges::sort(spacing);
  facts.slice_mm = std::max(spacing[2], acquisition.slice_thickness_mm.value_or(0));
  facts.pixel_mm = spacing[1];
  facts.kernel = acquisition.kernel;
  facts.kvp = acquisition.kvp;
  if (acquisition.modality)
    facts.contrast = acquisition.contrast_agent.has_value();
  return facts;
}

void add_calibration(const CalibrationResult& calibration, InputFacts& facts)
{
  facts.calibration = calibration.name;
  facts.phantom = to_string(calibration.phantom);
  facts.calibration_r_squared = calibration.r_squared;
  facts.calibration_residual_g_cm3 = calibration.residual_g_cm3;
  facts.patient_doubts = calibration.patient_doubts;
}

InputGrade grade_input(const InputFacts& facts)
{
  InputGrade result;
  for (const Rule& rule : rules) // the table stands in falling severity
  {
    if (!rule.applies(facts))
      continue;
    result.grade = std::max(result.grade, rule.grade);
    result.reasons.push_back(std::string(1, rule.grade) + ": " + rule.reason(facts));
  }
  return result;
}

} // namespace calcar::image
