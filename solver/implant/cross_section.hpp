#pragma once

#include "material/alloy.hpp"

namespace calcar::implant
{

/// The cross-section of a straight bar of one material.
struct CrossSection
{
  double area_mm2 = 0;
  double weak_mm4 = 0;       ///< least second moment of area
  double strong_mm4 = 0;     ///< greatest second moment of area
  double torsion_mm4 = 0;    ///< St Venant's constant J: torque = G J twist per length
  double weak_edge_mm = 0;   ///< distance of the outermost fibre in bending about the weak axis
  double strong_edge_mm = 0; ///< the same about the strong axis
};

/// A round bar or, with `inner` > 0, a tube; diameters in mm: I = pi (D^4 - d^4) / 64, J = 2 I.
CrossSection round_section(double outer, double inner = 0);

/**
 * A rectangle, width >= thickness, mm. J = w t^3 / 3 (1 - 192/pi^5 t/w sum over odd n of
 * tanh(n pi w / 2t) / n^5) (Timoshenko and Goodier, Theory of Elasticity, torsion of rectangular
 * bars). Throws std::invalid_argument when the width is less than the thickness.
 */
CrossSection rectangle_section(double width, double thickness);

/// The same across a round hole through its thickness, in the middle of the width: two strips side
/// by side; J is that of the two strips apart, a lower bound. Throws std::invalid_argument when
/// nothing is left beside the hole.
CrossSection holed_section(double width, double thickness, double hole);

/// What a section resists with: N and N mm^2.
struct Stiffness
{
  double axial_EA_N = 0;
  double bending_EI_Nmm2 = 0;        ///< about the weak axis
  double bending_strong_EI_Nmm2 = 0; ///< about the strong axis
  double torsion_GJ_Nmm2 = 0;        ///< G = E / (2 (1 + nu))
};

Stiffness stiffness(const CrossSection& section, const material::Alloy& alloy);

} // namespace calcar::implant
