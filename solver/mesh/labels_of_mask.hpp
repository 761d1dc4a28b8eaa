#pragma once

#include "base/warning.hpp"
#include "image/volume.hpp"
#include "mesh/cuts_of_mask.hpp"

#include <vector>

namespace calcar::mesh
{

/// A body with a smooth surface made of a mask.
struct SmoothBody
{
  geometry::Solid solid;  ///< its distance is not in mm: only the sign has a meaning
  Box box;                ///< holds the body, which goes on a little beyond the cuts
  double level = 0.5;     ///< of the smoothed mask at the surface
  double moved_share = 0; ///< voxels of the mask outside the body and others inside, over all
  Warnings warnings;
};

/**
 * The body of a mask without the staircase of its voxels: { f >= level }, with f the mask smoothed
 * by a Gaussian of one voxel along each axis and interpolated linearly. `level` is near 1/2, such
 * that the body has the mask's volume between the cuts (to 0.1 % of it). Beyond a cut the mask is
 * mirrored, so that the surface runs straight into it.
 *
 * Pieces that smoothing separates are dropped with a warning ("thin_parts_dropped") up to 1 % of
 * the mask, and with more InputError (meshing) is thrown. When more than 5 % of the voxels change
 * sides, the warning "mask_smoothed" says that they are coarse for the bone.
 */
SmoothBody smooth_body(const image::Mask& mask, const std::vector<CutPlane>& cuts);

} // namespace calcar::mesh
