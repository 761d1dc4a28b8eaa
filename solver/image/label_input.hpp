#pragma once

#include "base/warning.hpp"
#include "image/acquisition.hpp"
#include "image/volume.hpp"

#include <filesystem>
#include <optional>
#include <string>

namespace calcar::image
{

/// The space that labels and other images are brought into: that of the CT.
struct Space
{
  Grid grid;
  std::optional<std::string> frame_of_reference; ///< of the CT, when DICOM told
};

/// A mask on the grid of the CT.
struct LabelInput
{
  Mask mask;
  std::string name;       ///< of the segment or region of interest; empty for plain label images
  bool resampled = false; ///< it came from another grid
  Warnings warnings;
};

/**
 * The voxels of one label, from whatever file holds it:
 *
 * - a label image (NIfTI, NRRD, MetaImage) on any grid: labels_on();
 * - a DICOM segmentation (SEG): the label is the segment's number;
 * - a DICOM RTSTRUCT: the label is the number of the region of interest, filled on the CT's grid.
 *
 * InputError (data): as the readers say; a label that is not there, with the labels, segments or
 * regions that are, by name; a FrameOfReferenceUID other than the CT's when both are known; an
 * image that does not overlap with the CT.
 */
LabelInput read_mask_on(const Space& ct, const std::filesystem::path& file, int label);

/// Labels on another grid.
struct LabelsOn
{
  LabelMap labels;
  bool resampled = false;
  Warnings warnings;
};

/**
 * Labels on the grid of the CT. On the same grid they stay as they are; from another one they are
 * resampled by both affines (resample_labels) with the warning "labels_resampled", which tells both
 * grids. Labelled voxels outside the CT are told by "labels_outside".
 *
 * InputError (data) when the grid has the CT's voxels but lies elsewhere, mirrored or turned by
 * half a turn too, or has its axes swapped (a mask drawn on this CT whose header was damaged), when
 * not one labelled voxel lies inside the CT (a mask of another patient, or of another coordinate
 * system), and when a label does not survive the resampling.
 */
LabelsOn labels_on(const Grid& ct, LabelMap labels);

/// Values on another grid: uptake, MRI.
struct ValuesOn
{
  Volume values;
  Mask covered; ///< voxels of the CT that the image reaches
  bool resampled = false;
  Warnings warnings;
};

/**
 * Values on the grid of the CT, linearly interpolated (resample); where the image does not reach,
 * 0 and not covered. Warnings "values_resampled" and, below 99 % of the CT, "values_cover_part".
 * InputError (data) when the two do not overlap.
 */
ValuesOn values_on(const Grid& ct, Volume values);

/// "122x101x112 voxels of 3x3x3 mm from (-180, -120, 40) to ..." in LPS mm.
std::string grid_in_words(const Grid& grid);

/// Refuses a file whose frame of reference is known and differs from the CT's, known too.
void require_same_frame(const Space& ct, const std::string& frame, const std::string& place);

} // namespace calcar::image
