#pragma once

#include "anatomy/femur_axes.hpp"

namespace calcar::anatomy
{

/// The lesser trochanter, found without knowing front from back.
struct LesserTrochanter
{
  Vec3 tip;              ///< most prominent point of the surface
  double level = 0;      ///< distance from the head centre along the shaft axis, mm
  double prominence = 0; ///< height over the shaft around it, mm
  double opposite = 0;   ///< the greatest prominence on the other side of the neck's plane, mm
  double azimuth_deg =
      0; ///< around `distal`, from the head's side; its sign is that of cross(distal, towards head)
};

/**
 * Looks for the bump: on the map of the surface's distance from the shaft axis over level and
 * azimuth, the white top-hat along the axis, 1.7 to 3.2 head radii below the head centre and within
 * 15 to 95 degrees of the head's side on both sides of the plane through neck and shaft.
 */
LesserTrochanter find_lesser_trochanter(const BoneShape& shape, const FemoralHead& head,
                                        const FemoralShaft& shaft);

} // namespace calcar::anatomy
