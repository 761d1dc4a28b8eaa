#include "image/raw_image.hpp"

#include "base/error.hpp"
#include "base/text.hpp"

#include <algorithm>
#include <cmath>
#include <cstring>
#include <limits>
#include <memory>
#include <utility>

namespace calcar::image
{
namespace
{
template <typename Stored>
void decode(const ValueLayout& layout, const std::byte* source, std::span<double> values)
{
  for (double& value : values)
  {
    std::byte buffer[sizeof(Stored)];
    if (layout.swapped)
      std::reverse_copy(source, source + sizeof(Stored), buffer);
    else
      std::copy_n(source, sizeof(Stored), buffer);
    Stored stored;
    std::memcpy(&stored, buffer, sizeof(Stored));
    value = layout.intercept + layout.slope * static_cast<double>(stored);
    source += sizeof(Stored);
  }
}

/// As many values as there is room for, from their stored bytes.
void decode_any(const ValueLayout& layout, const std::byte* source, std::span<double> values)
{
  switch (layout.type)
  {
  case ValueType::int8:
    return decode<std::int8_t>(layout, source, values);
  case ValueType::uint8:
    return decode<std::uint8_t>(layout, source, values);
  case ValueType::int16:
    return decode<std::int16_t>(layout, source, values);
  case ValueType::uint16:
    return decode<std::uint16_t>(layout, source, values);
  case ValueType::int32:
    return decode<std::int32_t>(layout, source, values);
  case ValueType::uint32:
    return decode<std::uint32_t>(layout, source, values);
  case ValueType::int64:
    return decode<std::int64_t>(layout, source, values);
  case ValueType::uint64:
    return decode<std::uint64_t>(layout, source, values);
  case ValueType::float32:
    return decode<float>(layout, source, values);
  case ValueType::float64:
    return decode<double>(layout, source, values);
  }
}

/// Voxels that may not be there: how many, and the first.
struct Offenders
{
  std::size_t count = 0;
  std::size_t first = 0;
  double value = 0;

  void add(std::size_t voxel, double v)
  {
    if (count++ == 0)
    {
      first = voxel;
      value = v;
    }
  }
};

std::string voxel_in_words(const Grid& grid, std::size_t voxel)
{
  const auto nx = static_cast<std::size_t>(grid.size[0]);
  const auto ny = static_cast<std::size_t>(grid.size[1]);
  return "(" + std::to_string(voxel % nx) + ", " + std::to_string(voxel / nx % ny) + ", " +
         std::to_string(voxel / nx / ny) + ")";
}

[[noreturn]] void refuse_truncated(std::uint64_t given, std::uint64_t needed,
                                   const std::string& place)
{
  throw InputError(Fault::data, {place,
                                 "the file is truncated: it holds " + std::to_string(given) +
                                     " of " + std::to_string(needed) + " bytes of voxels",
                                 "", "copy or export the file again", ""});
}

/// Hands on the values as doubles, run by run, and reads on to the end of the data, where a
/// checksum may stand.
void read_doubles(const OpenImage& image, const std::string& place, const TakeRun<double>& take)
{
  const std::size_t size = size_of(image.layout.type);
  const std::size_t count = image.layout.grid.voxels();
  std::vector<std::byte> bytes(longest_run * size);
  std::vector<double> values(longest_run);
  for (std::size_t first = 0; first < count; first += longest_run)
  {
    const std::size_t run = std::min(longest_run, count - first);
    const std::size_t got = image.read(bytes.data(), run * size);
    if (got < run * size)
      refuse_truncated(first * size + got, image.layout.bytes(), place);
    decode_any(image.layout, bytes.data(), {values.data(), run});
    take(first, {values.data(), run});
  }
  while (image.read(bytes.data(), bytes.size()) == bytes.size())
    ;
}
} // namespace

std::size_t size_of(ValueType type)
{
  switch (type)
  {
  case ValueType::int8:
  case ValueType::uint8:
    return 1;
  case ValueType::int16:
  case ValueType::uint16:
    return 2;
  case ValueType::int32:
  case ValueType::uint32:
  case ValueType::float32:
    return 4;
  case ValueType::int64:
  case ValueType::uint64:
  case ValueType::float64:
    return 8;
  }
  return 0;
}

OpenImage open_raw(RawImage raw)
{
  struct Position
  {
    std::vector<std::byte> bytes;
    std::size_t at = 0;
  };
  const auto position = std::make_shared<Position>();
  position->bytes = std::move(raw.bytes);
  OpenImage image;
  image.most_bytes = position->bytes.size();
  image.read = [position](std::byte* to, std::size_t count)
  {
    const std::size_t got = std::min(count, position->bytes.size() - position->at);
    std::copy_n(position->bytes.data() + position->at, got, to);
    position->at += got;
    return got;
  };
  image.layout = std::move(raw);
  return image;
}

void check_length(const OpenImage& image, const std::string& place)
{
  const std::uint64_t needed = image.layout.bytes();
  if (needed <= image.most_bytes)
    return;
  std::vector<std::byte> bytes(longest_run);
  std::uint64_t given = 0;
  for (std::size_t now = bytes.size(); now == bytes.size();)
    given += now = image.read(bytes.data(), bytes.size());
  refuse_truncated(given, needed, place);
}

void read_floats(const OpenImage& image, const std::string& place, const TakeRun<float>& take)
{
  Offenders bad;
  std::vector<float> run(longest_run);
  read_doubles(image, place,
               [&](std::size_t first, std::span<const double> values)
               {
                 for (std::size_t n = 0; n < values.size(); ++n)
                 {
                   run[n] = static_cast<float>(values[n]);
                   if (!std::isfinite(run[n]))
                     bad.add(first + n, values[n]);
                 }
                 take(first, {run.data(), values.size()});
               });
  if (bad.count > 0)
    throw InputError(Fault::data,
                     {place,
                      std::to_string(bad.count) +
                          " voxels are not finite numbers (NaN or infinite), the first at " +
                          voxel_in_words(image.layout.grid, bad.first),
                      "finite values", "replace them by the value of air or export the image again",
                      ""});
}

void read_integers(const OpenImage& image, const std::string& place,
                   const TakeRun<std::int32_t>& take)
{
  Offenders bad;
  std::vector<std::int32_t> run(longest_run);
  read_doubles(image, place,
               [&](std::size_t first, std::span<const double> values)
               {
                 for (std::size_t n = 0; n < values.size(); ++n)
                 {
                   const double nearest = std::round(values[n]);
                   const bool fits = std::abs(nearest) <= std::numeric_limits<std::int32_t>::max();
                   const bool whole = fits && std::abs(values[n] - nearest) < 1e-4;
                   run[n] = whole ? static_cast<std::int32_t>(nearest) : 0;
                   if (!whole)
                     bad.add(first + n, values[n]);
                 }
                 take(first, {run.data(), values.size()});
               });
  if (bad.count > 0)
    throw InputError(
        Fault::data,
        {place,
         std::to_string(bad.count) + " voxels of the mask are not whole numbers, the first is " +
             format_number(bad.value) + " at " + voxel_in_words(image.layout.grid, bad.first),
         "integer labels",
         "is this the CT instead of its mask, or was the mask resampled with interpolation?", ""});
}

Volume to_volume(const OpenImage& image, const std::string& place)
{
  check_length(image, place);
  Volume volume{image.layout.grid, std::vector<float>(image.layout.grid.voxels()), {}};
  read_floats(image, place,
              [&](std::size_t first, std::span<const float> values)
              { std::copy(values.begin(), values.end(), volume.values.data() + first); });
  return volume;
}

LabelMap to_labels(const OpenImage& image, const std::string& place)
{
  check_length(image, place);
  LabelMap labels{image.layout.grid, std::vector<std::int32_t>(image.layout.grid.voxels()), {}};
  read_integers(image, place,
                [&](std::size_t first, std::span<const std::int32_t> values)
                { std::copy(values.begin(), values.end(), labels.values.data() + first); });
  return labels;
}

} // namespace calcar::image
