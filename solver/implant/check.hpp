#pragma once

#include "implant/build.hpp"

namespace calcar::implant
{

/**
 * What must hold of every placement. Throws InputError (data) when pieces that are not joined run
 * into one another, when a nail, rod or cement leaves the bone anywhere but at its entry, when a
 * plate stands in the bone, and when a growth plate is crossed by a template that must not; adds
 * the warnings "growth_plate" (crossed, or not to be seen in a child), "ends_at_lesion",
 * "lesion_not_held" and "screw_in_lesion".
 */
void check(const Building& building);

/// The part of it about what lies inside and outside the bone.
void check_inside(const Building& building);

/// How far a piece of hardware lies outside the bone at the most, mm, leaving out `entry_mm` from
/// its start.
double farthest_outside(const Component& component, const Site& site, double entry_mm);

/// The least gap between two components, from points on the axis of the first; negative when they
/// overlap.
double least_gap(const Component& first, const Component& second);

} // namespace calcar::implant
