#include "material/yield_surface.hpp"

#include <cmath>

namespace calcar::material
{

double YieldSurface::in_compression() const
{
  return std::sqrt(1 + b / 9) - c / 3;
}

double YieldSurface::equivalent_stress(double p, double q) const
{
  return (std::sqrt(q * q + b * p * p) + c * p) / in_compression();
}

double YieldSurface::tension_over_compression() const
{
  const double root = std::sqrt(1 + b / 9);
  return (root - c / 3) / (root + c / 3);
}

YieldSurface drucker_prager(double ratio)
{
  return {0, 3 * (1 - ratio) / (1 + ratio)};
}

YieldSurface quadric(double ratio, double zeta)
{
  // (1 + zeta) s:s - zeta tr^2 = 2/3 (1 + zeta) (q^2 + b p^2); the linear part over the same root.
  const double of_q = std::sqrt(2 * (1 + zeta) / 3);
  const double sum = (1 / ratio + 1) / 2, difference = (1 / ratio - 1) / 2;
  return {(3 - 6 * zeta) / (of_q * of_q), 3 * difference / (sum * of_q)};
}

} // namespace calcar::material
