#pragma once

#include "base/table.hpp"
#include "base/warning.hpp"
#include "image/volume.hpp"

#include <filesystem>
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

/// The table [calibration] of a case: how image values become density.
struct Calibration
{
  enum class Kind
  {
    density,  ///< the image already holds density
    linear,   ///< slope and intercept are given
    rods,     ///< fitted to the rods of a phantom
    mindways, ///< fitted to Mindways rods in water
  };
  Kind kind = Kind::density;
  PhantomKind phantom = PhantomKind::cha;
  std::string unit;     ///< density: "mg/cm3" or "g/cm3"
  double slope = 0;     ///< linear: g/cm3 per HU
  double intercept = 0; ///< linear: g/cm3
  std::vector<Rod> rods;
  std::optional<double> kvp; ///< tube voltage of the calibration scan, kV
};

std::string to_string(Calibration::Kind kind); ///< "density", "linear", ...

/**
 * Reads [calibration]:
 *
 *     name = "density"    unit = "mg/cm3" | "g/cm3"
 *     name = "linear"     slope_g_cm3_per_HU, intercept_g_cm3
 *     name = "rods"       rods = [{ density_mg_cm3 = 50, HU = 62 }, { density_mg_cm3 = 100, region
 * = { file, label } }, ...] name = "mindways"   rods = [{ water_mg_cm3, k2hpo4_mg_cm3, HU or region
 * }, ...]
 *
 * with phantom = "K2HPO4" | "CHA" ("HA" is CHA) always, and kvp optionally. Problems are recorded
 * in the table: call its check() before using the result.
 */
Calibration read_calibration(const Table& table);

/// What a calibration came to. `residual_g_cm3` and `r_squared` are there when rods were fitted.
struct CalibrationResult
{
  std::string name;
  PhantomKind phantom = PhantomKind::cha;
  double slope = 1;                     ///< g/cm3 per unit of the image
  double intercept = 0;                 ///< g/cm3
  std::optional<double> residual_g_cm3; ///< root mean square over the rods
  std::optional<double> r_squared;
  double densest_rod_g_cm3 = 0; ///< 0 without rods
  Warnings warnings;
};

/**
 * Slope and intercept of a calibration: rho = intercept + slope * value. For rods rho is fitted to
 * HU by least squares; for mindways HU - water = sigma * rho + beta is fitted and corrected by
 * materials/calibrations/mindways.toml. `ct` serves to measure rods given by region, which must lie
 * on its grid.
 *
 * InputError (data): fewer than two distinct rods, a slope that is not positive or off by a factor
 * of 1000.
 */
CalibrationResult resolve(const Calibration& calibration, const Volume& ct);

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
CalibratedVolume apply(const Calibration& calibration, Volume image);

} // namespace calcar::image
