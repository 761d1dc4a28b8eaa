#pragma once

#include "image/volume.hpp"

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <optional>
#include <vector>

namespace calcar::risk
{

/// Which of some voxels (grid offsets, ascending) holds a point in LPS mm, as an index among them;
/// nothing when none does.
inline std::optional<std::size_t> voxel_at(const image::Grid& grid,
                                           const std::vector<std::uint64_t>& voxels, Vec3 point)
{
  const Vec3 index = grid.index(point);
  const int i = static_cast<int>(std::lround(index.x));
  const int j = static_cast<int>(std::lround(index.y));
  const int k = static_cast<int>(std::lround(index.z));
  if (!grid.contains(i, j, k))
    return std::nullopt;
  const std::uint64_t offset = grid.offset(i, j, k);
  const auto found = std::lower_bound(voxels.begin(), voxels.end(), offset);
  if (found == voxels.end() || *found != offset)
    return std::nullopt;
  return static_cast<std::size_t>(found - voxels.begin());
}

} // namespace calcar::risk
