#include "image/dicom_tags.hpp"

#include "image/compressed.hpp"
#include "image/dicom.hpp"

#include <algorithm>
#include <cctype>
#include <charconv>
#include <cmath>

namespace calcar::image
{
namespace
{
std::optional<std::string> maybe(const std::string& text)
{
  return text.empty() ? std::nullopt : std::optional<std::string>(text);
}

std::optional<double> maybe_number(const DicomTags& tags, const std::string& keyword)
{
  const std::vector<double> numbers = tags.numbers(keyword);
  return numbers.empty() ? std::nullopt : std::optional<double>(numbers[0]);
}

/// "20261102" -> "2026-11-02"; nothing for other forms.
std::optional<std::string> iso_date(const std::string& text)
{
  const bool digits = text.size() == 8 && std::ranges::all_of(text, [](unsigned char c)
                                                              { return std::isdigit(c) != 0; });
  if (!digits)
    return std::nullopt;
  return text.substr(0, 4) + "-" + text.substr(4, 2) + "-" + text.substr(6, 2);
}
} // namespace

std::string DicomTags::text(const std::string& keyword) const
{
  const auto found = values.find(keyword);
  return found == values.end() ? "" : found->second;
}

std::vector<double> numbers_in(const std::string& all)
{
  std::vector<double> result;
  std::size_t start = 0;
  while (start <= all.size() && !all.empty())
  {
    const std::size_t end = std::min(all.find('\\', start), all.size());
    const std::size_t first = std::min(all.find_first_not_of(" +", start), end);
    double value = 0;
    const auto parsed = std::from_chars(all.data() + first, all.data() + end, value);
    if (parsed.ec != std::errc() || !std::isfinite(value))
      return {};
    result.push_back(value);
    start = end + 1;
  }
  return result;
}

std::vector<double> DicomTags::numbers(const std::string& keyword) const
{
  return numbers_in(text(keyword));
}

double DicomTags::number(const std::string& keyword, double fallback) const
{
  const std::vector<double> all = numbers(keyword);
  return all.size() == 1 ? all[0] : fallback;
}

std::vector<DicomTags> scan_tags(const std::vector<std::filesystem::path>& files)
{
  std::vector<DicomTags> result;
  for (const std::filesystem::path& file : files)
  {
    if (!looks_like_dicom(first_bytes(file, 132)))
      continue;
    DicomTags tags = read_tags(file);
    if (!tags.text("Rows").empty()) // a DICOMDIR or a structured report has none
      result.push_back(std::move(tags));
  }
  return result;
}

Acquisition acquisition_of(const DicomTags& tags)
{
  Acquisition a;
  a.modality = maybe(tags.text("Modality"));
  a.kvp = maybe_number(tags, "KVP");
  a.kernel = maybe(tags.text("ConvolutionKernel"));
  a.slice_thickness_mm = maybe_number(tags, "SliceThickness");
  a.contrast_agent = maybe(tags.text("ContrastBolusAgent"));
  a.date = iso_date(tags.text("AcquisitionDate"));
  if (!a.date)
    a.date = iso_date(tags.text("StudyDate"));
  a.manufacturer = maybe(tags.text("Manufacturer"));
  a.model = maybe(tags.text("ManufacturerModelName"));
  a.frame_of_reference = maybe(tags.text("FrameOfReferenceUID"));
  return a;
}

} // namespace calcar::image
