#pragma once

#include "image/acquisition.hpp"

#include <cstdint>
#include <filesystem>
#include <map>
#include <string>
#include <vector>

namespace calcar::image
{

/// What is asked of every DICOM file, and where its pixels are. Names are those of the standard
/// (DICOM PS3.6).
struct DicomTags
{
  std::filesystem::path file;
  std::map<std::string, std::string> values; ///< by keyword ("SeriesInstanceUID"), trimmed
  std::uint64_t pixels_start = 0;            ///< byte of the file
  std::uint64_t pixels_length = 0;           ///< bytes; 0 when there are none or they are packed
  bool packed = false;                       ///< JPEG or the like

  std::string text(const std::string& keyword) const; ///< empty when absent
  /// The numbers of a multi-valued tag, separated by backslashes; empty when absent or malformed.
  std::vector<double> numbers(const std::string& keyword) const;
  /// One number; `fallback` when absent or malformed.
  double number(const std::string& keyword, double fallback) const;
};

/// The numbers of a DICOM text, separated by backslashes; empty when it is empty or malformed.
std::vector<double> numbers_in(const std::string& text);

/**
 * Walks through the elements of a DICOM file (PS3.5, explicit or implicit VR, little endian) up to
 * its pixels. Done here, because the library below ITK aborts the process at a damaged header and
 * reads a file cut short as whole. InputError (data) for a file that is damaged, truncated (packed
 * pixels included) or of another transfer syntax.
 */
DicomTags read_tags(const std::filesystem::path& file);

/// The tags of those files that are DICOM images; others (no "DICM" at byte 128, or no rows) are
/// left out.
std::vector<DicomTags> scan_tags(const std::vector<std::filesystem::path>& files);

Acquisition acquisition_of(const DicomTags& tags);

} // namespace calcar::image
