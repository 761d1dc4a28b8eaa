#pragma once

#include "lesion/lesion.hpp"

namespace calcar::lesion
{

/**
 * The shapes by name. All lie in the bone's own directions and move, turn and are mirrored with it:
 *
 * sphere             radius_mm
 * ellipsoid          radii_mm = { medial, anterior, proximal }
 * capsule            radius_mm, between `from` and `to`, or length_mm (ends included) along the
 *                    bone's axis about `centre`
 * cortical_breach    arc_deg, length_mm: the wall through its whole cortex, or depth_mm of it from
 *                    outside, in a sector of the girth about `direction`
 * endosteal_scalloping  depth_mm, arc_deg, length_mm: a bowl in the inner side of the cortex,
 *                    depth (1 - u^2 - v^2), u and v from -1 to 1 over arc and length
 * transcortical_hole diameter_mm along `direction`, from outside to the axis, or through both
 *                    cortices
 * permeative         balls of hole_diameter_mm, holes_per_cm3 of them, in an ellipsoid (radii_mm)
 * biopsy_hole        form = "round" (diameter_mm), "oblong" (width_mm, length_mm along the bone,
 *                    ends round) or "window" (width_mm, length_mm), from outside to the axis
 */
const std::vector<std::string>& shape_names();

/// Reads `shape` and what it asks for into the lesion; returns the tissue that fills it when none
/// is named.
std::string read_shape(const Table& table, anatomy::BoneKind bone, Lesion& lesion);

/// Places a lesion that is given by a shape.
PlacedLesion place_shape(const Lesion& lesion, const Ground& ground);

} // namespace calcar::lesion
