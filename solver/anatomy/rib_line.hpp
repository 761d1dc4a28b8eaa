#pragma once

#include "anatomy/bone_shape.hpp"
#include "anatomy/rib_curve.hpp"

#include <string>
#include <vector>

namespace calcar::anatomy
{

/// A section across the rib, as an ellipse of the same area and second moments.
struct RibStation
{
  double along = 0; ///< mm of the centre line from its first end
  Vec3 centre;
  double area = 0;      ///< mm^2
  double half_long = 0; ///< semi-axes, mm
  double half_short = 0;
  Vec3 long_axis; ///< unit, its sign arbitrary
  Section section;
};

/// A long thin bone, as its mask shows it: no direction has a name yet.
struct RibLine
{
  BoneShape shape;                  ///< in voxels of 1.25 mm or less
  double voxel_mm = 1;              ///< largest spacing of the image
  RibCurve curve;                   ///< centre line from surface to surface
  std::vector<RibStation> stations; ///< every 2 mm between the ends
  double branched = 0; ///< share of the bone, cut across its length, that falls into several parts
  double rough_mm = 0; ///< rms distance of the sections' centres from the smooth line
};

/**
 * The centre line of the largest piece of the mask: bands of equal distance through the bone from
 * one of its ends (Dijkstra over 26 neighbours, from the voxel farthest of all) give a first line,
 * sections perpendicular to it their centroids, and local parabolas through these the line; three
 * rounds. Throws InputError when the mask is not one long thin bone of the girth of a rib.
 */
RibLine rib_line(const image::Mask& mask, const std::string& place);

} // namespace calcar::anatomy
