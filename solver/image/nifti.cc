#include "image/nifti.hpp"

#include "base/error.hpp"
#include "base/text.hpp"
#include "image/compressed.hpp"
#include "image/grid.hpp"

#include <algorithm>
#include <cmath>
#include <cstring>
#include <map>
#include <memory>
#include <optional>

namespace calcar::image
{
namespace
{
/// Reads numbers at byte positions of a header in either byte order.
class HeaderBytes
{
public:
  HeaderBytes(const std::vector<std::byte>& bytes, bool swapped) : bytes_(bytes), swapped_(swapped)
  {
  }

  template <typename T>
  T at(std::size_t position) const
  {
    std::byte buffer[sizeof(T)];
    std::copy_n(bytes_.data() + position, sizeof(T), buffer);
    if (swapped_)
      std::reverse(buffer, buffer + sizeof(T));
    T value;
    std::memcpy(&value, buffer, sizeof(T));
    return value;
  }
  bool swapped() const { return swapped_; }

private:
  const std::vector<std::byte>& bytes_;
  bool swapped_;
};

/// What both versions of the format say, in one type.
struct Header
{
  std::array<long long, 8> dim;
  std::array<double, 8> pixdim; ///< [0] is the sign of the third axis of the qform
  int datatype;
  double start; ///< byte of the first voxel
  double slope;
  double intercept;
  int unit; ///< 1 m, 2 mm, 3 micrometre, 0 not said
  int qform_code;
  int sform_code;
  Vec3 quaternion; ///< b, c, d
  Vec3 offset;     ///< of the qform, RAS mm
  Mat3 sform;      ///< RAS
  Vec3 sform_offset;
};

Header header_1(const HeaderBytes& h)
{
  Header r;
  for (std::size_t i = 0; i < 8; ++i)
  {
    r.dim[i] = h.at<std::int16_t>(40 + 2 * i);
    r.pixdim[i] = h.at<float>(76 + 4 * i);
  }
  r.datatype = h.at<std::int16_t>(70);
  r.start = h.at<float>(108);
  r.slope = h.at<float>(112);
  r.intercept = h.at<float>(116);
  r.unit = h.at<std::uint8_t>(123) & 7;
  r.qform_code = h.at<std::int16_t>(252);
  r.sform_code = h.at<std::int16_t>(254);
  for (std::size_t i = 0; i < 3; ++i)
  {
    r.quaternion[i] = h.at<float>(256 + 4 * i);
    r.offset[i] = h.at<float>(268 + 4 * i);
    for (std::size_t c = 0; c < 3; ++c)
      r.sform[i][c] = h.at<float>(280 + 16 * i + 4 * c);
    r.sform_offset[i] = h.at<float>(292 + 16 * i);
  }
  return r;
}

Header header_2(const HeaderBytes& h)
{
  Header r;
  for (std::size_t i = 0; i < 8; ++i)
  {
    r.dim[i] = h.at<std::int64_t>(16 + 8 * i);
    r.pixdim[i] = h.at<double>(104 + 8 * i);
  }
  r.datatype = h.at<std::int16_t>(12);
  r.start = static_cast<double>(h.at<std::int64_t>(168));
  r.slope = h.at<double>(176);
  r.intercept = h.at<double>(184);
  r.unit = h.at<std::int32_t>(500) & 7;
  r.qform_code = h.at<std::int32_t>(344);
  r.sform_code = h.at<std::int32_t>(348);
  for (std::size_t i = 0; i < 3; ++i)
  {
    r.quaternion[i] = h.at<double>(352 + 8 * i);
    r.offset[i] = h.at<double>(376 + 8 * i);
    for (std::size_t c = 0; c < 3; ++c)
      r.sform[i][c] = h.at<double>(400 + 32 * i + 8 * c);
    r.sform_offset[i] = h.at<double>(424 + 32 * i);
  }
  return r;
}

[[noreturn]] void refuse(const std::string& place, const std::string& given,
                         const std::string& allowed, const std::string& remedy)
{
  throw InputError(Fault::data, {place, given, allowed, remedy, ""});
}

Header parse_header(const std::vector<std::byte>& bytes, bool& swapped, const std::string& place)
{
  if (bytes.size() < 348)
    refuse(place, "the file is truncated: it is shorter than a NIfTI header", "",
           "copy or export the file again");
  const auto size = HeaderBytes(bytes, false).at<std::int32_t>(0);
  swapped = size != 348 && size != 540;
  const HeaderBytes h(bytes, swapped);
  const bool second = h.at<std::int32_t>(0) == 540;
  if (second && bytes.size() < 540)
    refuse(place, "the file is truncated: it is shorter than a NIfTI-2 header", "",
           "copy or export the file again");
  const char* magic = reinterpret_cast<const char*>(bytes.data()) + (second ? 4 : 344);
  if (std::memcmp(magic, second ? "n+2" : "n+1", 4) != 0)
    refuse(place, "this is an Analyze image or a NIfTI image of two files", "single-file NIfTI",
           "convert it to .nii.gz");
  return second ? header_2(h) : header_1(h);
}

ValueType value_type(int datatype, const std::string& place)
{
  static const std::map<int, ValueType> known = {
      {2, ValueType::uint8},    {4, ValueType::int16},    {8, ValueType::int32},
      {16, ValueType::float32}, {64, ValueType::float64}, {256, ValueType::int8},
      {512, ValueType::uint16}, {768, ValueType::uint32}, {1024, ValueType::int64},
      {1280, ValueType::uint64}};
  const auto found = known.find(datatype);
  if (found == known.end())
    refuse(place,
           "the voxels hold colours, vectors or complex numbers (NIfTI datatype " +
               std::to_string(datatype) + ")",
           "one number a voxel", "export one scalar image");
  return found->second;
}

std::array<int, 3> checked_size(const Header& h, const std::string& place)
{
  if (h.dim[0] < 1 || h.dim[0] > 7)
    refuse(place,
           "the NIfTI header is damaged: it claims " + std::to_string(h.dim[0]) + " dimensions", "",
           "copy or export the file again");
  const auto dimensions = static_cast<std::size_t>(h.dim[0]);
  for (std::size_t i = 4; i <= dimensions; ++i)
    if (h.dim[i] > 1)
      refuse(place,
             "the image has more than three dimensions (" + std::to_string(h.dim[i]) +
                 " volumes or components)",
             "one 3-D volume", "split it and give one volume");
  if (dimensions < 3)
    refuse(place, "the image has only " + std::to_string(h.dim[0]) + " dimensions",
           "one 3-D volume", "give the whole stack of slices");
  for (std::size_t i = 1; i <= 3; ++i)
    if (h.dim[i] < 1 || h.dim[i] > 100000)
      refuse(place,
             "the NIfTI header is damaged: size " + std::to_string(h.dim[i]) + " along axis " +
                 std::string(1, " ijk"[i]),
             "", "copy or export the file again");
  return {static_cast<int>(h.dim[1]), static_cast<int>(h.dim[2]), static_cast<int>(h.dim[3])};
}

void check_spacing(const Header& h, const std::string& place)
{
  for (std::size_t i = 1; i <= 3; ++i)
    if (!(h.pixdim[i] > 1e-6) || !std::isfinite(h.pixdim[i]))
      refuse(place,
             "the voxel spacing along axis " + std::string(1, " ijk"[i]) + " is " +
                 format_number(h.pixdim[i]) + " mm",
             "a positive spacing", "correct the header or export the image again");
  if (h.unit != 2 && h.unit != 0)
    refuse(place,
           std::string("the header gives lengths in ") + (h.unit == 1   ? "metres"
                                                          : h.unit == 3 ? "micrometres"
                                                                        : "an unknown unit"),
           "millimetres", "export the image in millimetres");
}

CheckedGrid grid_from_ras(const std::array<int, 3>& size, const Mat3& ras, Vec3 offset,
                          const std::string& place)
{
  const auto to_lps = [](Vec3 v) { return Vec3{-v.x, -v.y, v.z}; };
  const Mat3 columns = transpose(ras);
  return grid_from_steps(size, {to_lps(columns[0]), to_lps(columns[1]), to_lps(columns[2])},
                         to_lps(offset), place);
}

/// Rotation of the unit quaternion (a, b, c, d), as nifti1.h defines it, times the spacing.
Mat3 qform_matrix(const Header& h)
{
  double b = h.quaternion.x, c = h.quaternion.y, d = h.quaternion.z;
  const double length = std::sqrt(b * b + c * c + d * d);
  if (length > 1) // rounding: a half turn
  {
    b /= length;
    c /= length;
    d /= length;
  }
  const double a = std::sqrt(std::max(0.0, 1 - b * b - c * c - d * d));
  const Vec3 s = {h.pixdim[1], h.pixdim[2], h.pixdim[3] * (h.pixdim[0] < 0 ? -1 : 1)};
  Mat3 r = {Vec3{a * a + b * b - c * c - d * d, 2 * (b * c - a * d), 2 * (b * d + a * c)},
            Vec3{2 * (b * c + a * d), a * a + c * c - b * b - d * d, 2 * (c * d - a * b)},
            Vec3{2 * (b * d - a * c), 2 * (c * d + a * b), a * a + d * d - b * b - c * c}};
  for (Vec3& row : r)
    row = {row.x * s.x, row.y * s.y, row.z * s.z};
  return r;
}

void check_sform_spacing(const Header& h, const std::string& place)
{
  const Mat3 columns = transpose(h.sform);
  for (std::size_t i = 0; i < 3; ++i)
    if (std::abs(norm(columns[i]) - h.pixdim[i + 1]) > 0.01 * h.pixdim[i + 1])
      refuse(place,
             "the header contradicts itself: spacing " + format_number(h.pixdim[i + 1]) +
                 " mm, but the sform steps by " + format_number(norm(columns[i])) + " mm",
             "", "correct the header or export the image again");
}

CheckedGrid grid_of(const Header& h, const std::string& place)
{
  const std::array<int, 3> size = checked_size(h, place);
  check_spacing(h, place);
  std::optional<CheckedGrid> sform, qform;
  if (h.qform_code > 0)
    qform = grid_from_ras(size, qform_matrix(h), h.offset, place);
  if (h.sform_code > 0)
  {
    check_sform_spacing(h, place);
    sform = grid_from_ras(size, h.sform, h.sform_offset, place);
  }
  if (!sform && !qform)
    refuse(place, "the header does not say how the patient lies (neither sform nor qform is set)",
           "an orientation", "export the image from the DICOM series again");
  if (!sform || !qform)
    return sform ? *sform : *qform;
  const double apart = corner_distance(sform->grid, qform->grid);
  if (apart > 0.5 * std::min({h.pixdim[1], h.pixdim[2], h.pixdim[3]}))
    refuse(place,
           "the header gives two orientations that differ by " + format_number(apart) +
               " mm (sform and qform)",
           "one orientation", "decide which is right and set both to it");
  return *sform;
}
/// A file of which the header has been read: what was read beyond it comes before the rest.
struct AfterHeader
{
  ByteStream stream;
  std::vector<std::byte> known;
  std::size_t at = 0; ///< in `known`

  /// Leaves out what lies before byte `goal` of the file; only `known` has been read so far.
  void skip_to(std::size_t goal)
  {
    at = std::min(goal, known.size());
    std::vector<std::byte> skipped(std::size_t{1} << 16);
    std::size_t now = 1;
    for (std::size_t left = goal - at; left > 0 && now > 0; left -= now)
      now = stream.read(skipped.data(), std::min(skipped.size(), left));
  }

  std::size_t read(std::byte* to, std::size_t count)
  {
    const std::size_t first = std::min(count, known.size() - at);
    std::copy_n(known.data() + at, first, to);
    at += first;
    return first + stream.read(to + first, count - first);
  }
};
} // namespace

bool looks_like_nifti(const std::vector<std::byte>& start)
{
  if (start.size() < 4)
    return false;
  for (const bool swapped : {false, true})
  {
    const auto size = HeaderBytes(start, swapped).at<std::int32_t>(0);
    if (size == 348 || size == 540)
      return true;
  }
  return false;
}

OpenImage open_nifti(const std::filesystem::path& file)
{
  const std::string place = file.string();
  const auto data = std::make_shared<AfterHeader>(AfterHeader{ByteStream(file), {}});
  data->known.resize(540);
  data->known.resize(data->stream.read(data->known.data(), data->known.size()));
  OpenImage image;
  const Header h = parse_header(data->known, image.layout.swapped, place);
  CheckedGrid checked = grid_of(h, place);
  image.layout.grid = checked.grid;
  image.layout.warnings = std::move(checked.warnings);
  image.layout.type = value_type(h.datatype, place);
  if (!(h.start >= 348 && h.start < 1e9))
    refuse(place, "the NIfTI header is damaged: voxels begin at byte " + format_number(h.start), "",
           "copy or export the file again");
  if (std::isfinite(h.slope) && h.slope != 0) // 0 means: not scaled
  {
    image.layout.slope = h.slope;
    image.layout.intercept = h.intercept;
  }
  data->skip_to(static_cast<std::size_t>(h.start));
  image.most_bytes = data->stream.most_bytes();
  image.read = [data](std::byte* to, std::size_t count) { return data->read(to, count); };
  return image;
}

} // namespace calcar::image
