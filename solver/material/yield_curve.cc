#include "material/yield_curve.hpp"

#include <algorithm>
#include <cmath>

namespace calcar::material
{

double YieldCurve::stress(double kappa) const
{
  if (rate > 0)
    return first + (last - first) * -std::expm1(-rate * kappa);
  if (slope == 0 || kappa <= plateau)
    return first;
  const double line = first + slope * (kappa - plateau);
  return slope > 0 ? std::min(line, last) : std::max(line, last);
}

double YieldCurve::tangent(double kappa) const
{
  if (rate > 0)
    return (last - first) * rate * std::exp(-rate * kappa);
  if (slope == 0 || kappa < plateau || kappa >= plateau + (last - first) / slope)
    return 0;
  return slope;
}

double Damage::loss(double kappa) const
{
  return most * -std::expm1(-rate * kappa);
}

double Damage::tangent(double kappa) const
{
  return most * rate * std::exp(-rate * kappa);
}

} // namespace calcar::material
