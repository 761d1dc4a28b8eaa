#include "anatomy/extend_shaft.hpp"

#include "base/error.hpp"
#include "base/text.hpp"
#include "image/resample.hpp"

#include <algorithm>
#include <cmath>

namespace calcar::anatomy
{
namespace
{
/// The section copied lies this far above the cut, clear of its rounding by interpolation.
constexpr double above_cut_mm = 3;

/// The grid grown by whole voxels so that the mask's lower end moved by `shift` lies inside.
image::Grid grown(const image::Grid& grid, const image::Mask& mask, Vec3 shift)
{
  const Vec3 moved = grid.index(grid.origin + shift);
  std::array<int, 3> low = {grid.size[0], grid.size[1], grid.size[2]};
  std::array<int, 3> high = {-1, -1, -1};
  for (int k = 0; k < grid.size[2]; ++k)
    for (int j = 0; j < grid.size[1]; ++j)
      for (int i = 0; i < grid.size[0]; ++i)
        if (mask.at(i, j, k))
        {
          const std::array<int, 3> index = {i, j, k};
          for (std::size_t axis = 0; axis < 3; ++axis)
          {
            low[axis] = std::min(low[axis], index[axis]);
            high[axis] = std::max(high[axis], index[axis]);
          }
        }
  image::Grid result = grid;
  Vec3 first;
  for (std::size_t axis = 0; axis < 3; ++axis)
  {
    const int before = std::max(0, -static_cast<int>(std::floor(low[axis] + moved[axis])) + 2);
    const int after =
        std::max(0, static_cast<int>(std::ceil(high[axis] + moved[axis])) + 3 - grid.size[axis]);
    result.size[axis] += before + after;
    first[axis] = -before;
  }
  result.origin = grid.point(first);
  return result;
}
} // namespace

void extend_shaft(image::Volume& density, image::Mask& mask, BoneAnatomy& bone, double length_mm)
{
  if (bone.whole)
    throw InputError(Fault::command, {"[bone] extend_shaft_mm", "the image shows the whole bone",
                                      "a bone cut off in its shaft", "remove extend_shaft_mm", ""});
  const Vec3 up = bone.frame.proximal;
  const Vec3 section = bone.cut_centre + above_cut_mm * up;
  const image::Volume old_density = density;
  const image::Mask old_mask = mask;
  density.grid = mask.grid = grown(old_mask.grid, old_mask, -length_mm * up);
  density.values.assign(density.grid.voxels(), 0.0F);
  mask.values.assign(mask.grid.voxels(), 0);
  for (int k = 0; k < mask.grid.size[2]; ++k)
    for (int j = 0; j < mask.grid.size[1]; ++j)
      for (int i = 0; i < mask.grid.size[0]; ++i)
      {
        const Vec3 point = mask.grid.point({double(i), double(j), double(k)});
        const double below = dot(section - point, up);
        if (below > length_mm + above_cut_mm)
          continue;
        const Vec3 from = below > 0 ? point + below * up : point;
        const Vec3 index = old_mask.grid.index(from);
        mask.at(i, j, k) = image::fraction(old_mask, index) >= 0.5F;
        density.at(i, j, k) = image::sample_index(old_density, index, 0.0F);
      }
  bone.cut_centre = bone.cut_centre - length_mm * up;
  bone.warnings.push_back({"shaft_extended",
                           "the shaft was extruded by " + format_number(length_mm) +
                               " mm below the cut: that part is no anatomy of the patient",
                           "[bone] extend_shaft_mm"});
}

} // namespace calcar::anatomy
