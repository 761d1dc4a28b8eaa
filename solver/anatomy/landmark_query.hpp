#pragma once

#include "anatomy/bone_anatomy.hpp"
#include "base/table.hpp"

namespace calcar::anatomy
{

/**
 * A point as a case file gives it, LPS mm:
 *
 *   { landmark = "femoral_neck_centre", offset_mm = { medial = 6, distal = 4 } }   (the offset may
 * be missing) { point_lps_mm = [12.5, -40, 310] }
 *
 * Records problems in the table and returns the origin of the frame for: neither or both of them,
 * an unknown landmark (the known ones are listed), a landmark outside the image (those found are
 * listed), an unknown direction. Check the table before using the value.
 */
Vec3 resolve_point(const Table& table, const BoneAnatomy& bone);

} // namespace calcar::anatomy
