#pragma once

#include "geometry/triangle_surface.hpp"
#include "image/volume.hpp"

namespace calcar::image
{

/**
 * The voxels whose centres a closed surface encloses, by the parity of crossings along k: cubes of
 * `size_mm` along LPS with `margin` empty voxels around. The grid is shifted by an odd fraction of
 * a voxel, so that rays miss the points of surfaces with round coordinates; a ray through an edge
 * counts it once. Throws InputError (data) when the surface encloses no centre, or when more than
 * 2^31 voxels would be needed (a wrong unit).
 */
Mask rasterise(const geometry::TriangleSurface& surface, double size_mm, int margin);

} // namespace calcar::image
