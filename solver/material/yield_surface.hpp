#pragma once

namespace calcar::material
{

/**
 * A convex yield surface of an isotropic material in two invariants, p = tr(stress) / 3 (tension
 * positive) and q = sqrt(3/2 s:s) of the deviator s (von Mises):
 *
 *   phi(p, q) = ( sqrt(q^2 + b p^2) + c p ) / g = sigma,      g = sqrt(1 + b/9) - c/3,
 *
 * sigma the uniaxial compressive yield stress (positive). phi is homogeneous of degree one and
 * phi = sigma in uniaxial compression. b = c = 0 is von Mises; b = 0 the cone of Drucker and
 * Prager; b > 0 the quadric of Schwiedrzik and Zysset (2013, Biomech Model Mechanobiol 12:201) for
 * an isotropic material.
 */
struct YieldSurface
{
  double b = 0; ///< 1, not negative
  double c = 0; ///< 1, not negative: weaker in tension

  /// g: the root and the linear part in uniaxial compression of size 1.
  double in_compression() const;
  /// phi in MPa of p and q in MPa.
  double equivalent_stress(double p, double q) const;
  /// Tensile over compressive uniaxial yield stress.
  double tension_over_compression() const;
};

/// The cone through the uniaxial strengths in tension and compression, their ratio
/// S_t / S_c = `ratio` in (0, 1]: c = 3 (1 - ratio) / (1 + ratio).
YieldSurface drucker_prager(double ratio);

/**
 * The quadric of an isotropic material with S_t / S_c = `ratio` in (0, 1] and the interaction zeta
 * of normal stresses (F_iijj = -zeta F_iiii), -0.5 < zeta <= 0.5:
 *
 *   F0 sqrt( (1 + zeta) s:s - zeta tr(s)^2 ) + 3 F p = 1,  F0 = (1/S_t + 1/S_c) / 2,  F = (1/S_t -
 *   1/S_c) / 2.
 */
YieldSurface quadric(double ratio, double zeta);

} // namespace calcar::material
