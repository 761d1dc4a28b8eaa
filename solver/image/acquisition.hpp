#pragma once

#include <optional>
#include <string>

namespace calcar::image
{

/// How a scan was taken, as far as its file tells. DICOM alone tells; nothing here identifies the
/// patient.
struct Acquisition
{
  std::optional<std::string> modality;
  std::optional<double> kvp;         ///< tube voltage, kV
  std::optional<std::string> kernel; ///< convolution kernel
  std::optional<double> slice_thickness_mm;
  std::optional<std::string> contrast_agent; ///< empty optional: none recorded
  std::optional<std::string> date;           ///< acquisition (else study) date, ISO form
  std::optional<std::string> manufacturer;
  std::optional<std::string> model;
  /// FrameOfReferenceUID: images with one value share one space. A random number, no name.
  std::optional<std::string> frame_of_reference;
};

/// Days from one date to another, both in ISO form ("2026-11-02"); nothing when one is not a date.
std::optional<double> days_between(const std::string& from, const std::string& to);

} // namespace calcar::image
