#pragma once

#include "base/offset_set.hpp"
#include "image/volume.hpp"

#include <array>
#include <cmath>
#include <cstdint>
#include <span>
#include <vector>

namespace calcar::risk
{

/// Diameter of the ball that stresses of cement and strains beside lesions are averaged over, mm:
/// single voxels at the steps of a surface do not decide.
constexpr double small_ball_mm = 3;

/**
 * Mean of a field about each of some voxels: over those of them whose centres lie within half of
 * `diameter_mm` of its centre. `voxels` are grid offsets, ascending; `values` one for each. A
 * linear field keeps its value where the ball is whole; at a surface the mean is over what is
 * there.
 */
template <typename Value>
std::vector<Value> ball_means(const image::Grid& grid, std::span<const std::uint64_t> voxels,
                              std::span<const Value> values, double diameter_mm)
{
  const double radius = 0.5 * diameter_mm + 1e-9;
  std::array<int, 3> reach;
  for (std::size_t a = 0; a < 3; ++a)
    reach[a] = static_cast<int>(radius / grid.spacing[a]);
  std::vector<std::array<int, 3>> steps;
  for (int k = -reach[2]; k <= reach[2]; ++k)
    for (int j = -reach[1]; j <= reach[1]; ++j)
      for (int i = -reach[0]; i <= reach[0]; ++i)
        if (norm({i * grid.spacing.x, j * grid.spacing.y, k * grid.spacing.z}) <= radius)
          steps.push_back({i, j, k});
  OffsetSet there(grid.voxels());
  for (const std::uint64_t voxel : voxels)
    there.insert(voxel);
  there.count();
  const auto row = static_cast<std::uint64_t>(grid.size[0]);
  const auto slice = row * static_cast<std::uint64_t>(grid.size[1]);
  std::vector<Value> means;
  means.reserve(voxels.size());
  for (const std::uint64_t voxel : voxels)
  {
    const int i = static_cast<int>(voxel % row);
    const int j = static_cast<int>(voxel % slice / row);
    const int k = static_cast<int>(voxel / slice);
    Value sum{};
    int count = 0;
    for (const auto& d : steps)
    {
      if (!grid.contains(i + d[0], j + d[1], k + d[2]))
        continue;
      const std::uint64_t other = grid.offset(i + d[0], j + d[1], k + d[2]);
      if (!there.contains(other))
        continue;
      sum = sum + values[there.place(other)];
      ++count;
    }
    means.push_back((1.0 / count) * sum);
  }
  return means;
}

} // namespace calcar::risk
