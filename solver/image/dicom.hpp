#pragma once

#include "image/acquisition.hpp"
#include "image/dicom_tags.hpp"
#include "image/raw_image.hpp"

#include <filesystem>
#include <string>

namespace calcar::image
{

/// A series with what its files tell about the scan.
struct DicomSeries
{
  RawImage raw;
  std::vector<DicomTags> slices; ///< what each file says, in no order
  Acquisition acquisition;
  std::string sha256; ///< of the hashes of the slices, joined in slice order
};

/// True when the file begins as a DICOM file does ("DICM" at byte 128).
bool looks_like_dicom(const std::vector<std::byte>& start);

/**
 * Reads one series of a modality ("CT", "PT"): the only one of a folder, or the one that `path`, a
 * file, belongs to. Slices are put in order by position, never by name or number (series_grid says
 * what is refused there).
 *
 * InputError (data): no DICOM file, several series in the folder (they are listed), another
 * modality, enhanced multi-frame files, slices without position, orientation or rescale slope,
 * damaged pixels.
 */
DicomSeries read_dicom(const std::filesystem::path& path, const std::string& modality = "CT");

} // namespace calcar::image
