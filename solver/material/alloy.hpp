#pragma once

#include "material/tissue.hpp"

namespace calcar::material
{

/// A material of an implant: metal, bone cement or polymer. MPa throughout; one data file each in
/// materials/alloy.
struct Alloy
{
  DataRecord record;
  double youngs = 0;
  double poisson = 0;
  std::optional<ModulusRange> range;
  double yield = 0;
  double ultimate_tension = 0;
  double ultimate_compression = 0;
  double endurance = 0; ///< stress amplitude survived 1e7 times by a smooth surface
  std::optional<double> endurance_notched; ///< the same beside threads and holes
};

/// Reads and checks a material. Throws InputError naming file, line, key and remedy.
Alloy read_alloy(const std::filesystem::path& file);

/// A shipped material by name; throws InputError at `place` with the known names.
Alloy alloy(const std::string& name, const std::string& place);

/**
 * Utilisation in fatigue by Goodman: s_a / S_e + s_m / S_u, with the amplitude s_a and the mean s_m
 * (tension positive, MPa); a compressive mean is counted as 0. 1 or more fails.
 */
double goodman_utilisation(const Alloy& alloy, double amplitude, double mean);

} // namespace calcar::material
