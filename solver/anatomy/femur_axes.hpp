#pragma once

#include "anatomy/bone_shape.hpp"
#include "anatomy/femoral_head.hpp"

#include <optional>

namespace calcar::anatomy
{

/// The neck: a line from the head centre through the centroid of its narrowest section.
struct FemoralNeck
{
  Vec3 centre;         ///< of the narrowest section
  Vec3 direction;      ///< unit, from the head towards the shaft
  double distance = 0; ///< of the narrowest section from the head centre, mm
  double area = 0;     ///< of it, mm^2
  double widening = 0; ///< largest section between it and the trochanters over its area
};

/**
 * Iterates the direction: sections perpendicular to it between 0.5 and 2 head radii, the least area
 * wins, and the line through the centroids around it is the next direction. Nothing when the
 * sections do not stay inside the bone.
 */
std::optional<FemoralNeck> find_femoral_neck(const BoneShape& shape, const FemoralHead& head);

/// The proximal shaft as a straight line.
struct FemoralShaft
{
  Vec3 point;               ///< on the axis, in the middle of the part it was fitted to
  Vec3 distal;              ///< unit direction
  double radius = 0;        ///< mean outer radius there: sqrt(area / pi), mm
  double length = 0;        ///< of shaft it was fitted to, mm
  double deviation_deg = 0; ///< how sure the direction is
  double flare = 0; ///< mean square of the normals of the walls along the axis: 0 for a tube
  double end = 0;   ///< distance of the bone's distal end from the head centre along it, mm
};

/// The first guess of the shaft, before the trochanters are known: the part more than 2.6 head
/// radii from the head.
std::optional<FemoralShaft> guess_shaft(const BoneShape& shape, const FemoralHead& head,
                                        const FemoralNeck& neck);

/**
 * The shaft between two levels (distances from the head centre along the axis, mm): the line
 * through the centroids of its sections. Where they span less than 4.5 shaft radii it leans
 * towards, below 1.5 it is, the direction along which the normals of the walls point least. The
 * levels move up when the bone ends above them. Nothing when fewer than three sections lie inside
 * the bone.
 */
std::optional<FemoralShaft> fit_shaft(const BoneShape& shape, const FemoralHead& head,
                                      const FemoralShaft& guess, double from, double to);

/// Largest distance of the bone from the head centre along a direction, mm.
double extent_along(const BoneShape& shape, Vec3 from, Vec3 direction);

/// The point of the shaft's line at a distance from the head centre along it.
Vec3 shaft_at(const FemoralShaft& shaft, Vec3 head_centre, double distance);

} // namespace calcar::anatomy
