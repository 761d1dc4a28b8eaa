#pragma once

#include "base/warning.hpp"
#include "image/volume.hpp"

#include <map>
#include <string>

namespace calcar::image
{

/// What one tissue of the patient reads in a scan.
struct TissueSample
{
  double hounsfield = 0; ///< of the peak, or mean of a region
  double deviation = 0;  ///< how well that is known, HU
  double width = 0;      ///< standard deviation of the tissue's voxels, HU
  double volume_cm3 = 0; ///< of the voxels within half height, or of the region
  bool from_region = false;
};

/// The tissues found by name ("air", "fat", "muscle"), and why the others were not.
struct TissuePeaks
{
  std::map<std::string, TissueSample> found;
  std::map<std::string, std::string> missing; ///< reason in words
  Warnings warnings;
};

/**
 * Looks for air, fat and muscle in the histogram of a CT in HU. Windows and rules stand in
 * materials/calibrations/tissue_peaks.toml.
 *
 * Air is looked for in the whole image; soft tissue in the box of the bone with a margin, the bone
 * and what is close to it left out; without a mask in the whole image. Values that one software
 * wrote everywhere (padding) do not count, unless they are all the air there is and near -1000.
 *
 * Each peak is that of find_peak, and its position is known to
 *
 *   deviation^2 = width^2 / n + skewness^2 + (share * width)^2,
 *
 * n being the voxels within half height and `share` a rule of the file.
 */
TissuePeaks find_tissue_peaks(const Volume& hounsfield, const Mask* bone);

} // namespace calcar::image
