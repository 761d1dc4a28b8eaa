#pragma once

#include "base/warning.hpp"
#include "image/checks.hpp"
#include "image/volume.hpp"

namespace calcar::image
{

/**
 * Whether the border of a mask lies on that of the bone: the mean step of the values across its
 * faces, soft tissue to bone, is compared with that of the same mask moved by up to four steps (of
 * a voxel, or 1.5 mm where voxels are finer) along each axis of the image, and of the mask mirrored
 * in the image. Values count from 0 to 1.5 g/cm^3 (0 to 1500 HU), so that neither lung nor metal
 * decides.
 *
 * Warning "mask_displaced" when a moved mask has more than twice the step of the mask as it lies:
 * it is displaced or much too wide or narrow. InputError (data) when a mirrored mask has more than
 * twice the step of every one that is not: its data were flipped in the file. Nothing is said of a
 * bone whose border does not show (less than 0.05 g/cm^3 or 50 HU, wherever the mask is put).
 *
 * The factor and bounds are the project's own choice: masks of eight real bones had the largest
 * step where they lie, moved by one voxel less than half of it.
 */
Warnings check_mask_fit(const Volume& volume, const Mask& mask, Quantity quantity);

} // namespace calcar::image
