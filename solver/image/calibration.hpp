#pragma once

#include "base/table.hpp"
#include "base/warning.hpp"
#include "image/acquisition.hpp"
#include "image/tissue_peaks.hpp"
#include "image/volume.hpp"

#include <filesystem>
#include <map>
#include <optional>
#include <string>
#include <vector>

namespace calcar::image
{

/// What the phantom's rods are made of. A density means nothing without it: mixing phantoms shifts
/// E by up to 1.7.
enum class PhantomKind
{
  k2hpo4, ///< dipotassium phosphate in water (Mindways, Cann-Genant)
  cha     ///< calcium hydroxyapatite (European Spine Phantom, QRM, CIRS, Siemens)
};

std::string to_string(PhantomKind kind); ///< "K2HPO4", "CHA"

/// One rod of a phantom. Its mean HU is given, or measured where a label image shows the rod.
struct Rod
{
  double density_mg_cm3 = 0;
  double water_mg_cm3 = 0; ///< "mindways" only, from the phantom's certificate
  std::optional<double> hounsfield;
  std::filesystem::path region_file;
  int region_label = 0;
  std::string place; ///< in the case file
};

/// Where a tissue of the patient was sampled: a label of an image on the grid of the scan.
struct TissueRegion
{
  std::filesystem::path file;
  int label = 0;
  std::string place; ///< in the case file
};

/// The table [calibration] of a case: how image values become density.
struct Calibration
{
  enum class Kind
  {
    density,        ///< the image already holds density
    linear,         ///< slope and intercept are given
    rods,           ///< fitted to the rods of a phantom
    mindways,       ///< fitted to Mindways rods in water
    air_fat_muscle, ///< without phantom: the patient's air, fat and muscle
    internal,       ///< without phantom: effective energy from internal tissues
  };
  Kind kind = Kind::density;
  PhantomKind phantom = PhantomKind::cha;
  std::string unit;     ///< density: "mg/cm3" or "g/cm3"
  double slope = 0;     ///< linear: g/cm3 per HU
  double intercept = 0; ///< linear: g/cm3
  std::vector<Rod> rods;
  std::optional<double> kvp;                   ///< tube voltage of the calibration scan, kV
  std::string reference;                       ///< air_fat_muscle: name of the reference densities
  std::map<std::string, TissueRegion> tissues; ///< internal: by name, "adipose", "air", ...
  std::string place = "[calibration]";         ///< in the case file
};

std::string to_string(Calibration::Kind kind); ///< "density", "linear", ...

/// True for the calibrations that use no phantom.
bool is_phantomless(Calibration::Kind kind);

/**
 * Reads [calibration]:
 *
 *     name = "density"    unit = "mg/cm3" | "g/cm3"
 *     name = "linear"     slope_g_cm3_per_HU, intercept_g_cm3
 *     name = "rods"       rods = [{ density_mg_cm3 = 50, HU = 62 },
 *                                 { density_mg_cm3 = 100, region = { file, label } }, ...]
 *     name = "mindways"   rods = [{ water_mg_cm3, k2hpo4_mg_cm3, HU or region }, ...]
 *
 * with phantom = "K2HPO4" | "CHA" ("HA" is CHA) and optionally kvp, and without a phantom
 *
 *     name = "air_fat_muscle"   reference = "840_80_30" (default) | another of references/
 *     name = "internal"         tissues = { cortical_bone = { file, label }, ... }
 *
 * whose densities are of the phantom their data file names; `phantom` may be left out there and
 * must not contradict it. Problems are recorded in the table: call its check() before using the
 * result.
 */
Calibration read_calibration(const Table& table);

/// Density as a function of image value v: intercept + slope v + curvature v^2, in g/cm3.
struct DensityCurve
{
  double intercept = 0; ///< g/cm3
  double slope = 1;     ///< g/cm3 per unit of the image
  double curvature = 0; ///< g/cm3 per unit squared; "internal" alone has one

  double at(double value) const { return intercept + (slope + curvature * value) * value; }
  double slope_at(double value) const { return slope + 2 * curvature * value; }
  /// The value with a density on the rising branch; NaN when there is none.
  double value_of(double density) const;
};

/// How well a density is known, and what another calibration would have made of the same voxel.
struct DensityDeviation
{
  double density_g_cm3 = 0;
  double deviation_g_cm3 = 0;                    ///< one standard deviation, widenings not included
  std::map<std::string, double> other_reference; ///< difference to this density, g/cm3
};

/// The same scan with other reference densities.
struct OtherCalibration
{
  std::string name;
  std::string words;
  DensityCurve curve;
};

/// Something known about the scan that widens every interval by a rule of patient_check.toml.
struct Widening
{
  std::string words;
  double relative = 0;       ///< of the density
  double absolute_g_cm3 = 0; ///< added in quadrature like the other
};

/// What a calibration came to. `residual_g_cm3` and `r_squared` are there when rods or tissues were
/// fitted.
struct CalibrationResult
{
  std::string name;
  PhantomKind phantom = PhantomKind::cha;
  double slope = 1;                     ///< g/cm3 per unit of the image
  double intercept = 0;                 ///< g/cm3
  double curvature = 0;                 ///< g/cm3 per unit squared
  std::optional<double> residual_g_cm3; ///< root mean square over the rods or tissues
  std::optional<double> r_squared;
  double densest_rod_g_cm3 = 0; ///< 0 without rods
  Warnings warnings;

  // Without phantom:
  std::string reference; ///< name of the reference densities or of the method's data
  std::string doubt;     ///< what is unconfirmed about them; empty when nothing
  std::optional<double> slope_deviation;     ///< g/cm3 per unit
  std::optional<double> intercept_deviation; ///< g/cm3
  std::vector<DensityDeviation> uncertainty; ///< at 0.1, 0.3 and 1 g/cm3
  std::vector<OtherCalibration> alternatives;
  std::optional<double> effective_energy_kev;
  std::optional<double> effective_energy_deviation_kev;
  std::map<std::string, TissueSample> tissues; ///< what was read, by tissue

  // Whatever the calibration, from calibrate():
  std::vector<Widening> widenings;
  std::vector<std::string> patient_doubts; ///< the patient's tissues contradict the calibration
  std::vector<Source> sources;             ///< data files and label images used

  DensityCurve curve() const { return {intercept, slope, curvature}; }
};

/// Slope of the curve at 0.3 g/cm3, g/cm3 per unit of the image.
double slope_in_bone(const CalibrationResult& result);

/**
 * One standard deviation of a density in g/cm3: in quadrature that of the calibration (between and
 * beyond the tabled densities by straight lines), the largest difference to another reference
 * (which of them is right is not known), and the widenings. 0 when nothing is known.
 */
double density_deviation(const CalibrationResult& result, double density_g_cm3);

/**
 * Slope and intercept of a calibration: rho = intercept + slope * value. For rods rho is fitted to
 * HU by least squares; for mindways HU - water = sigma * rho + beta is fitted and corrected by
 * materials/calibrations/mindways.toml. `ct` serves to measure rods given by region, which must lie
 * on its grid, and the patient's tissues; `bone` says where soft tissue is looked for
 * (phantomless.hpp, internal_calibration.hpp).
 *
 * InputError (data): fewer than two distinct rods, a tissue that is not found, a slope that is not
 * positive or off by a factor of 1000.
 */
CalibrationResult resolve(const Calibration& calibration, const Volume& ct,
                          const Mask* bone = nullptr);

/// Density in g/cm3 of the phantom's kind.
struct CalibratedVolume
{
  Volume density;
  CalibrationResult result;
};

/**
 * Applies a calibration to an image, after making sure that the image can be what the calibration
 * takes it for (require_hounsfield, require_density). Negative densities (fat, air) are kept: what
 * they mean is the protocol's affair.
 */
CalibratedVolume apply(const Calibration& calibration, Volume image, const Mask* bone = nullptr);

/**
 * What a case does: apply(), then the patient's own tissues are compared with the calibration and
 * the intervals widened for a contrast agent or another tube voltage (patient_check.hpp).
 */
CalibratedVolume calibrate(const Calibration& calibration, const Volume& image, const Mask& bone,
                           const Acquisition& acquisition);

} // namespace calcar::image
