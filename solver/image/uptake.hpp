#pragma once

#include "base/warning.hpp"
#include "image/acquisition.hpp"
#include "image/volume.hpp"

#include <filesystem>
#include <optional>
#include <string>

namespace calcar::image
{

/// An uptake image in SUV by body weight (g/ml).
struct Uptake
{
  Volume values;
  std::string words; ///< how the unit was come by
  Warnings warnings;
  Acquisition acquisition;
};

/// What a PET series says about its dose and times.
struct PetDose
{
  double weight_kg = 0;
  double dose_bq = 0; ///< given, at the time of administration
  double half_life_s = 0;
  double decay_time_s = 0; ///< from administration to the time the voxels are corrected to
};

/**
 * Factor from Bq/ml to SUV by body weight:
 *
 *   SUVbw = A w 1000 / (D 2^(-t / T)),
 *
 * A the activity concentration in Bq/ml corrected for decay to the start of the scan, w the body
 * weight in kg (1000 g of it, 1 g/ml), D the dose in Bq, t the time from administration to that
 * start, T the half-life. DICOM PS3.3 C.8.9.1 and the vendor-neutral pseudo-code of QIBA (RSNA).
 */
double suv_factor(const PetDose& dose);

/**
 * Reads an uptake image in SUVbw, or refuses it.
 *
 * A DICOM series of modality PT: Units GML with SUVType BW or none (the standard's default) is
 * taken as it is; BQML is converted by suv_factor, with DecayCorrection START (to the series' time
 * when that is not after the acquisition, else to the scan time that GE writes) or ADMIN (no
 * decay). Any other image must be declared: `declared_unit` = "SUVbw".
 *
 * InputError (data): another unit or SUV type, a series without attenuation or decay correction,
 * without weight, dose, half-life or times, or with such that cannot be (dose in MBq), values that
 * cannot be SUV, an image without declared unit.
 */
Uptake read_uptake(const std::filesystem::path& file,
                   const std::optional<std::string>& declared_unit);

} // namespace calcar::image
