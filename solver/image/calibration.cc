#include "image/calibration.hpp"

#include "base/error.hpp"
#include "base/files.hpp"
#include "base/text.hpp"
#include "image/grid.hpp"
#include "image/intensity.hpp"
#include "image/internal_calibration.hpp"
#include "image/line_fit.hpp"
#include "image/mask.hpp"
#include "image/patient_check.hpp"
#include "image/phantomless.hpp"
#include "image/read.hpp"

#include <algorithm>
#include <cmath>
#include <map>

namespace calcar::image
{
namespace
{
// Calcar's own limits; slopes at 120 kVp are 0.7e-3 to 0.9e-3 g/cm3 per HU.
constexpr double usual_slope[2] = {0.5e-3, 1.3e-3};
constexpr double possible_slope[2] = {0.2e-3, 5e-3};
constexpr double good_r_squared = 0.995;
constexpr double poor_r_squared = 0.9;
constexpr double extrapolation = 1.5; ///< densities beyond this times the densest rod

/// The rods as columns of numbers, HU given or measured.
struct RodValues
{
  std::vector<double> hounsfield;
  std::vector<double> density; ///< mg/cm3
  std::vector<double> water;   ///< mg/cm3
};

double measured(const Rod& rod, const Volume& ct,
                std::map<std::filesystem::path, LabelMap>& already_read)
{
  if (!already_read.contains(rod.region_file))
  {
    already_read[rod.region_file] = read_labels(rod.region_file).image;
    require_same_grid(ct, already_read[rod.region_file]);
  }
  return values_inside(ct, extract(already_read[rod.region_file], rod.region_label)).mean;
}

RodValues rod_values(const std::vector<Rod>& rods, const Volume& ct)
{
  RodValues values;
  std::map<std::filesystem::path, LabelMap> already_read;
  for (const Rod& rod : rods)
  {
    values.hounsfield.push_back(rod.hounsfield ? *rod.hounsfield : measured(rod, ct, already_read));
    values.density.push_back(rod.density_mg_cm3);
    values.water.push_back(rod.water_mg_cm3);
  }
  return values;
}

bool distinct(const std::vector<double>& values)
{
  const auto ends = std::ranges::minmax(values);
  return ends.max - ends.min > 1;
}

[[noreturn]] void refuse(const Calibration& c, const std::string& given, const std::string& allowed,
                         const std::string& remedy)
{
  const std::string place = c.rods.empty() ? c.place : c.rods.front().place;
  throw InputError(Fault::data, {place, given, allowed, remedy, ""});
}

void take_rods(const Calibration& c, const RodValues& rods, CalibrationResult& result)
{
  const LineFit fit = fit_line(rods.hounsfield, rods.density);
  result.slope = fit.slope / 1000;
  result.intercept = fit.intercept / 1000;
  result.residual_g_cm3 = fit.residual / 1000;
  result.r_squared = fit.r_squared;
  if (fit.slope > 0 && fit.r_squared < poor_r_squared)
    refuse(c, "the rods do not lie on a line (R2 = " + format_number(fit.r_squared, 3) + ")",
           "R2 above 0.9", "check that each density stands with the HU of its own rod");
}

/// sigma_CT = sigma_ref + c1, beta_CT = beta_ref + c2, rho = (HU - beta_CT) / sigma_CT in mg/cm3.
void take_mindways(const RodValues& rods, CalibrationResult& result)
{
  const Table constants =
      Table::read(data_file("materials/calibrations", "mindways", "calibration", ""));
  std::vector<double> above_water = rods.hounsfield;
  for (std::size_t i = 0; i < above_water.size(); ++i)
    above_water[i] -= rods.water[i];
  const LineFit fit = fit_line(rods.density, above_water);
  const double sigma = fit.slope + constants.number("sigma_correction");
  const double beta = fit.intercept + constants.number("beta_correction");
  constants.known({"name", "words", "phantom", "source", "status", "note"});
  constants.check();
  result.slope = 1e-3 / sigma;
  result.intercept = -1e-3 * beta / sigma;
  result.residual_g_cm3 = 1e-3 * fit.residual / std::abs(sigma);
  result.r_squared = fit.r_squared;
}

void take_tissues(const Calibration& c, const Volume& ct, const Mask* bone,
                  CalibrationResult& result)
{
  if (c.kind == Calibration::Kind::internal)
    calibrate_internally(c, ct, bone, result);
  else
    calibrate_by_air_fat_muscle(tissue_reference(c.reference, c.place), find_tissue_peaks(ct, bone),
                                c.place, result);
  const double deviation = result.uncertainty.back().deviation_g_cm3;
  std::string others;
  for (const auto& [name, difference] : result.uncertainty.back().other_reference)
    others += ", reference " + name + " would give " + (difference > 0 ? "+" : "") +
              format_number(1000 * difference, 2);
  result.warnings.push_back({"phantomless",
                             "the scan was calibrated without a phantom (" +
                                 (c.kind == Calibration::Kind::internal
                                      ? "internal tissues, effective energy " +
                                            format_number(*result.effective_energy_kev, 3) + " keV"
                                      : "air, fat and muscle, reference " + result.reference) +
                                 "): density is less certain than with one; at 1000 mg/cm3 " +
                                 to_string(result.phantom) +
                                 " the deviation from this scan's tissues is " +
                                 format_number(1000 * deviation, 2) + others,
                             c.place});
}

void check_result(const Calibration& c, CalibrationResult& result)
{
  const double slope = slope_in_bone(result);
  if (!(slope > 0))
    refuse(c, "the calibration falls with HU (slope " + format_number(slope) + " g/cm3 per HU)",
           "a positive slope", "check that each density stands with the HU of its own rod");
  if (slope < possible_slope[0] || slope > possible_slope[1])
    refuse(c, "the slope is " + format_number(slope) + " g/cm3 per HU",
           "0.0002 to 0.005; typically 0.0007 to 0.0009",
           "check the unit of the densities (mg/cm3)");
  if (slope < usual_slope[0] || slope > usual_slope[1])
    result.warnings.push_back({"unusual_slope",
                               "the calibration's slope of " + format_number(slope) +
                                   " g/cm3 per HU is unusual (0.0007 to 0.0009 at 120 kV)",
                               c.place});
  if (!c.rods.empty() && *result.r_squared < good_r_squared)
    result.warnings.push_back(
        {"calibration_scatter",
         "the phantom's rods scatter about the line (R2 = " + format_number(*result.r_squared, 3) +
             ", residual " + format_number(*result.residual_g_cm3, 2) + " g/cm3)",
         "[calibration]"});
}

void warn_of_extrapolation(const Volume& density, CalibrationResult& result)
{
  const double high = spread_of(density).high;
  if (result.densest_rod_g_cm3 > 0 && high > extrapolation * result.densest_rod_g_cm3)
    result.warnings.push_back({"calibration_extrapolated",
                               "bone reaches " + format_number(high, 3) +
                                   " g/cm3, the densest rod of the phantom only " +
                                   format_number(result.densest_rod_g_cm3, 3) + " g/cm3",
                               "[calibration]"});
}
} // namespace

double DensityCurve::value_of(double density) const
{
  if (curvature == 0)
    return (density - intercept) / slope;
  // the rising branch of the parabola
  const double root = std::sqrt(slope * slope - 4 * curvature * (intercept - density));
  return (root - slope) / (2 * curvature);
}

double slope_in_bone(const CalibrationResult& result)
{
  const double value = result.curve().value_of(0.3); // as in trabecular bone
  return result.curve().slope_at(std::isfinite(value) ? value : 0);
}

double density_deviation(const CalibrationResult& result, double density)
{
  double squares = 0;
  const std::vector<DensityDeviation>& at = result.uncertainty;
  for (std::size_t i = 1; i < at.size(); ++i)
    if (density <= at[i].density_g_cm3 || i + 1 == at.size())
    {
      const double part =
          (density - at[i - 1].density_g_cm3) / (at[i].density_g_cm3 - at[i - 1].density_g_cm3);
      const double own = std::lerp(at[i - 1].deviation_g_cm3, at[i].deviation_g_cm3, part);
      squares += std::pow(std::max(own, 0.0), 2);
      break;
    }
  double other = 0;
  for (const OtherCalibration& alternative : result.alternatives)
    other =
        std::max(other, std::abs(alternative.curve.at(result.curve().value_of(density)) - density));
  squares += other * other;
  for (const Widening& w : result.widenings)
    squares += std::pow(w.relative * density, 2) + std::pow(w.absolute_g_cm3, 2);
  return std::sqrt(squares);
}

CalibrationResult resolve(const Calibration& c, const Volume& ct, const Mask* bone)
{
  CalibrationResult result;
  result.name = to_string(c.kind);
  result.phantom = c.phantom;
  if (c.kind == Calibration::Kind::density)
  {
    result.slope = c.unit == "mg/cm3" ? 1e-3 : 1;
    return result;
  }
  if (c.kind == Calibration::Kind::linear)
  {
    result.slope = c.slope;
    result.intercept = c.intercept;
    check_result(c, result);
    return result;
  }
  if (is_phantomless(c.kind))
  {
    take_tissues(c, ct, bone, result);
    check_result(c, result);
    return result;
  }
  const RodValues rods = rod_values(c.rods, ct);
  if (rods.density.size() < 2 || !distinct(rods.density) || !distinct(rods.hounsfield))
    refuse(c, "the rods do not differ in density and HU", "at least 2 distinct rods",
           "give rods of different density");
  result.densest_rod_g_cm3 = std::ranges::max(rods.density) / 1000;
  if (c.kind == Calibration::Kind::mindways)
    take_mindways(rods, result);
  else
    take_rods(c, rods, result);
  check_result(c, result);
  return result;
}

CalibratedVolume apply(const Calibration& c, Volume image, const Mask* bone)
{
  if (c.kind == Calibration::Kind::density)
    require_density(image, c.unit);
  else
    require_hounsfield(image);
  CalibratedVolume calibrated{{}, resolve(c, image, bone)};
  const DensityCurve curve = calibrated.result.curve();
  for (float& v : image.values)
    v = static_cast<float>(curve.at(static_cast<double>(v)));
  calibrated.density = std::move(image);
  if (c.kind != Calibration::Kind::density)
    warn_of_extrapolation(calibrated.density, calibrated.result);
  return calibrated;
}

CalibratedVolume calibrate(const Calibration& c, const Volume& image, const Mask& bone,
                           const Acquisition& acquisition)
{
  CalibratedVolume calibrated = apply(c, image, &bone);
  if (c.kind != Calibration::Kind::density)
  {
    TissuePeaks peaks;
    if (c.kind == Calibration::Kind::air_fat_muscle)
      peaks.found = calibrated.result.tissues;
    else
      peaks = find_tissue_peaks(image, &bone);
    check_patient(peaks, image.source.path, calibrated.result);
  }
  widen_for_acquisition(acquisition, c.kvp, calibrated.result);
  return calibrated;
}

} // namespace calcar::image
