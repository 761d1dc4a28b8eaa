#pragma once

#include "base/warning.hpp"
#include "image/volume.hpp"

#include <cstddef>
#include <string>
#include <vector>

namespace calcar::image
{

/// How a voxel is stored in a file.
enum class ValueType
{
  int8,
  uint8,
  int16,
  uint16,
  int32,
  uint32,
  int64,
  uint64,
  float32,
  float64
};

/// Bytes of one value.
std::size_t size_of(ValueType type);

/// Voxels as a file stores them, before they become a Volume or a LabelMap: value = intercept +
/// slope * stored.
struct RawImage
{
  Grid grid;
  ValueType type = ValueType::float32;
  bool swapped = false; ///< the bytes of a value stand in the order foreign to this machine
  double slope = 1;
  double intercept = 0;
  std::vector<std::byte> bytes;
  std::size_t start = 0; ///< of the first value in `bytes`
  Warnings warnings;
};

/// Float values. Throws InputError (data) when some are not finite, with their count and the first
/// place.
Volume to_volume(const RawImage& raw, const std::string& place);

/// Integer labels. Throws InputError (data) for values that are fractional, not finite or beyond 32
/// bits.
LabelMap to_labels(const RawImage& raw, const std::string& place);

} // namespace calcar::image
