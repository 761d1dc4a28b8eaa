#pragma once

#include <limits>
#include <stdexcept>
#include <string>

namespace calcar::voxel
{

/// A number of items as MPI takes it. Throws std::length_error beyond 2^31 - 1, which no body that
/// fits a rank's memory brings about, instead of sending something else.
inline int message_count(std::size_t items)
{
  if (items > static_cast<std::size_t>(std::numeric_limits<int>::max()))
    throw std::length_error("a message between ranks would have " + std::to_string(items) +
                            " items; 2147483647 are the most. More ranks make it smaller");
  return static_cast<int>(items);
}

} // namespace calcar::voxel
