#pragma once

namespace calcar::material
{

/**
 * Uniaxial yield stress over accumulated plastic strain kappa, MPa:
 *
 *   lines:       first up to kappa = plateau, then first + slope (kappa - plateau) until it meets
 *                `last`, then last for ever;
 *   saturating:  first + (last - first) (1 - exp(-rate kappa)) where rate > 0.
 *
 * Defaults: perfectly plastic.
 */
struct YieldCurve
{
  double first = 0;   ///< MPa, positive
  double plateau = 0; ///< plastic strain
  double slope = 0;   ///< MPa; negative softens
  double last = 0;    ///< MPa; unused where slope and rate are 0
  double rate = 0;    ///< 1; saturating where positive

  double stress(double kappa) const;
  /// d stress / d kappa, MPa; at a corner that of the part behind it.
  double tangent(double kappa) const;
};

/// Loss of stiffness by damage: D(kappa) = most (1 - exp(-rate kappa)). Defaults: none.
struct Damage
{
  double most = 0; ///< 0 to less than 1
  double rate = 0; ///< 1

  double loss(double kappa) const;
  double tangent(double kappa) const;
};

} // namespace calcar::material
