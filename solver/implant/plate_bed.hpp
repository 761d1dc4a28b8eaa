#pragma once

#include "implant/build.hpp"
#include "implant/extent.hpp"

namespace calcar::implant
{

/// The screws of a plate: the template's first kind or the one chosen. Throws InputError (command)
/// for a kind the plate does not take.
const ScrewPlan& plate_screw(const Building& building);

/**
 * The gap under a plate at its nearest place, mm; sets plate_gap_mm. Cortical screws chosen for a
 * locking plate draw it to the bone: 0. A plate that is not bonded keeps the request's least gap.
 */
double plate_gap(const Building& building);

/// The line of the shaft's middle. Throws InputError (data) when the image shows too little of it.
Path middle_line(const Building& building);

/**
 * Middle of a plate's thickness along a side of the bone, between two arc lengths of the bone's
 * middle line: the surface is felt over the plate's width every 3 mm, smoothed over 15 mm to either
 * side and lifted so that nothing of the bone stands through. Throws InputError (data) when the
 * side is not in the image.
 */
Path bent_line(const Building& building, const Path& middle, Span span, Vec3 side, double gap_mm);

/// The plate itself along an axis in the middle of its thickness.
Component plate_component(const Building& building, const std::vector<Vec3>& axis, Vec3 side,
                          int holes);

/// A screw through the plate at a place of its line, across it; nothing, with a warning, where it
/// cannot be.
std::optional<Component> screw_through(const Building& building, const std::string& name,
                                       const Path& line, double at, Vec3 side);

} // namespace calcar::implant
