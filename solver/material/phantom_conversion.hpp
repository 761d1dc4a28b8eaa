#pragma once

#include "material/ash_conversion.hpp"

namespace calcar::material
{

/**
 * From the equivalent density of one phantom to that of the other, by setting the ash densities of
 * two regressions equal:
 *
 *   rho_to = ((a_from + b_from * rho_from) - a_to) / b_to,     g/cm3.
 *
 * An approximation: published regressions disagree, `relative_deviation` says by how much. A
 * protocol made for the image's own phantom is always better.
 */
struct PhantomConversion
{
  DataRecord record;
  AshConversion from;
  AshConversion to;
  double relative_deviation = 0; ///< standard deviation of the converted density, relative

  double operator()(double rho) const { return to.phantom_density(from.ash(rho)); }
};

/// The shipped conversion from one phantom to the other
/// (materials/phantom_conversions/k2hpo4_and_cha).
PhantomConversion phantom_conversion(DensityKind from, DensityKind to);

} // namespace calcar::material
