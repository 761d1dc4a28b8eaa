#pragma once

#include "image/calibration.hpp"

#include <functional>
#include <string>
#include <vector>

namespace calcar::image
{

/// Reference densities of air, fat and muscle, one data file each in
/// materials/calibrations/references.
struct TissueReference
{
  std::string name;
  std::string words;
  PhantomKind phantom = PhantomKind::cha;
  std::map<std::string, double> g_cm3; ///< "air", "fat", "muscle"
  std::string doubt;                   ///< "unconfirmed: ..." for the report; empty when confirmed
  Source file;
};

constexpr const char* default_tissue_reference = "840_80_30";

std::vector<std::string> tissue_reference_names();
/// InputError for an unknown name, listing the known ones.
TissueReference tissue_reference(const std::string& name, const std::string& place);

/**
 * Calibration by the patient's air, fat and muscle (Eggermont 2019): the reference densities rho_i
 * are fitted linearly to the HU h_i of the peaks,
 *
 *   rho = intercept + slope h   by least squares over the three tissues.
 *
 * One standard deviation of rho at HU h, from how well the peaks are known (u_i) and from how badly
 * three points lie on a line (s^2 = sum of squares / (3 - 2)):
 *
 *   u^2(h) = sum_i (d rho(h) / d h_i)^2 u_i^2 + s^2 (1 / 3 + (h - mean)^2 / sum (h_i - mean)^2).
 *
 * Every other triple of the folder is fitted likewise and reported with its difference. What the
 * true densities of this patient's tissues are is not known to the method: the two triples differ
 * by more than the peaks are uncertain.
 *
 * InputError (data) when a peak is missing, with the reason and what helps.
 */
void calibrate_by_air_fat_muscle(const TissueReference& reference, const TissuePeaks& peaks,
                                 const std::string& place, CalibrationResult& result);

/// The densities at which uncertainty is told, g/cm3.
const std::vector<double>& told_densities();

/**
 * Propagates the deviations u_i of measured HU h_i into the density at value v by central
 * differences: sum_i ((rho(h + u_i e_i) - rho(h - u_i e_i)) / 2)^2, for each v. The last two
 * entries are those of intercept and slope.
 */
std::vector<double>
propagated_variance(const std::vector<double>& hounsfield, const std::vector<double>& deviation,
                    const std::function<DensityCurve(const std::vector<double>&)>& fit,
                    const std::vector<double>& values);

} // namespace calcar::image
