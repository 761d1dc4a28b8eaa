#pragma once

#include "lesion/lesion.hpp"

#include <algorithm>
#include <cmath>
#include <vector>

namespace calcar::lesion
{

/// A lesion on sub-points of the voxels of a bone's mask.
struct LesionSamples
{
  double volume_mm3 = 0;    ///< sum of its fraction
  double sample_mm3 = 0;    ///< volume of one sub-point
  Vec3 centroid;            ///< LPS mm
  std::vector<Vec3> border; ///< sub-points half or more lesion at the lesion's border or the bone's
};

/// Samples a lesion inside a bone: 2 to 6 sub-points per axis and voxel, more in small lesions; its
/// border is spread over a sub-point.
LesionSamples sample(const PlacedLesion& placed, const image::Mask& bone);

/// Calls visit(offset, i, j, k) for the voxels of a grid whose centres lie within `reach_mm` of a
/// point along each axis of the grid.
template <typename Visit>
void for_each_near(const image::Grid& grid, Vec3 centre, double reach_mm, const Visit& visit)
{
  const Vec3 index = grid.index(centre);
  int low[3], high[3];
  for (std::size_t a = 0; a < 3; ++a)
  {
    const double reach = reach_mm / grid.spacing[a] + 0.5;
    low[a] = static_cast<int>(std::max(0.0, std::ceil(index[a] - reach)));
    high[a] = static_cast<int>(std::min(grid.size[a] - 1.0, std::floor(index[a] + reach)));
  }
  for (int k = low[2]; k <= high[2]; ++k)
    for (int j = low[1]; j <= high[1]; ++j)
      for (int i = low[0]; i <= high[0]; ++i)
        visit(grid.offset(i, j, k), i, j, k);
}

} // namespace calcar::lesion
