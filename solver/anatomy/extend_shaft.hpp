#pragma once

#include "anatomy/bone_anatomy.hpp"
#include "image/volume.hpp"

namespace calcar::anatomy
{

/**
 * Extrudes a bone that is cut off in its shaft by `length_mm` along its proximal axis: density and
 * mask below the cut are those of the first section that is whole, 3 mm above an even cut and
 * farther above one that lies obliquely across the shaft. The image grows as far as needed;
 * `bone.cut_centre` moves along, landmarks stay, and the warning "shaft_extended" is added. For a
 * crop that is too short for its supports to stand away from where the result is read. Throws
 * InputError (command) for a whole bone.
 */
void extend_shaft(image::Volume& density, image::Mask& mask, BoneAnatomy& bone, double length_mm);

} // namespace calcar::anatomy
