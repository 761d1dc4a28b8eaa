#pragma once

#include "image/label_input.hpp"
#include "image/volume.hpp"

#include <filesystem>
#include <string>

namespace calcar::image
{

/// One segment of a DICOM segmentation on its own grid.
struct Segmentation
{
  LabelMap labels; ///< the segment's number inside, 0 outside
  std::string name;
};

/**
 * Reads one segment of a DICOM segmentation (SEG, PS3.3 C.8.20): binary, one bit a pixel, the
 * frames running on in one stream of bits. Frames lie where their plane position says; planes
 * without a frame are empty. The planes must be equally spaced along the normal of their
 * orientation: by SpacingBetweenSlices where the frames fit it, else by the smallest distance
 * between two frames.
 *
 * InputError (data): a segment that is not there (the segments are listed by name), fractional
 * segments, packed pixels, frames without position or of several orientations or unequal distances,
 * pixels that end early, another frame of reference than the CT's, any damage.
 */
Segmentation read_segment(const Space& ct, const std::filesystem::path& file, int number);

} // namespace calcar::image
