#pragma once

#include "lesion/lesion.hpp"

namespace calcar::lesion
{

/// Reads `mask = { file, label }` and `source = "ct" | "mri"` into the lesion.
void read_mask_choice(const Table& table, Lesion& lesion);

/// Reads `from_uptake = { file, threshold | share_of_maximum, unit }` into the lesion.
void read_uptake_choice(const Table& table, Lesion& lesion);

/// A solid from a mask: the signed distance of voxel centres to the nearest on the other side, less
/// half a voxel, linear between. It is known, and the lesion ends, `beyond_mm` from the mask.
/// Throws InputError (data) for an empty mask.
PlacedLesion lesion_of_mask(const Lesion& lesion, const image::Mask& mask, double beyond_mm);

/**
 * The part of the bone whose uptake is at least the lesion's threshold. Throws InputError (data)
 * when nothing is, with the largest uptake inside the bone, or when less than half of the bone is
 * covered by the image.
 */
image::Mask mask_of_uptake(const Lesion& lesion, const image::Volume& uptake,
                           const image::Mask& covered, const image::Mask& bone);

/**
 * Reads the image of a lesion onto the grid of the CT and places it. Throws InputError (data): as
 * the readers say (a label that is not there, an image that does not overlap with the CT, a frame
 * of reference other than the CT's), and when more than half of a mask lies outside the bone, which
 * is a mask shifted by its affine or one of another bone.
 */
PlacedLesion place_image(const Lesion& lesion, const Ground& ground);

/// Refuses a mask more than half of which lies outside the bone; beyond a fifth it is told by the
/// warning "lesion_outside_bone". Throws InputError (data).
Warnings check_inside_bone(const Lesion& lesion, const image::Mask& mask, const Ground& ground);

} // namespace calcar::lesion
