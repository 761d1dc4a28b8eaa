#include "image/raw_image.hpp"

#include "base/error.hpp"
#include "base/text.hpp"

#include <algorithm>
#include <cmath>
#include <cstring>
#include <limits>

namespace calcar::image
{
namespace
{
/// Walks over the stored values as doubles: visit(voxel number, value).
template <typename Stored, typename Visit>
void walk(const RawImage& raw, const Visit& visit)
{
  const std::size_t count = raw.grid.voxels();
  const std::byte* source = raw.bytes.data() + raw.start;
  for (std::size_t i = 0; i < count; ++i, source += sizeof(Stored))
  {
    std::byte buffer[sizeof(Stored)];
    if (raw.swapped)
      std::reverse_copy(source, source + sizeof(Stored), buffer);
    else
      std::copy_n(source, sizeof(Stored), buffer);
    Stored stored;
    std::memcpy(&stored, buffer, sizeof(Stored));
    visit(i, raw.intercept + raw.slope * static_cast<double>(stored));
  }
}

template <typename Visit>
void for_each_value(const RawImage& raw, const Visit& visit)
{
  switch (raw.type)
  {
  case ValueType::int8:
    return walk<std::int8_t>(raw, visit);
  case ValueType::uint8:
    return walk<std::uint8_t>(raw, visit);
  case ValueType::int16:
    return walk<std::int16_t>(raw, visit);
  case ValueType::uint16:
    return walk<std::uint16_t>(raw, visit);
  case ValueType::int32:
    return walk<std::int32_t>(raw, visit);
  case ValueType::uint32:
    return walk<std::uint32_t>(raw, visit);
  case ValueType::int64:
    return walk<std::int64_t>(raw, visit);
  case ValueType::uint64:
    return walk<std::uint64_t>(raw, visit);
  case ValueType::float32:
    return walk<float>(raw, visit);
  case ValueType::float64:
    return walk<double>(raw, visit);
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

void check_length(const RawImage& raw, const std::string& place)
{
  const std::size_t needed = raw.grid.voxels() * size_of(raw.type);
  const std::size_t given = raw.bytes.size() - std::min(raw.start, raw.bytes.size());
  if (given < needed)
    throw InputError(Fault::data, {place,
                                   "the file is truncated: it holds " + std::to_string(given) +
                                       " of " + std::to_string(needed) + " bytes of voxels",
                                   "", "copy or export the file again", ""});
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

Volume to_volume(const RawImage& raw, const std::string& place)
{
  check_length(raw, place);
  Volume volume{raw.grid, std::vector<float>(raw.grid.voxels()), {}};
  Offenders bad;
  for_each_value(raw,
                 [&](std::size_t i, double value)
                 {
                   volume.values[i] = static_cast<float>(value);
                   if (!std::isfinite(volume.values[i]))
                     bad.add(i, value);
                 });
  if (bad.count > 0)
    throw InputError(Fault::data,
                     {place,
                      std::to_string(bad.count) +
                          " voxels are not finite numbers (NaN or infinite), the first at " +
                          voxel_in_words(raw.grid, bad.first),
                      "finite values", "replace them by the value of air or export the image again",
                      ""});
  return volume;
}

LabelMap to_labels(const RawImage& raw, const std::string& place)
{
  check_length(raw, place);
  LabelMap labels{raw.grid, std::vector<std::int32_t>(raw.grid.voxels()), {}};
  Offenders bad;
  for_each_value(raw,
                 [&](std::size_t i, double value)
                 {
                   const double nearest = std::round(value);
                   const bool fits = std::abs(nearest) <= std::numeric_limits<std::int32_t>::max();
                   if (fits && std::abs(value - nearest) < 1e-4)
                     labels.values[i] = static_cast<std::int32_t>(nearest);
                   else
                     bad.add(i, value);
                 });
  if (bad.count > 0)
    throw InputError(
        Fault::data,
        {place,
         std::to_string(bad.count) + " voxels of the mask are not whole numbers, the first is " +
             format_number(bad.value) + " at " + voxel_in_words(raw.grid, bad.first),
         "integer labels",
         "is this the CT instead of its mask, or was the mask resampled with interpolation?", ""});
  return labels;
}

} // namespace calcar::image
