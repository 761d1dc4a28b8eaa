#pragma once

#include "pipeline/other_scans.hpp"
#include "pipeline/pipeline.hpp"
#include "pipeline/results_folder.hpp"

namespace calcar::pipeline
{

/// The other side laid mirrored on the bone.
struct OtherSide
{
  image::Volume raw;  ///< its density on the grid of the bone, NaN where it shows nothing
  image::Volume used; ///< the same, NaN also where it may have a lesion itself
};

/**
 * Reads the other side and lays it mirrored on the bone. It is itself checked for lesions against
 * the bone without its own. Throws InputError (data) when it is not the same bone of the other
 * side, when both masks are one bone, when it lies on the wrong side of the bone in their common
 * scan, and when it is a mirrored copy of the bone's own scan.
 */
OtherSide read_other_side(const PatientCase& given, const PatientInputs& inputs,
                          const std::vector<lesion::PlacedLesion>& lesions,
                          report::Results& results);

/**
 * Solves the other side as a bone of its own, in the same way as the bone, into the folder
 * "other_side" of the results; its variant "other side" is put before "as is", and the strengths
 * are compared. Nothing without [contralateral]. Collective; the case is read on rank 0.
 *
 * The bone of its own, not its density mirrored onto the bone's mask: how much sides differ by
 * nature is known of whole bones, shape included; and a cortex of 1 to 2 mm that is laid a
 * millimetre off is cut by the other's mask, which makes the other side weak and hides a lesion.
 */
void run_other_side(const Case& given, const ResultsFolder* folder, Outcome& outcome,
                    MPI_Comm comm);

} // namespace calcar::pipeline
