#pragma once

#include "image/calibration.hpp"
#include "image/line_fit.hpp"
#include "image/mass_attenuation.hpp"

#include <map>
#include <string>
#include <vector>

namespace calcar::image
{

/// The relations that internal calibration finds, at its effective energy.
struct InternalFit
{
  double energy_kev = 0;
  LineFit attenuation;     ///< of mu/rho in cm2/g over HU
  LineFit mass;            ///< of mass density in g/cm3 over HU
  double triglyceride = 0; ///< mass attenuation, cm2/g
  double k2hpo4 = 0;       ///< mass attenuation, cm2/g

  DensityCurve curve; ///< K2HPO4-equivalent density over HU
};

/**
 * Internal calibration (Michalski 2020): the patient's tissues i with HU h_i take the place of
 * rods.
 *
 * 1. At an energy E the tabled mass attenuations m_i(E) = (mu/rho)_i are fitted linearly to h_i;
 * the effective energy is the E of the table with the largest R2:  m(h) = a h + b.
 * 2. By the definition of HU, mu = (h / 1000 + 1) mu_water with mu_water = m_water(E) 1 g/cm3, so
 *    that the mass density of tissue i is d_i = mu / m_i, which is fitted linearly too:
 *    d(h) = c h + e.
 * 3. A voxel is taken as a mixture of K2HPO4 (mass share w) and triglyceride, whose mass
 *    attenuations add by mass: m = w m_K + (1 - w) m_T. Solved for w, the mass of K2HPO4 in a
 * volume is rho = d w:
 *
 *      rho(h) = (c h + e) (a h + b - m_T) / (m_K - m_T),   a parabola in h.
 *
 * The text leaves open: the interpolation of the table (here ln-ln), what is done where R2 has its
 * maximum at an end of the table (refused), and how many tissues will do: here three, one of them
 * cortical bone. Air and soft tissue alone do not tell the energy; bone came out 20 to 40 % too low
 * with them. The search goes through the grid and then between its points to 1e-4 keV, so that the
 * result is a smooth function of the HU and their deviations can be propagated.
 *
 * The energy is that at which tissues lie on a line, not the mean energy of the spectrum: with
 * ICRU densities of the tissues a scan at 65 keV gives 90 keV. Water reads some 30 mg/cm3, air
 * about 0, and the result follows the HU of cortical bone: thin cortex that reads low makes all
 * densities high.
 *
 * InputError (data): fewer than three tissues, no cortical bone, tissues that read alike, no
 * maximum of R2 inside the table.
 */
InternalFit fit_internal(const std::map<std::string, double>& hounsfield,
                         const MassAttenuation& table, const std::string& place);

/// The tissues the method knows: adipose, air, blood, cortical_bone, muscle.
const std::vector<std::string>& internal_tissues();

/**
 * One standard deviation squared of the density at HU h from how badly the tissues lie on the two
 * lines: (d / (m_K - m_T))^2 u_m^2 + ((m - m_T) / (m_K - m_T))^2 u_d^2, with line_variance for
 * both.
 */
double scatter_variance(const InternalFit& fit, const std::vector<double>& hounsfield, double h);

/// Samples the tissues (regions as given; air, adipose and muscle from the histogram else), fits,
/// propagates the deviations of their HU and adds the scatter about the lines.
void calibrate_internally(const Calibration& calibration, const Volume& hounsfield,
                          const Mask* bone, CalibrationResult& result);

} // namespace calcar::image
