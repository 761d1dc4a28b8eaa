#pragma once

#include "material/data_record.hpp"

#include <filesystem>

namespace calcar::material
{

/**
 * Strains at which bone fails, positive pure numbers (0.01 is 1 %). Of two kinds:
 *   principal: the largest principal strain in tension, the smallest in compression;
 *   effective: eps_eff = sqrt(2 U / E), failing when more than a fraction of the bone's volume
 * exceeds it. One data file each in materials/strain_limits.
 */
struct StrainLimits
{
  DataRecord record;
  bool effective = false;
  double tension = 0;                  ///< of the principal kind
  double compression = 0;              ///< of the principal kind, positive
  double effective_strain = 0;         ///< of the effective kind
  double critical_volume_fraction = 0; ///< of the effective kind
};

/// Reads and checks limits. Throws InputError naming file, line, key and remedy.
StrainLimits read_strain_limits(const std::filesystem::path& file);

/// Shipped limits by name; throws InputError at `place` with the known names.
StrainLimits strain_limits(const std::string& name, const std::string& place);

} // namespace calcar::material
