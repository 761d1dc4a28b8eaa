#pragma once

#include "image/volume.hpp"

namespace calcar::image
{

/**
 * Distance in mm from each voxel's centre to the nearest voxel centre inside the mask; 0 inside,
 * infinite everywhere when the mask is empty. Exact for any spacing: lower envelope of parabolas
 * axis by axis (Felzenszwalb and Huttenlocher 2012, Theory of Computing 8:415,
 * doi 10.4086/toc.2012.v008a019).
 */
Volume distance_to(const Mask& mask);

/// The mask and everything within `radius_mm` of it, inside the image.
Mask dilate(const Mask& mask, double radius_mm);

/**
 * Morphological closing with a ball: gaps narrower than twice the radius are filled, nothing is
 * removed. The image is padded meanwhile, so its border has no effect.
 */
Mask close(const Mask& mask, double radius_mm);

} // namespace calcar::image
