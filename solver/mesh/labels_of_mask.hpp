#pragma once

#include "base/warning.hpp"
#include "image/volume.hpp"
#include "mesh/tetrahedra.hpp"

#include <optional>
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
 * the mask. Throws InputError (meshing) when they are more, and when more than 10 % of the voxels
 * change sides: the voxels are too coarse for the bone.
 */
SmoothBody smooth_body(const image::Mask& mask, const std::vector<CutPlane>& cuts);

/**
 * The planes in which a mask is cut off along the axes of its image: sides on which it touches the
 * border, and flat ends inside (a crop that was padded again): the outermost layer has at least 0.5
 * cm^2 and, inside, 70 % of the area 4 mm further in. The plane lies on the outer faces of the
 * outermost voxels. Largest first; a plane that meets a larger one within the mask is left out.
 */
std::vector<CutPlane> flat_cuts(const image::Mask& mask);

/**
 * The plane in which a mask is cut off obliquely to its axes near a point: fitted to where rays
 * along `outward` leave the mask for good, within 8 mm of the point. Nothing when the end is no
 * plane (points off by more than 0.6 voxel, root mean square).
 */
std::optional<CutPlane> oblique_cut(const image::Mask& mask, Vec3 centre, Vec3 outward);

} // namespace calcar::mesh
