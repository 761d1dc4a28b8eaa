#pragma once

#include "lesion/candidates.hpp"
#include "pipeline/case.hpp"
#include "pipeline/inputs.hpp"
#include "pipeline/results_folder.hpp"
#include "report/results.hpp"

#include <optional>
#include <vector>

namespace calcar::pipeline
{

/// What other scans of the bone gave for its images; nothing that the case does not ask for.
struct OtherScans
{
  /// The other side's density on the grid of the bone; NaN where it shows nothing, and where it may
  /// have a lesion itself.
  std::optional<image::Volume> mirrored;
  std::vector<lesion::Candidate> candidates;   ///< for the eyes alone: nothing is solved with them
  std::optional<image::Volume> density_change; ///< g/cm^3 since the earlier scan; 0 outside both
};

/**
 * Reads the other side, searches for candidates and compares with the earlier scan, as the case
 * asks; what was found goes into `results`. Throws InputError: as read_inputs() says of each scan,
 * for scans that do not fit the bone, and for what is no lesion of it.
 */
OtherScans read_other_scans(const PatientCase& given, const PatientInputs& inputs,
                            const std::vector<lesion::PlacedLesion>& lesions,
                            report::Results& results);

/// Writes candidates.nii.gz (labels by number) and density_change.nii.gz (g/cm^3), where there are
/// any, on the grid of the CT.
void write_other_scans(const OtherScans& scans, const ResultsFolder& folder);

/// Puts warnings, `words` before each, and sources of another scan beside those of the bone, each
/// once.
void add_scan(const report::Results& read, const std::string& words, report::Results& results);

/// A case of another scan of the bone: without its lesions, landmarks and further scans.
PatientCase case_of(const PatientCase& given, const FurtherScan& scan);

/// Voxels of the bone within `beyond_mm` of lesions that the CT shows or an image outlines.
image::Mask near_lesions(const image::Mask& bone, const std::vector<lesion::PlacedLesion>& lesions,
                         double beyond_mm);

} // namespace calcar::pipeline
