#pragma once

#include "base/symmetric_tensor.hpp"
#include "material/yield_curve.hpp"
#include "material/yield_surface.hpp"

#include <optional>

namespace calcar::material
{

/**
 * The law of a point of isotropic material at small strains: linear elastic inside its yield
 * surface, associated flow on it, and damage where it has one:
 *
 *   stress = (1 - D(kappa)) s,   s = C : (strain - plastic),   phi(s) <= sigma(kappa),
 *   d plastic = dkappa dphi/ds,
 *
 * so that sigma dkappa is the plastic work and kappa the plastic strain of a bar in uniaxial
 * compression. A plain value.
 */
struct PlasticLaw
{
  double bulk = 0;     ///< MPa
  double shear = 0;    ///< MPa
  bool yields = false; ///< false: linear elastic
  YieldSurface surface;
  YieldCurve curve;
  Damage damage;
};

/// Bulk and shear modulus from Young's modulus (MPa) and Poisson's ratio; without yield.
PlasticLaw elastic_law(double youngs, double poisson);

/// What a point remembers.
struct PlasticState
{
  SymTensor plastic; ///< plastic strain, tensor components
  double kappa = 0;  ///< accumulated plastic strain
};

/**
 * d stress / d strain of an isotropic law at a point whose stress deviator has the direction n
 * (n:n = 1, tr n = 0), MPa:
 *
 *   T : e = pp tr(e) 1 + 2 shear dev(e) + nn n (n:e) + pn 1 (n:e) + np n tr(e).
 *
 * Symmetric when pn = np.
 */
struct Tangent
{
  double pp = 0;
  double shear = 0;
  double nn = 0;
  double pn = 0;
  double np = 0;
  SymTensor n;
};

/// T : strain.
SymTensor apply(const Tangent& tangent, const SymTensor& strain);

/// Which tangent is asked for.
enum class TangentKind
{
  consistent, ///< the derivative of the stress of this step, exactly
  positive    ///< the same with softening and damage held: symmetric, never negative
};

/// What a law makes of a strain.
struct PlasticAnswer
{
  SymTensor stress; ///< MPa
  PlasticState state;
  Tangent tangent;
  bool flows = false; ///< the plastic strain changed
};

/**
 * The stress at `strain` of a point that came from the state `old` (closest-point projection,
 * implicit Euler). With `softening` given, yield stress and damage are those of this accumulated
 * plastic strain instead of the point's own: an average over the neighbourhood, held fixed. NaN
 * strain gives NaN stress.
 */
PlasticAnswer evaluate(const PlasticLaw& law, const SymTensor& strain, const PlasticState& old,
                       TangentKind kind, std::optional<double> softening = std::nullopt);

/// Stress over elastic stress of the same strain in uniaxial loading that has reached `kappa`:
/// (1 - D) sigma / (sigma + E kappa), 1 before yield. The stiffness left to bending of an element.
/// `softening` as in evaluate().
double secant_share(const PlasticLaw& law, double kappa,
                    std::optional<double> softening = std::nullopt);

} // namespace calcar::material
