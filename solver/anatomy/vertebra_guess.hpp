#pragma once

#include "anatomy/vertebra_axes.hpp"

namespace calcar::anatomy
{

/**
 * A mask of coarse voxels once more in voxels of at most 1.2 mm, cut to the bone and three voxels
 * around it; where the bone touches the border of the image it does so still. Other masks are cut
 * only. Surfaces of a small bone in 3 mm voxels are smoother in it and their normals surer; nothing
 * is in it that was not there before.
 */
image::Mask finer_mask(const image::Mask& mask);

/// A first idea of the axes: whether up is up and front is front is still to be seen.
struct GuessedAxes
{
  VertebraAxes axes;
  double flatness = 0; ///< of the endplates, see FlatEnds
  bool canal = false;  ///< front is told by a canal behind the body
  double symmetry = 0; ///< of a body without canal, front to back: 1 is exact, 0 none
};

/**
 * The axis is that of the flat ends through which, beside the body, a canal is seen, else that of
 * the largest flat ends, those along `wanted_up` (the patient's, or zero) before others: where the
 * posterior elements are cut off, the cut is flat too. Without a canal the front is on the body's
 * mirror plane: that nearest to `wanted_front` (the patient's), or to the side away from the rest
 * of the bone when that is zero. Nothing when the part has no two flat ends.
 */
std::optional<GuessedAxes> guess_axes(const BoneShape& shape, const ThickPart& part,
                                      Vec3 wanted_front, Vec3 wanted_up);

/**
 * The front of a body without canal, to a degree or two: the direction on the plane at which its
 * outlines mirror best, within 20 degrees of one that is roughly the front. `up` must be found.
 */
Vec3 front_of_body(const BoneShape& shape, const ThickPart& part, Vec3 up, Vec3 roughly);

} // namespace calcar::anatomy
