#pragma once

#include "base/table.hpp"
#include "material/density_kind.hpp"

#include <optional>
#include <vector>

namespace calcar::material
{

/**
 * A property of bone as a function of its density, piecewise:
 *
 *   y(rho) = a + b * rho^c      on  rho_min <= rho < rho_max.
 *
 * rho in g/cm3 of the kind the curve names, y in MPa. Outside the pieces the density is clamped to
 * the nearest end, never extrapolated.
 */
class DensityCurve
{
public:
  struct Piece
  {
    double rho_min; ///< g/cm3
    double rho_max; ///< g/cm3
    double a;       ///< MPa
    double b;       ///< MPa / (g/cm3)^c
    double c;       ///< 1
  };

  /// Densities of the specimens the curve was measured on, g/cm3.
  struct Range
  {
    double low;
    double high;
  };

  /**
   * Reads `density`, [[piece]], the optional `tested_g_cm3` and the optional strain rate, whose
   * factor rate^exponent multiplies a and b. Problems (no pieces, gaps, a negative value) are
   * recorded in the table.
   */
  static DensityCurve read(const Table& table);

  /// y in MPa; NaN in, NaN out.
  double value(double rho) const;

  DensityKind kind() const { return kind_; }
  const std::vector<Piece>& pieces() const { return pieces_; }

  /// Nothing when the source does not say what was tested.
  const std::optional<Range>& tested() const { return tested_; }

  /// False also when it is not known what was tested.
  bool in_tested_range(double rho) const
  {
    return tested_ && rho >= tested_->low && rho <= tested_->high;
  }

private:
  DensityKind kind_ = DensityKind::ash;
  std::vector<Piece> pieces_;
  std::optional<Range> tested_;
};

} // namespace calcar::material
