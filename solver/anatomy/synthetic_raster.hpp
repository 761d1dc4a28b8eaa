#pragma once

#include "anatomy/synthetic_bone.hpp"

#include <functional>

namespace calcar::anatomy
{

/// Where a body lies in the scanner.
struct Pose
{
  Mat3 to_lps; ///< turns the body's (medial, anterior, proximal) into LPS; mirrors right bones
  Vec3 at_lps; ///< where the point `at_body` lies
  Vec3 at_body;

  Vec3 lps(Vec3 p) const { return at_lps + to_lps * (p - at_body); }
  Vec3 body(Vec3 x) const { return at_body + transpose(to_lps) * (x - at_lps); }
};

/// The pose that puts a point of the body to a place, the bone turned from anatomical position.
Pose pose_of(Side side, const Mat3& rotation, Vec3 at_body, Vec3 at_lps);

/// The box along the axes of `direction` (columns; coordinates along them, mm) that holds a box of
/// the body in its pose.
struct Extent
{
  Vec3 from;
  Vec3 to;
};
Extent extent_of(const Pose& pose, Vec3 low, Vec3 high, const Mat3& direction);

/**
 * The bone and its neighbours painted over what the volume holds. A voxel on a boundary holds the
 * mean of 2 x 2 x 2 sub-points, each shared between bone and what was there by its distance to the
 * surface; its label is that of its centre. Voxels whose centre is not `kept` (in the body's
 * coordinates; empty: all are) stay as they are.
 */
void rasterise(const SyntheticBody& body, const Pose& pose, image::Volume& volume,
               image::LabelMap& labels, const std::function<bool(Vec3)>& kept = {});

} // namespace calcar::anatomy
