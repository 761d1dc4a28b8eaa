#pragma once

#include "material/data_record.hpp"
#include "material/density_curve.hpp"

#include <filesystem>

namespace calcar::material
{

/**
 * Law from bone density to Young's modulus, piecewise in density:
 *
 *   E(rho) = a + b * rho^c      on  rho_min <= rho < rho_max.
 *
 * rho in g/cm3 of the kind the law names (ash, apparent, K2HPO4); E in MPa. One data file per law
 * in materials/density_elasticity, which must name its source. Outside the pieces the density is
 * clamped to the nearest end, never extrapolated.
 */
class DensityLaw
{
public:
  /// Reads and checks a law. Throws InputError naming file, line, key and remedy.
  static DensityLaw read(const std::filesystem::path& file);
  /// A shipped law by name; throws InputError at `place` with the known names.
  static DensityLaw named(const std::string& name, const std::string& place);

  double youngs_modulus(double rho) const { return curve_.value(rho); }
  /// False also when the source does not say what was tested (`curve().tested()` is empty).
  bool in_tested_range(double rho) const { return curve_.in_tested_range(rho); }

  const DataRecord& record() const { return record_; }
  const DensityCurve& curve() const { return curve_; }
  DensityKind kind() const { return curve_.kind(); }

private:
  DataRecord record_;
  DensityCurve curve_;
};

} // namespace calcar::material
