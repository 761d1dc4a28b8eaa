#pragma once

#include "image/volume.hpp"

namespace calcar::image
{

/**
 * Trilinear value of a volume at a continuous index. Up to half a voxel outside the outermost
 * centres the nearest values hold; beyond that, where no voxel reaches, `outside`.
 */
float sample_index(const Volume& volume, Vec3 index, float outside);

/// The same at an LPS point in mm.
float sample_linear(const Volume& volume, Vec3 lps_point, float outside);

/// Trilinear share of the mask at a continuous index, 0 to 1; voxels outside the image count as
/// empty.
float fraction(const Mask& mask, Vec3 index);

/**
 * Cubes of `size_mm` along the axes of the mask's image that cover its bounding box and one cube
 * more on each side, centred on the box. Centre and number of cubes follow from the box alone, so
 * an image that is flipped or turned by 90 degrees gives the same cubes in space. Throws InputError
 * (data) for an empty mask, (command) for a size that is not positive.
 */
Grid isotropic_grid(const Mask& mask, double size_mm);

/**
 * Linear interpolation on another grid. A target voxel larger than those of the source is averaged
 * over sub-points, about one for each source voxel in it, at most 8 an axis. Sub-points outside the
 * source do not count; a target voxel wholly outside gets `outside`.
 */
Volume resample(const Volume& volume, const Grid& grid, float outside = 0);

/**
 * Labels on another grid: each target voxel takes the label with the largest share of its volume,
 * from trilinear shares at sub-points (2 to 8 an axis). The sum of shares is compared, not the
 * nearest voxel, and equal shares go to the larger label number, so that flipped images give equal
 * labels. Space outside the source counts as label 0.
 */
LabelMap resample_labels(const LabelMap& labels, const Grid& grid);

/// The same for a mask: a target voxel is inside when at least half of it is.
Mask resample_mask(const Mask& mask, const Grid& grid);

} // namespace calcar::image
