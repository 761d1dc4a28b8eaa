#pragma once

#include "pipeline/other_scans.hpp"

namespace calcar::pipeline
{

/**
 * Lays the bone rigidly on its earlier scan (image/registration.hpp), from the frames, the
 * centroids and the scanner's own place, with the lesions left out, and compares densities on the
 * bone's grid: in each lesion, in the rest of the bone as control, and where they changed most; a
 * lesion's volume and its measured growth where the earlier outline is given. The noise of a
 * lesion's change is the deviation between patches of its size in the rest of the bone, and what
 * putting the later scan onto the voxels of the earlier one and back does to its mean. All limits:
 * materials/lesions/earlier_scan.toml.
 *
 * Returns the change in g/cm^3 on the grid of the bone, 0 where either shows nothing. Throws
 * InputError (data) for scans that do not match, and for an earlier lesion that is another one.
 */
image::Volume compare_with_earlier(const PatientCase& given, const PatientInputs& inputs,
                                   const std::vector<lesion::PlacedLesion>& lesions,
                                   report::Results& results);

} // namespace calcar::pipeline
