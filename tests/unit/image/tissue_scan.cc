#include "unit/image/tissue_scan.hpp"

#include "base/vec3.hpp"

#include <algorithm>
#include <cmath>
#include <random>

namespace calcar::image::test
{
namespace
{
/// Distance of a voxel from the axis of the limb, as a share of half the image.
double radius(int i, int j, int n)
{
  const double x = 2 * (i + 0.5) / n - 1, y = 2 * (j + 0.5) / n - 1;
  return std::hypot(x, y);
}

void blur_along(Volume& v, std::size_t axis)
{
  Volume from = v;
  for (int k = 0; k < v.grid.size[2]; ++k)
    for (int j = 0; j < v.grid.size[1]; ++j)
      for (int i = 0; i < v.grid.size[0]; ++i)
      {
        float sum = 0;
        for (int d = -1; d <= 1; ++d)
        {
          int at[3] = {i, j, k};
          at[axis] = std::clamp(at[axis] + d, 0, v.grid.size[axis] - 1);
          sum += from.at(at[0], at[1], at[2]) / 3;
        }
        v.at(i, j, k) = sum;
      }
}
} // namespace

TissueImages make_tissue_scan(const TissueScan& s)
{
  const Grid grid{{s.size, s.size, s.size / 2}, {-50, -50, 0}, {2, 2, 2}, identity()};
  TissueImages images{{grid, std::vector<float>(grid.voxels()), {"ct.nii.gz", ""}},
                      {grid, std::vector<std::uint8_t>(grid.voxels()), {"mask.nii.gz", ""}},
                      {grid, std::vector<std::int32_t>(grid.voxels()), {"tissues.nii.gz", ""}}};
  for (int k = 0; k < grid.size[2]; ++k)
    for (int j = 0; j < s.size; ++j)
      for (int i = 0; i < s.size; ++i)
      {
        const double r = radius(i, j, s.size);
        const std::size_t at = grid.offset(i, j, k);
        double hu = s.air_there ? s.air : s.fat;
        if (r < 0.9)
          hu = s.fat;
        if (r < 0.66)
          hu = s.muscle;
        if (r < 0.34)
          hu = s.cortex;
        if (r < 0.16)
          hu = s.marrow;
        images.ct.values[at] = static_cast<float>(hu);
        images.bone.values[at] = r < 0.34 ? 1 : 0;
        const int label = r > 1.0                ? 1
                          : r > 0.72 && r < 0.84 ? 2
                          : r > 0.42 && r < 0.60 ? 3
                          : r > 0.21 && r < 0.29 ? 4
                                                 : 0;
        images.tissues.values[at] = label;
      }
  for (int pass = 0; pass < s.blur; ++pass)
    for (std::size_t axis = 0; axis < 3; ++axis)
      blur_along(images.ct, axis);
  std::mt19937 random(7);
  std::normal_distribution<double> normal;
  for (float& v : images.ct.values)
    v = static_cast<float>(std::round(static_cast<double>(v) + s.noise * normal(random)));
  return images;
}

} // namespace calcar::image::test
