#pragma once

#include <map>
#include <string>
#include <vector>

namespace calcar::image
{

/**
 * Mass attenuation coefficients mu/rho in cm2/g of tissues and calibration materials over photon
 * energy in keV (materials/calibrations/mass_attenuation.toml, which names its source).
 */
struct MassAttenuation
{
  std::vector<double> energy; ///< keV, rising
  std::map<std::string, std::vector<double>> material;

  /// Reads and checks the table: rising energies, positive coefficients, equal lengths.
  static MassAttenuation read();

  /// ln(mu/rho) linear in ln(energy) between the tabled energies, which it must lie within.
  double at(const std::string& name, double kev) const;
  double lowest() const { return energy.front(); }
  double highest() const { return energy.back(); }
};

} // namespace calcar::image
