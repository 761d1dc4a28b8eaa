#pragma once

#include "base/symmetric_tensor.hpp"

#include <array>
#include <functional>
#include <span>

namespace calcar::solid
{

/**
 * Derivative of the stress by the strain, MPa: rows and columns in SymTensor's order xx, yy, zz,
 * yz, zx, xy; columns by engineering strains (2 yz, 2 zx, 2 xy), so that it is symmetric whenever
 * the stress comes from an energy. The assembly takes it for symmetric and reads its upper half.
 */
using Tangent = std::array<std::array<double, 6>, 6>;

/// What a material answers at an integration point.
struct PointResponse
{
  SymTensor stress; ///< MPa
  Tangent tangent{};
};

/**
 * A law of material at a point, in small strains: a value. The assembly of forces and stiffness
 * asks it for stress and tangent and knows nothing else of the material.
 *
 * `respond` is pure: (properties, strain, state) -> stress, tangent, new state. Properties are the
 * numbers that the body gives for the point; the state is what the law remembers there (plastic
 * strain, damage), zeros in the beginning. The caller decides whether the new state is kept.
 */
struct Law
{
  int properties = 0; ///< numbers per point
  int state = 0;      ///< numbers per point
  std::function<PointResponse(std::span<const double> properties, const SymTensor& strain,
                              std::span<const double> state, std::span<double> new_state)>
      respond;
};

/// Hooke's law: stress = lambda trace(strain) 1 + 2 mu strain. Properties: Young's modulus, MPa,
/// and Poisson's ratio; no state.
Law linear_elasticity();

} // namespace calcar::solid
