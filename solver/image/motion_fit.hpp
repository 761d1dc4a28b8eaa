#pragma once

#include "image/registration.hpp"

#include <array>
#include <vector>

namespace calcar::image
{

/// Voxels of a mask on a regular lattice of its order in memory, at most 40 000.
std::vector<std::array<int, 3>> sampled_voxels(const Mask& where);

/// Mean of the voxels' places, LPS mm. The mask is not empty.
Vec3 centroid(const Mask& where);

/**
 * The motion at the least squares of the difference between both scans, with a scale and an offset
 * of one to the other free: Gauss-Newton from an end of mutual information, whose maximum is flat
 * about the axis of a bone. The best motion met is kept.
 */
RigidMotion sharpened(const Volume& fixed, const Mask& where, const Volume& moving,
                      RigidMotion motion);

} // namespace calcar::image
