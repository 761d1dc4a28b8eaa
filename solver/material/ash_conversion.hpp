#pragma once

#include "material/data_record.hpp"
#include "material/density_kind.hpp"

#include <filesystem>

namespace calcar::material
{

/**
 * Regression from the equivalent density of one phantom to ash density, both in g/cm3:
 *
 *   rho_ash = a + b * rho_phantom.
 *
 * It holds for its phantom only. One data file each in materials/ash_conversions.
 */
struct AshConversion
{
  DataRecord record;
  DensityKind phantom = DensityKind::cha;
  double a = 0; ///< g/cm3
  double b = 1; ///< 1

  double ash(double rho_phantom) const { return a + b * rho_phantom; }
  double phantom_density(double rho_ash) const { return (rho_ash - a) / b; }
};

/// Reads and checks a conversion. Throws InputError naming file, line, key and remedy.
AshConversion read_ash_conversion(const std::filesystem::path& file);

/// A shipped conversion by name; throws InputError at `place` with the known names.
AshConversion ash_conversion(const std::string& name, const std::string& place);

} // namespace calcar::material
