#include "image/segmentation.hpp"

#include "base/error.hpp"
#include "base/provenance.hpp"
#include "base/text.hpp"
#include "image/dicom_object.hpp"
#include "image/grid.hpp"

#include <algorithm>
#include <cmath>
#include <cstring>
#include <limits>

namespace calcar::image
{
namespace
{
constexpr double lattice_tolerance = 0.05;                    ///< of the distance of two planes
constexpr std::uint64_t most_voxels = std::uint64_t{1} << 29; ///< of one segment's box
constexpr double most_planes = 5000;                          ///< 2.5 m of body in slices of 0.5 mm

struct Frame
{
  int segment = 0;
  Vec3 position;
  std::uint64_t first_bit = 0;
};

/// What all frames share, and the frames.
struct Frames
{
  int rows = 0, columns = 0;
  double row_mm = 0, column_mm = 0, between_mm = 0, thickness_mm = 0;
  Vec3 along_row, along_column;
  std::vector<Frame> frames;

  std::uint64_t pixels() const
  {
    return static_cast<std::uint64_t>(rows) * static_cast<std::uint64_t>(columns);
  }
  Vec3 normal() const { return normalized(cross(along_row, along_column)); }
};

std::string segment_name(DicomObject& object, int number)
{
  std::string list;
  for (DcmItem* segment : items_of(object.data_set(), DCM_SegmentSequence))
  {
    const int found = count_of(*segment, DCM_SegmentNumber);
    const std::string name = text_of(*segment, DCM_SegmentLabel);
    if (found == number)
      return name;
    list += (list.empty() ? "" : ", ") + std::to_string(found) + " \"" + name + "\"";
  }
  object.refuse("no segment has number " + std::to_string(number),
                list.empty() ? "" : "the segments: " + list, "choose the segment of the bone");
}

void check_kind(const DicomObject& object, DcmItem& data)
{
  if (text_of(data, DCM_SOPClassUID) != UID_SegmentationStorage)
    object.refuse("the segmentation is of another kind (" + text_of(data, DCM_SOPClassUID) + ")",
                  "Segmentation Storage with binary segments",
                  "export it as binary segments, or as a NIfTI label image");
  const std::string type = text_of(data, DCM_SegmentationType);
  if (type != "BINARY")
    object.refuse("the segments are of type \"" + type + "\"", "BINARY",
                  "export binary segments: where a share ends a bone is for the person who drew it "
                  "to say");
  if (count_of(data, DCM_BitsAllocated) != 1)
    object.refuse("the binary segments are not stored in one bit a pixel");
}

/// A functional group of a frame: its own, else the shared one.
DcmItem* group(DcmItem* own, DcmItem* shared, const DcmTagKey& tag)
{
  DcmItem* found = own ? first_item(*own, tag) : nullptr;
  return found || !shared ? found : first_item(*shared, tag);
}

std::vector<double> needed(const DicomObject& object, DcmItem* item, const DcmTagKey& tag,
                           std::size_t count, const char* what)
{
  std::vector<double> numbers = item ? numbers_of(*item, tag) : std::vector<double>{};
  if (numbers.size() != count)
    object.refuse(std::string("a frame has no valid ") + what);
  return numbers;
}

void take_orientation(const DicomObject& object, const std::vector<double>& o, Frames& frames)
{
  const Vec3 row = {o[0], o[1], o[2]}, column = {o[3], o[4], o[5]};
  if (std::abs(norm(row) - 1) > 1e-3 || std::abs(norm(column) - 1) > 1e-3 ||
      std::abs(dot(row, column)) > 1e-3)
    object.refuse("the orientation of a frame is not that of a plane");
  if (!frames.frames.empty() &&
      (norm(row - frames.along_row) > 1e-4 || norm(column - frames.along_column) > 1e-4))
    object.refuse("the frames have several orientations", "one");
  frames.along_row = row;
  frames.along_column = column;
}

void take_measures(const DicomObject& object, DcmItem* measures, Frames& frames)
{
  const std::vector<double> s = needed(object, measures, DCM_PixelSpacing, 2, "PixelSpacing");
  if (!(s[0] > 0 && s[1] > 0 && s[0] < 100 && s[1] < 100))
    object.refuse("the spacing of the pixels is not positive");
  if (!frames.frames.empty() && (s[0] != frames.row_mm || s[1] != frames.column_mm))
    object.refuse("the frames have several pixel spacings", "one");
  frames.row_mm = s[0];
  frames.column_mm = s[1];
  const std::vector<double> between = numbers_of(*measures, DCM_SpacingBetweenSlices);
  const std::vector<double> thickness = numbers_of(*measures, DCM_SliceThickness);
  frames.between_mm = between.size() == 1 ? std::abs(between[0]) : 0;
  frames.thickness_mm = thickness.size() == 1 ? std::abs(thickness[0]) : 0;
}

Frames read_frames(DicomObject& object)
{
  DcmItem& data = object.data_set();
  Frames frames;
  frames.rows = count_of(data, DCM_Rows);
  frames.columns = count_of(data, DCM_Columns);
  if (frames.rows < 1 || frames.columns < 1)
    object.refuse("the number of rows or columns is missing");
  DcmItem* shared = first_item(data, DCM_SharedFunctionalGroupsSequence);
  const std::vector<DcmItem*> groups = items_of(data, DCM_PerFrameFunctionalGroupsSequence);
  if (count_of(data, DCM_NumberOfFrames) != static_cast<int>(groups.size()) || groups.empty())
    object.refuse("the file describes " + std::to_string(groups.size()) + " frames and holds " +
                  text_of(data, DCM_NumberOfFrames));
  for (DcmItem* own : groups)
  {
    take_orientation(object,
                     needed(object, group(own, shared, DCM_PlaneOrientationSequence),
                            DCM_ImageOrientationPatient, 6, "ImageOrientationPatient"),
                     frames);
    take_measures(object, group(own, shared, DCM_PixelMeasuresSequence), frames);
    const std::vector<double> p = needed(object, group(own, shared, DCM_PlanePositionSequence),
                                         DCM_ImagePositionPatient, 3, "ImagePositionPatient");
    DcmItem* identity = group(own, shared, DCM_SegmentIdentificationSequence);
    const int segment = identity ? count_of(*identity, DCM_ReferencedSegmentNumber) : -1;
    if (segment < 1)
      object.refuse("a frame does not say of which segment it is");
    frames.frames.push_back({segment, {p[0], p[1], p[2]}, frames.frames.size() * frames.pixels()});
  }
  return frames;
}

/// True when all distances are multiples of the step.
bool on_lattice(const std::vector<double>& distances, double step)
{
  return step > 0 && std::ranges::all_of(distances,
                                         [&](double d)
                                         {
                                           const double n = (d - distances.front()) / step;
                                           return std::abs(n - std::round(n)) <= lattice_tolerance;
                                         });
}

double plane_distance(const DicomObject& object, const Frames& frames)
{
  std::vector<double> distances;
  for (const Frame& frame : frames.frames)
    distances.push_back(dot(frames.normal(), frame.position));
  std::ranges::sort(distances);
  if (on_lattice(distances, frames.between_mm))
    return frames.between_mm;
  double least = std::numeric_limits<double>::infinity();
  for (std::size_t i = 1; i < distances.size(); ++i)
    if (const double d = distances[i] - distances[i - 1]; d > 1e-3)
      least = std::min(least, d);
  if (!std::isfinite(least)) // one plane alone
    least = frames.between_mm > 0 ? frames.between_mm : frames.thickness_mm;
  if (!on_lattice(distances, least))
    object.refuse(
        "the planes of the frames are not equally spaced (nearest two: " + format_number(least) +
            " mm)",
        "planes at equal distances", "export the segmentation on the slices of its series");
  return least;
}

/// The bits of all frames, as bytes; the lowest bit is the first pixel (PS3.5 8.2).
std::vector<std::uint8_t> pixel_bits(const DicomObject& object, DcmItem& data)
{
  const Uint8* bytes = nullptr;
  const Uint16* words = nullptr;
  unsigned long count = 0;
  if (data.findAndGetUint8Array(DCM_PixelData, bytes, &count).good() && bytes)
    return {bytes, bytes + count};
  if (data.findAndGetUint16Array(DCM_PixelData, words, &count).bad() || !words)
    object.refuse("the pixels are missing or packed", "uncompressed pixels",
                  "export the segmentation uncompressed (for example dcmconv or dcmdrle)");
  std::vector<std::uint8_t> result(2 * count);
  std::memcpy(result.data(), words, result.size());
  return result;
}

CheckedGrid grid_of(const DicomObject& object, const Frames& frames,
                    const std::vector<Frame>& wanted, double step)
{
  const auto along = [&](const Frame& f) { return dot(frames.normal(), f.position); };
  const auto ends = std::ranges::minmax(wanted, {}, along);
  const double planes = std::round((along(ends.max) - along(ends.min)) / step) + 1;
  if (!(planes <= most_planes &&
        planes * static_cast<double>(frames.pixels()) < static_cast<double>(most_voxels)))
    object.refuse("the segment would need " + format_number(planes) + " planes of " +
                  std::to_string(frames.columns) + "x" + std::to_string(frames.rows) +
                  " pixels: its positions are damaged");
  for (const Frame& frame : wanted)
  {
    const Vec3 shift = frame.position - ends.min.position;
    const Vec3 sideways = shift - dot(shift, frames.normal()) * frames.normal();
    if (norm(sideways) > 0.1 * std::min(frames.row_mm, frames.column_mm))
      object.refuse("the planes of the frames are shifted sideways by " +
                        format_number(norm(sideways), 3) + " mm",
                    "planes straight above each other",
                    "export the segmentation on the slices of its series");
  }
  return grid_from_steps({frames.columns, frames.rows, static_cast<int>(planes)},
                         {frames.column_mm * frames.along_row, frames.row_mm * frames.along_column,
                          step * frames.normal()},
                         ends.min.position, object.place());
}

void paint(const Frame& frame, const std::vector<std::uint8_t>& bits, const Frames& frames,
           LabelMap& labels)
{
  const auto k = static_cast<int>(std::lround(labels.grid.index(frame.position).z));
  const std::size_t first = labels.grid.offset(0, 0, k);
  for (std::uint64_t p = 0; p < frames.pixels(); ++p)
  {
    const std::uint64_t bit = frame.first_bit + p;
    if (bits[bit / 8] >> (bit % 8) & 1)
      labels.values[first + p] = frame.segment;
  }
}
} // namespace

Segmentation read_segment(const Space& ct, const std::filesystem::path& file, int number)
{
  DicomObject object(file);
  DcmItem& data = object.data_set();
  check_kind(object, data);
  require_same_frame(ct, text_of(data, DCM_FrameOfReferenceUID), object.place());
  Segmentation result;
  result.name = segment_name(object, number);
  const Frames frames = read_frames(object);
  const double step = plane_distance(object, frames);
  std::vector<Frame> wanted;
  std::ranges::copy_if(frames.frames, std::back_inserter(wanted),
                       [number](const Frame& f) { return f.segment == number; });
  if (wanted.empty())
    object.refuse("segment " + std::to_string(number) + " \"" + result.name + "\" has no frame", "",
                  "choose another segment or export it again");
  const std::vector<std::uint8_t> bits = pixel_bits(object, data);
  if (bits.size() < (frames.frames.size() * frames.pixels() + 7) / 8)
    object.refuse("the pixels end early: " + std::to_string(bits.size()) + " of " +
                  std::to_string((frames.frames.size() * frames.pixels() + 7) / 8) + " bytes");
  const CheckedGrid checked = grid_of(object, frames, wanted, step);
  result.labels = {checked.grid,
                   std::vector<std::int32_t>(checked.grid.voxels()),
                   {object.place(), sha256_of(file)}};
  for (const Frame& frame : wanted)
    paint(frame, bits, frames, result.labels);
  return result;
}

} // namespace calcar::image
