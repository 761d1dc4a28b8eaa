#pragma once

#include "anatomy/bone_anatomy.hpp"

#include <optional>
#include <vector>

namespace calcar::anatomy
{

/// The centre line of a rib or of a piece of it: a polyline whose points lie about equally far
/// apart.
struct RibCurve
{
  std::vector<Vec3> points;
  std::vector<double> along; ///< length of the line up to each point, mm
};

/// The curve through points in their order, cut into steps of nearly `step_mm`. Needs two points or
/// more that are not all the same.
RibCurve curve_through(const std::vector<Vec3>& points, double step_mm = 1);

double length(const RibCurve& curve);

/// The point after a length of `at` mm; beyond the ends the line runs on straight.
Vec3 point_at(const RibCurve& curve, double at);

/// Unit direction there, from the points `reach_mm` before and behind it.
Vec3 tangent_at(const RibCurve& curve, double at, double reach_mm = 4);

RibCurve reversed(const RibCurve& curve);

/// The part of the curve between two lengths.
RibCurve part_of(const RibCurve& curve, double from, double to);

/// How a curve bends as a whole.
struct RibBend
{
  Vec3 centre;         ///< of gravity
  Vec3 normal;         ///< unit normal of the plane of least squares; its sign is arbitrary
  double rms = 0;      ///< distance of the points from the plane, mm
  Vec3 outward;        ///< unit vector in the plane, across the chord, to the convex side
  double rise_mm = 0;  ///< the farthest the line goes from its chord towards `outward`
  double fall_mm = 0;  ///< and away from it: 0 of a plain arch
  double turn_deg = 0; ///< by which its direction turns in the plane, between places 8 mm from its
                       ///< ends (nearer ones of a line shorter than 40 mm)
};
RibBend bend_of(const RibCurve& curve);

/**
 * The frame of a rib at a place of its curve, which runs from dorsal to ventral: origin there,
 * `superior` as given, anterior the curve's direction there made perpendicular, medial to complete
 * it (right-handed for a left rib).
 */
Frame rib_frame(const RibCurve& dorsal_to_ventral, double at, Vec3 superior, Side side);

/// Where along the curve a direction reaches farthest; nothing when that is within `margin_mm` of
/// an end: then the farthest point of the bone may lie beyond what is seen.
std::optional<double> farthest_along(const RibCurve& curve, Vec3 direction, double margin_mm);

} // namespace calcar::anatomy
