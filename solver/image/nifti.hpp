#pragma once

#include "image/raw_image.hpp"

#include <filesystem>

namespace calcar::image
{

/// True when the first bytes of a file are those of a NIfTI or Analyze header, in either byte
/// order.
bool looks_like_nifti(const std::vector<std::byte>& start);

/**
 * Opens a single-file NIfTI-1 or NIfTI-2 image, plain or gzip, in LPS: its values are read from the
 * file as they are asked for.
 *
 * Decoded here and not through ITK, which throws at sforms skewed by rounding, replaces a spacing
 * of zero by 1 mm and fills a file cut short with zeros. The sform is used when its code is set,
 * else the qform; the format is defined in nifti1.h and nifti2.h (NIfTI Data Format Working Group,
 * 2003 and 2011).
 *
 * InputError (data): Analyze or two-file images, more than three dimensions, colour or complex
 * values, spacing that is not positive or contradicts the sform, neither sform nor qform, an sform
 * and a qform that disagree by more than half a voxel, a unit other than mm, truncated data.
 */
OpenImage open_nifti(const std::filesystem::path& file);

} // namespace calcar::image
