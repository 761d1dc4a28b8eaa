#pragma once

#include "material/plastic_law.hpp"
#include "model/voxel_plasticity.hpp"
#include "solid/constitutive.hpp"

#include <cstdint>
#include <span>
#include <vector>

namespace calcar::solid
{

/// The yield curve of a cell of a mesh.
struct CellYield
{
  material::YieldCurve curve;
  std::int32_t kind = -1; ///< index into CellPlasticity::kinds; -1: the cell stays elastic
};

/// How the cells of a mesh yield; lives on rank 0 beside the SolidBody.
struct CellPlasticity
{
  std::vector<model::YieldKind> kinds;
  std::vector<CellYield> cells; ///< one per cell
};

/// Numbers of a point for yielding_law(): the law, then the accumulated strain of the neighbourhood
/// by which it softens, not a number: its own.
constexpr int yield_properties = 12;
/// What a point remembers: plastic strain (xx, yy, zz, yz, zx, xy), accumulated plastic strain.
constexpr int yield_state = 7;

/// The numbers of a point of these moduli, that softens by its own strain. A null kind: elastic.
std::vector<double> properties_of(double youngs, double poisson, const CellYield& yield,
                                  const model::YieldKind* kind);

/// The law that the numbers of a point stand for, and back from a point's numbers to its state.
material::PlasticLaw law_of(std::span<const double> properties);
double& softening_of(std::span<double> properties);
double accumulated_of(std::span<const double> state);

/// Yield stress, damage included, at an accumulated strain over that at none; 1 where it is
/// elastic.
double yield_left(const material::PlasticLaw& law, double kappa);

/// Stress of an elastic point over its yield stress, by the yield surface.
double elastic_utilisation(const material::PlasticLaw& law, const SymTensor& strain);

/**
 * material::PlasticLaw at an integration point. Its tangent is the one with softening held
 * (material::TangentKind::positive), symmetric and not negative, mixed with a share of the elastic
 * one: (1 - share) T + share C. A share above 0 keeps the matrix definite where the body flows
 * without resistance.
 */
Law yielding_law(double elastic_share = 0);

/// The same points as if they could not yield.
Law unyielding_law();

} // namespace calcar::solid
