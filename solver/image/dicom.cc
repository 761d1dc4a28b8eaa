#include "image/dicom.hpp"

#include "base/error.hpp"
#include "base/text.hpp"
#include "image/dicom_slices.hpp"
#include "image/dicom_tags.hpp"
#include "image/itk_read.hpp"

#include <algorithm>
#include <cstring>
#include <fstream>
#include <map>

namespace calcar::image
{
namespace
{
using Files = std::vector<std::filesystem::path>;

[[noreturn]] void refuse(const std::filesystem::path& place, const std::string& given,
                         const std::string& allowed, const std::string& remedy)
{
  throw InputError(Fault::data, {place.string(), given, allowed, remedy, ""});
}

Files files_of(const std::filesystem::path& folder)
{
  Files files;
  for (const auto& entry : std::filesystem::directory_iterator(folder))
    if (entry.is_regular_file())
      files.push_back(entry.path());
  std::ranges::sort(files);
  return files;
}

using BySeries = std::map<std::string, std::vector<DicomTags>>;

BySeries by_series(std::vector<DicomTags> all)
{
  BySeries series;
  for (DicomTags& tags : all)
    series[tags.text("SeriesInstanceUID")].push_back(std::move(tags));
  return series;
}

[[noreturn]] void refuse_several(const std::filesystem::path& folder, const BySeries& series)
{
  std::string list;
  for (const auto& [uid, slices] : series)
  {
    const DicomTags& first = slices.front();
    list += (list.empty() ? "" : "; ") + first.text("Modality") + " \"" +
            first.text("SeriesDescription") + "\" with " + std::to_string(slices.size()) +
            " slices, first file \"" + first.file.filename().string() + "\"";
  }
  refuse(folder, "the folder holds " + std::to_string(series.size()) + " series: " + list,
         "one series", "give one file of the wanted series instead of the folder");
}

std::vector<DicomTags> chosen_series(const std::filesystem::path& path)
{
  const bool is_folder = std::filesystem::is_directory(path);
  const std::filesystem::path folder = is_folder ? path : path.parent_path();
  BySeries series = by_series(scan_tags(files_of(folder.empty() ? "." : folder)));
  if (series.empty())
    refuse(path, "no DICOM image is there", "a folder with the slices of one CT series",
           "give the folder that holds the slices, or a .nii.gz, .nrrd or .mha file");
  if (is_folder)
  {
    if (series.size() > 1)
      refuse_several(path, series);
    return series.begin()->second;
  }
  const std::vector<DicomTags> wanted = scan_tags({path});
  if (wanted.empty())
    refuse(path, "the file is DICOM but holds no image", "a slice of a CT series",
           "give the folder that holds the slices");
  return series[wanted.front().text("SeriesInstanceUID")];
}

void check_kind(const DicomTags& tags, const std::filesystem::path& place,
                const std::string& wanted)
{
  const std::string modality = tags.text("Modality");
  if (modality != wanted)
    refuse(place, "the series is of modality \"" + modality + "\"", wanted,
           wanted == "CT" ? "density cannot be read from other scans"
                          : "uptake is read from PET alone");
  if (tags.number("SamplesPerPixel", 1) != 1)
    refuse(tags.file, "the pixels hold colours", "one number a pixel",
           "give the original CT series");
  const std::vector<double> frames = tags.numbers("NumberOfFrames");
  const std::string kind = tags.text("SOPClassUID");
  const bool enhanced =
      kind == "1.2.840.10008.5.1.4.1.1.2.1" || kind == "1.2.840.10008.5.1.4.1.1.130";
  if (enhanced || (!frames.empty() && frames[0] > 1))
    refuse(tags.file, "the file holds several frames (enhanced " + wanted + ")", "one slice a file",
           "convert the series to NIfTI first (for example dcm2niix)");
}

Slice slice_of(const DicomTags& tags)
{
  const auto needed = [&tags](const std::string& keyword, std::size_t count)
  {
    std::vector<double> numbers = tags.numbers(keyword);
    if (numbers.size() != count)
      refuse(tags.file, "the slice has no valid " + keyword, "",
             "export the original series from the scanner or PACS");
    return numbers;
  };
  needed("RescaleSlope", 1); // without them the numbers are not known to be HU
  needed("RescaleIntercept", 1);
  const std::vector<double> p = needed("ImagePositionPatient", 3);
  const std::vector<double> o = needed("ImageOrientationPatient", 6);
  const std::vector<double> s = needed("PixelSpacing", 2);
  Slice slice{tags.file, {p[0], p[1], p[2]}, {o[0], o[1], o[2]}, {o[3], o[4], o[5]}, s[1], s[0], 0,
              0};
  slice.columns = static_cast<int>(needed("Columns", 1)[0]);
  slice.rows = static_cast<int>(needed("Rows", 1)[0]);
  return slice;
}

/// Facts in which a series should not differ from slice to slice.
void warn_of_mixture(const std::vector<DicomTags>& series, const std::string& place,
                     Warnings& warnings)
{
  for (const char* keyword : {"KVP", "ConvolutionKernel", "SliceThickness"})
    for (const DicomTags& tags : series)
      if (tags.text(keyword) != series.front().text(keyword))
      {
        warnings.push_back({"mixed_acquisition",
                            std::string("the slices differ in ") + keyword + " (\"" +
                                series.front().text(keyword) + "\" and \"" + tags.text(keyword) +
                                "\")",
                            place});
        break;
      }
}

/// Unpacked pixels as they stand in the file; bits beyond those stored hold overlays in old files
/// and are cut off.
RawImage unpacked_pixels(const DicomTags& tags)
{
  const int stored = static_cast<int>(tags.number("BitsStored", 16));
  const bool is_signed = tags.number("PixelRepresentation", 0) == 1;
  if (tags.number("BitsAllocated", 0) != 16 || stored < 8 || stored > 16)
    refuse(tags.file, "the pixels are not stored in 16 bits", "16-bit CT",
           "export the original series from the scanner or PACS");
  RawImage raw;
  raw.type = ValueType::int16;
  raw.slope = tags.number("RescaleSlope", 1);
  raw.intercept = tags.number("RescaleIntercept", 0);
  raw.bytes.resize(tags.pixels_length);
  std::ifstream in(tags.file, std::ios::binary);
  in.seekg(static_cast<std::streamoff>(tags.pixels_start));
  in.read(reinterpret_cast<char*>(raw.bytes.data()),
          static_cast<std::streamsize>(raw.bytes.size()));
  raw.type = is_signed ? ValueType::int16 : ValueType::uint16;
  for (std::size_t at = 0; stored < 16 && at + 1 < raw.bytes.size(); at += 2)
  {
    std::uint16_t value;
    std::memcpy(&value, &raw.bytes[at], 2);
    value = static_cast<std::uint16_t>(value << (16 - stored));
    value = is_signed
                ? static_cast<std::uint16_t>(static_cast<std::int16_t>(value) >> (16 - stored))
                : static_cast<std::uint16_t>(value >> (16 - stored));
    std::memcpy(&raw.bytes[at], &value, 2);
  }
  return raw;
}

void append_slice(RawImage& series, const DicomTags& tags)
{
  const std::array<int, 3> size = {series.grid.size[0], series.grid.size[1], 1};
  RawImage slice = tags.packed ? read_packed_dicom(tags.file) : unpacked_pixels(tags);
  if (tags.packed && slice.grid.size != size)
    refuse(tags.file, "the pixels do not have the stated rows and columns", "",
           "export the series again");
  slice.grid.size = size;
  const std::vector<float> values =
      to_volume(open_raw(std::move(slice)), tags.file.string()).values;
  const auto* first = reinterpret_cast<const std::byte*>(values.data());
  series.bytes.insert(series.bytes.end(), first, first + values.size() * sizeof(float));
}
} // namespace

bool looks_like_dicom(const std::vector<std::byte>& start)
{
  return start.size() >= 132 && std::memcmp(start.data() + 128, "DICM", 4) == 0;
}

DicomSeries read_dicom(const std::filesystem::path& path, const std::string& modality)
{
  std::vector<DicomTags> tags = chosen_series(path);
  std::vector<Slice> slices;
  std::map<std::filesystem::path, const DicomTags*> tags_of;
  for (const DicomTags& t : tags)
  {
    check_kind(t, path, modality);
    tags_of[t.file] = &t;
    slices.push_back(slice_of(t));
  }
  CheckedGrid checked = series_grid(slices, path.string());
  DicomSeries result;
  result.acquisition = acquisition_of(tags.front());
  result.raw.grid = checked.grid;
  result.raw.warnings = std::move(checked.warnings);
  warn_of_mixture(tags, path.string(), result.raw.warnings);
  result.raw.type = ValueType::float32;
  result.raw.bytes.reserve(checked.grid.voxels() * sizeof(float));
  std::string hashes;
  for (const Slice& slice : slices)
  {
    append_slice(result.raw, *tags_of[slice.file]);
    hashes += sha256_of(slice.file);
  }
  result.sha256 = sha256_of_text(hashes);
  result.slices = std::move(tags);
  return result;
}

} // namespace calcar::image
