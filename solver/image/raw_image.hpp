#pragma once

#include "base/warning.hpp"
#include "image/volume.hpp"

#include <cstddef>
#include <cstdint>
#include <functional>
#include <span>
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

/// How the stored values of an image are to be understood: value = intercept + slope * stored.
struct ValueLayout
{
  Grid grid;
  ValueType type = ValueType::float32;
  bool swapped = false; ///< the bytes of a value stand in the order foreign to this machine
  double slope = 1;
  double intercept = 0;
  Warnings warnings;

  std::uint64_t bytes() const { return grid.voxels() * size_of(type); } ///< of all voxels
};

/// Voxels as a file stores them, all of them in memory.
struct RawImage : ValueLayout
{
  std::vector<std::byte> bytes;
};

/// An image whose values are still to be read, once, from front to back.
struct OpenImage
{
  ValueLayout layout;
  /// Copies the next `count` stored bytes to `to`; fewer are left only at the end.
  std::function<std::size_t(std::byte* to, std::size_t count)> read;
  std::uint64_t most_bytes = 0; ///< more than this cannot come
};

/// The values of an image that is in memory; it keeps its stored type and goes with the result.
OpenImage open_raw(RawImage raw);

/// Takes a run of values; `first` is the number of the first voxel, i fastest.
template <typename T>
using TakeRun = std::function<void(std::size_t first, std::span<const T> values)>;

/// Runs are no longer than this.
constexpr std::size_t longest_run = std::size_t{1} << 16;

/**
 * Reads the values as floats and hands them on run by run; nothing else of the image is held. After
 * the last run throws InputError (data) when some were not finite, with their count and the first
 * place, and at once when the data end early.
 */
void read_floats(const OpenImage& image, const std::string& place, const TakeRun<float>& take);

/// The same for integer labels. Throws InputError (data) for values that are fractional, not finite
/// or beyond 32 bits; such a voxel is handed on as 0.
void read_integers(const OpenImage& image, const std::string& place,
                   const TakeRun<std::int32_t>& take);

/// Refuses data that cannot hold all voxels of the layout, before anybody asks for the memory of
/// them. Throws InputError (data).
void check_length(const OpenImage& image, const std::string& place);

/// All values as floats; errors as read_floats().
Volume to_volume(const OpenImage& image, const std::string& place);

/// All values as labels; errors as read_integers().
LabelMap to_labels(const OpenImage& image, const std::string& place);

} // namespace calcar::image
