#include "anatomy/extend_shaft.hpp"

#include "base/error.hpp"
#include "base/text.hpp"
#include "geometry/rotation.hpp"
#include "image/resample.hpp"

#include <algorithm>
#include <cmath>

namespace calcar::anatomy
{
namespace
{
/// The section copied lies this far above the cut, clear of its rounding by interpolation.
constexpr double above_cut_mm = 3;
/// The core of the shaft, on which the slope of the cut is read, and how far from the section
/// across the cut's centre it is looked for.
constexpr double core_mm = 8;
constexpr double search_mm = 15;
/// No shaft is wider than this about its centre.
constexpr double widest_mm = 40;

bool inside(const image::Mask& mask, Vec3 point)
{
  return image::fraction(mask, mask.grid.index(point)) >= 0.5F;
}

/// Two unit vectors across the shaft.
struct Across
{
  Vec3 u;
  Vec3 v;
};

/// Visits the points of a disc about the origin, a step apart: visit(a, b).
template <typename Visit>
void for_disc(double radius, double step, const Visit& visit)
{
  const int reach = static_cast<int>(radius / step);
  for (int b = -reach; b <= reach; ++b)
    for (int a = -reach; a <= reach; ++a)
      if (step * std::hypot(a, b) <= radius)
        visit(step * a, step * b);
}

/// Height of the lowest bone above a point along `up`; 0 when there is none near it.
double lowest(const image::Mask& mask, Vec3 point, Vec3 up, double step)
{
  for (double height = -search_mm; height <= search_mm; height += step)
    if (inside(mask, point + height * up))
      return height;
  return 0;
}

/// How steeply the cut lies across the shaft (tangent), from the lower ends of its core.
double slope_of_cut(const image::Mask& mask, const BoneAnatomy& bone, const Across& across,
                    double step)
{
  double square = 0;
  double along_u = 0;
  double along_v = 0;
  for_disc(core_mm, 2,
           [&](double a, double b)
           {
             const Vec3 point = bone.cut_centre + a * across.u + b * across.v;
             const double height = lowest(mask, point, bone.frame.proximal, step);
             square += a * a;
             along_u += a * height;
             along_v += b * height;
           });
  return std::hypot(along_u, along_v) / square;
}

/// Largest distance of a section from the line through its centre.
double radius_of(const image::Mask& mask, Vec3 centre, const Across& across, double step)
{
  double radius = 0;
  for_disc(widest_mm, step,
           [&](double a, double b)
           {
             if (inside(mask, centre + a * across.u + b * across.v))
               radius = std::max(radius, std::hypot(a, b));
           });
  return radius;
}

/// The grid grown by whole voxels so that a ball lies inside.
image::Grid grown(const image::Grid& grid, Vec3 centre, double radius)
{
  const Vec3 index = grid.index(centre);
  image::Grid result = grid;
  Vec3 first;
  for (std::size_t axis = 0; axis < 3; ++axis)
  {
    const double reach = radius / grid.spacing[axis] + 2;
    const int before = std::max(0, -static_cast<int>(std::floor(index[axis] - reach)));
    const int after =
        std::max(0, static_cast<int>(std::ceil(index[axis] + reach)) + 1 - grid.size[axis]);
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
  const Vec3 u = geometry::any_perpendicular(up);
  const Across across = {u, cross(up, u)};
  const Vec3 spacing = mask.grid.spacing;
  const double step = 0.5 * std::min({spacing.x, spacing.y, spacing.z});
  const double slope = slope_of_cut(mask, bone, across, step);
  const auto centre = [&](double height) { return bone.cut_centre + height * up; };
  const double radius = radius_of(mask, centre(above_cut_mm + core_mm * slope), across, step);
  const double above_mm = above_cut_mm + radius * slope;
  const Vec3 section = centre(above_mm);
  const image::Volume old_density = density;
  const image::Mask old_mask = mask;
  density.grid = mask.grid = grown(old_mask.grid, centre(-length_mm), radius);
  density.values.assign(density.grid.voxels(), 0.0F);
  mask.values.assign(mask.grid.voxels(), 0);
  for (int k = 0; k < mask.grid.size[2]; ++k)
    for (int j = 0; j < mask.grid.size[1]; ++j)
      for (int i = 0; i < mask.grid.size[0]; ++i)
      {
        const Vec3 point = mask.grid.point({double(i), double(j), double(k)});
        const double below = dot(section - point, up);
        if (below > length_mm + above_mm)
          continue;
        const Vec3 from = below > 0 ? point + below * up : point;
        const Vec3 index = old_mask.grid.index(from);
        mask.at(i, j, k) = inside(old_mask, from);
        density.at(i, j, k) = image::sample_index(old_density, index, 0.0F);
      }
  bone.cut_centre = centre(-length_mm);
  bone.warnings.push_back({"shaft_extended",
                           "the shaft was extruded by " + format_number(length_mm) +
                               " mm below the cut: that part is no anatomy of the patient",
                           "[bone] extend_shaft_mm"});
}

} // namespace calcar::anatomy
