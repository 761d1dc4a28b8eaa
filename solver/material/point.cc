#include "material/point.hpp"

#include <algorithm>

namespace calcar::material
{
namespace
{
/// NaN passes through: std::clamp keeps its first argument when no comparison holds.
double clamped_ash(const Protocol& protocol, double ash)
{
  return std::clamp(ash, 0.0, protocol.max_ash_g_cm3);
}

double own_phantom_density(const Protocol& protocol, double rho)
{
  return protocol.converted ? (*protocol.converted)(rho) : rho;
}

/// Ash density as the density of the kind a law wants.
double as_kind(const Protocol& protocol, double ash, DensityKind kind)
{
  switch (kind)
  {
  case DensityKind::ash:
    return ash;
  case DensityKind::apparent:
    return ash / protocol.ash_to_apparent;
  case DensityKind::k2hpo4:
  case DensityKind::cha:
    return protocol.ash.phantom_density(ash);
  }
  return ash;
}
} // namespace

double ash_density(const Protocol& protocol, double phantom_density)
{
  return clamped_ash(protocol, protocol.ash.ash(own_phantom_density(protocol, phantom_density)));
}

PointProperties properties_of_ash(const Protocol& protocol, double ash)
{
  PointProperties point;
  point.ash = clamped_ash(protocol, ash);
  const double for_law = as_kind(protocol, point.ash, protocol.law.kind());
  point.youngs = protocol.law.youngs_modulus(for_law);
  point.poisson = protocol.poisson;
  point.tested = protocol.law.in_tested_range(for_law);
  const double for_strength = as_kind(protocol, point.ash, protocol.strength.kind());
  point.strength_c = protocol.strength.compressive(for_strength);
  point.strength_t = protocol.strength.tension_over_compression() * point.strength_c;
  return point;
}

PointProperties properties_at(const Protocol& protocol, double phantom_density)
{
  const double own = own_phantom_density(protocol, phantom_density);
  PointProperties point = properties_of_ash(protocol, protocol.ash.ash(own));
  if (own < protocol.soft_below_phantom_g_cm3)
  {
    point.soft = true;
    point.tested = false;
    point.youngs = protocol.soft.youngs;
    point.poisson = protocol.soft.poisson;
  }
  return point;
}

} // namespace calcar::material
