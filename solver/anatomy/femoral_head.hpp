#pragma once

#include "anatomy/bone_shape.hpp"

#include <optional>
#include <vector>

namespace calcar::anatomy
{

/// The head as a sphere.
struct FemoralHead
{
  Vec3 centre;
  double radius = 0;
  double rms = 0; ///< distance of its surface points from the sphere, mm
  double coverage =
      0; ///< share of the directions from the centre in which the bone's surface is the sphere
  std::vector<Vec3> open; ///< the unit vectors of an even net in which it is not
  Vec3 towards_neck;      ///< unit: the middle of the directions not covered
};

/// Share of the head's dome, the directions more than 80 degrees off the neck's, that is surface of
/// the bone. About 0.95 to 1 (the fovea) for a head seen whole.
double dome_seen(const FemoralHead& head, Vec3 towards_neck);

/**
 * Finds the most complete sphere of 8 to 40 mm radius on the surface: each surface point votes for
 * the centres behind it along its normal (Hough transform); the best candidates are refined by
 * least squares over the points whose position and normal fit, and the one that covers most of its
 * sphere is the head. Nothing when no sphere is covered to a fifth.
 */
std::optional<FemoralHead> find_femoral_head(const BoneShape& shape);

} // namespace calcar::anatomy
