#pragma once

#include "risk/fixation.hpp"

namespace calcar::risk
{

/// Stress at the outermost fibres of a bar, MPa.
struct SectionStress
{
  double most_MPa = 0;      ///< greatest normal stress N/A + |M|/W, tension positive
  double least_MPa = 0;     ///< least, N/A - |M|/W
  double shear_MPa = 0;     ///< of torsion, the greatest of the section
  double von_mises_MPa = 0; ///< sqrt(s^2 + 3 t^2) with the larger of both normal stresses in size
};

/**
 * Stress in a section from its forces:
 *
 *   s = N/A +- (|M_weak| / W_weak + |M_strong| / W_strong),   t = largest_shear(T),
 *
 * with W = I / outermost fibre: exact at a corner of a rectangle; of a round bar M_weak is all of
 * the bending. Shear by the force across the axis is left out, as of any slender bar, and the
 * largest t is taken to be where the largest s is: on the safe side for a rectangle.
 */
SectionStress section_stress(const implant::CrossSection& section,
                             const analysis::SectionForce& force);

/**
 * Greatest shear stress by a torque T, MPa. Round: T r / J. A rectangle of sides w >= t: in the
 * middle of the long side,
 *
 *   T t / J (1 - 8/pi^2 sum over odd n of 1 / (n^2 cosh(n pi w / 2t)))
 *
 * (Timoshenko and Goodier, Theory of Elasticity, torsion of rectangular bars). Beside a hole: of
 * the two strips, each with its share of the torque.
 */
double largest_shear(const implant::CrossSection& section, double torque_Nmm);

/**
 * What is left of a round bar or tube where a round hole of diameter `hole_mm` passes through its
 * axis: without the strip of the hole's width. Bending is taken about the axis of the hole, so that
 * the outermost fibres are those cut away: the weakest direction, since section forces do not tell
 * theirs. J is lessened as the area is: rough.
 */
implant::CrossSection beside_cross_hole(const implant::CrossSection& round, double hole_mm);

/// A place along a component: its section, what it bears and whether it has holes or threads there.
struct Place
{
  implant::CrossSection section;
  analysis::SectionForce force;
  bool notched = false;
};

/**
 * The sections at the places of `forces`: that of the run, of a plate its `weakest` (a hole may be
 * anywhere along it), of a nail less the hole of a screw that is joined to it, as wide
 * as its thread. Notched: all of a
 * screw, all of a plate with holes, a nail within a hole's diameter of the hole's middle.
 *
 * The hole is taken to be empty: a screw in it bears no tension. In the body it may be filled with
 * the screw's voxels (those of a lag screw hold over the nail's); the nail beside them then bears
 * the largest forces of the places next to the hole on both sides.
 */
std::vector<Place> places_of(const implant::Fixation& fixation, std::size_t index,
                             const std::vector<analysis::SectionForce>& forces);

/**
 * Utilisation in fatigue of a cycle from no load to this stress and back: Goodman
 * (material::goodman_utilisation) with amplitude and mean half of the von Mises stress at the fibre
 * under tension, and, with a mean of 0, at that under compression; the larger counts. `notched`:
 * with the endurance beside threads and holes where the alloy has one.
 */
double fatigue_utilisation(const SectionStress& stress, const material::Alloy& alloy, bool notched);

/// Stress, yield and fatigue of a component that is a bar, from its section forces; of pull-out
/// nothing. Fatigue is judged for daily activities alone.
ComponentVerdict component_stress(const implant::Fixation& fixation, std::size_t index,
                                  const std::vector<analysis::SectionForce>& forces,
                                  load::ActivityKind kind);

/// A verdict that names the component and what is in doubt about its alloy; no stress yet.
ComponentVerdict verdict_of(const implant::Component& component, const material::Alloy& alloy);

/// 1 / utilisation; infinite for 0.
double safety_of(double utilisation);

/// True of the kinds that are screwed into the bone.
bool is_screw(implant::ComponentKind kind);

} // namespace calcar::risk
