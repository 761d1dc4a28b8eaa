#pragma once

#include "image/raw_image.hpp"
#include "image/text_header.hpp"

#include <filesystem>

namespace calcar::image
{

/// Reads a NRRD or MetaImage file through ITK, after check_text_header. Both are LPS inside ITK.
/// Throws InputError (data) with what the library says.
RawImage read_with_itk(const std::filesystem::path& file, TextFormat format);

/// One DICOM slice with packed pixels (JPEG, JPEG 2000, RLE) through ITK (GDCM), slope and
/// intercept applied. To be called after read_tags, which refuses damaged files: GDCM aborts at
/// some of them.
RawImage read_packed_dicom(const std::filesystem::path& file);

} // namespace calcar::image
