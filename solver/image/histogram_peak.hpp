#pragma once

#include <array>
#include <string>
#include <vector>

namespace calcar::image
{

/// Counts of voxels in bins of 2 HU from -1400 to 400; values beyond are left out.
class Histogram
{
public:
  Histogram();
  void add(float value);

  static double centre(std::size_t bin);     ///< HU
  static std::size_t bin(double hounsfield); ///< the first or last for values beyond
  const std::vector<double>& counts() const { return counts_; }
  /// The counts convolved with a Gaussian of this standard deviation, HU.
  std::vector<double> smoothed(double deviation_hu) const;

private:
  std::vector<double> counts_;
};

/// When a hump is a peak.
struct PeakRules
{
  double smoothing = 6;    ///< HU
  double rise = 1.15;      ///< over the higher of the two valleys beside it
  double least_voxels = 1; ///< within its half height
};

/// A peak, by the Gaussian through its top.
struct Peak
{
  double position = 0; ///< HU
  double width = 0;    ///< standard deviation without that of the smoothing, HU
  double skewness = 0; ///< position of the Gaussian from the highest bin, HU
  double voxels = 0;   ///< within half height
};

/**
 * The highest peak whose top lies in a window of HU. It must lie inside, not at an end, and rise
 * over both valleys. Its Gaussian is the parabola in ln h through the bins above 60 % of the top,
 * weighted by h^2. When a noisy histogram has no clear top the search is repeated
 * with 1.5, 2.2, 3.4 times the smoothing.
 *
 * Returns "" and the peak, or why there is none, in words.
 */
std::string find_peak(const Histogram& histogram, const std::array<double, 2>& window,
                      const PeakRules& rules, Peak& peak);

} // namespace calcar::image
