#pragma once

#include "material/data_record.hpp"
#include "material/density_curve.hpp"

#include <filesystem>

namespace calcar::material
{

/**
 * Law from bone density to strength in MPa:
 *
 *   S_c(rho) = a + b * rho^c  (compression, piecewise),   S_t = r * S_c  (tension).
 *
 * The ratio r has a source of its own: the laws were measured in compression. One data file per law
 * in materials/strength. Clamped at the ends like DensityLaw.
 */
class StrengthLaw
{
public:
  /// Reads and checks a law. Throws InputError naming file, line, key and remedy.
  static StrengthLaw read(const std::filesystem::path& file);
  /// A shipped law by name; throws InputError at `place` with the known names.
  static StrengthLaw named(const std::string& name, const std::string& place);

  double compressive(double rho) const { return curve_.value(rho); }
  double tensile(double rho) const { return ratio_ * curve_.value(rho); }

  /// S_t / S_c, with where it comes from.
  double tension_over_compression() const { return ratio_; }
  const std::string& ratio_source() const { return ratio_source_; }
  Status ratio_status() const { return ratio_status_; }

  const DataRecord& record() const { return record_; }
  const DensityCurve& curve() const { return curve_; }
  DensityKind kind() const { return curve_.kind(); }

private:
  DataRecord record_;
  DensityCurve curve_;
  double ratio_ = 1;
  std::string ratio_source_;
  Status ratio_status_ = Status::recalled_low;
};

} // namespace calcar::material
