#pragma once

#include "image/label_input.hpp"

#include <filesystem>

namespace calcar::image
{

/**
 * A region of interest of a DICOM RTSTRUCT (PS3.3 C.8.8.5, C.8.8.6) as a mask on the CT's grid. Its
 * closed planar contours must lie in the CT's slices; in each plane they are filled by the even-odd
 * rule (inside_share) and a voxel is inside when at least half of it is. A slice of the CT takes
 * the nearest plane of contours within half the distance of two planes; open contours and points
 * are left out with the warning "contours_left_out"; planes missing in between are told by
 * "contours_missing", contours outside the CT by "contours_outside".
 *
 * InputError (data): a region that is not there (the regions are listed by number and name), one
 * without closed contours, contours that do not lie in the slices, or wholly outside the CT,
 * another frame of reference than the CT's, any damage.
 */
LabelInput read_structure(const Space& ct, const std::filesystem::path& file, int number);

} // namespace calcar::image
