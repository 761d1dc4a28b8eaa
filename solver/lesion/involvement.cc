#include "lesion/involvement.hpp"

#include "anatomy/bone_shape.hpp"
#include "geometry/rotation.hpp"
#include "image/box.hpp"
#include "image/mask.hpp"
#include "lesion/samples.hpp"

#include <algorithm>
#include <cmath>

namespace calcar::lesion
{
namespace
{
constexpr int rays = 120;
constexpr double level_mm = 1;
constexpr double step_mm = 0.1;
constexpr double widest_mm = 100;

/// The cortex on one ray, and what a lesion leaves of it.
struct OnRay
{
  double cortex_mm = 0;
  double taken_mm = 0;

  bool involved() const
  {
    return cortex_mm > 0 && taken_mm >= cortex_rule().involved_from_share * cortex_mm;
  }
};

OnRay along_ray(const PlacedLesion& placed, const Ground& ground, Vec3 surface, Vec3 inwards,
                double most_mm)
{
  OnRay result;
  result.cortex_mm = std::min(cortex_along(ground.density, surface, inwards).length(), most_mm);
  for (double t = 0.5 * step_mm; t < result.cortex_mm; t += step_mm)
    result.taken_mm += fraction(placed, surface + t * inwards) >= 0.5 ? step_mm : 0;
  result.taken_mm = std::min(result.taken_mm, result.cortex_mm);
  return result;
}

void take(const OnRay& ray, LesionMeasures& measures)
{
  if (!ray.involved())
    return;
  const double left = ray.cortex_mm - ray.taken_mm;
  measures.remaining_cortex_mm =
      measures.touches_cortex ? std::min(measures.remaining_cortex_mm, left) : left;
  measures.touches_cortex = true;
}

/// Involved share of the cortex's girth on one section.
double involved_share(const PlacedLesion& placed, const Ground& ground,
                      const anatomy::Section& section, LesionMeasures& measures)
{
  double involved = 0, whole = 0;
  for (std::size_t n = 0; n < section.radii.size(); ++n)
  {
    const double angle = 2 * geometry::pi * static_cast<double>(n) / rays;
    const Vec3 outwards = std::cos(angle) * section.e1 + std::sin(angle) * section.e2;
    const double radius = section.radii[n];
    const OnRay ray =
        along_ray(placed, ground, section.centre + radius * outwards, -outwards, radius);
    take(ray, measures);
    whole += ray.cortex_mm > 0 ? radius : 0;
    involved += ray.involved() ? radius : 0;
  }
  return whole > 0 ? std::min(1.0, involved / whole) : 0;
}

/// Length of the bone in the image along a direction, mm.
double length_along(const image::Mask& mask, Vec3 axis)
{
  double low = 1e300, high = -1e300;
  const image::Box box = image::bounding_box(mask);
  for (int k = box.low[2]; k <= box.high[2]; ++k)
    for (int j = box.low[1]; j <= box.high[1]; ++j)
      for (int i = box.low[0]; i <= box.high[0]; ++i)
        if (mask.at(i, j, k))
        {
          const double level = dot(mask.grid.point({double(i), double(j), double(k)}), axis);
          low = std::min(low, level);
          high = std::max(high, level);
        }
  return high - low;
}

/// The mask near a lesion as a shape that sections can be taken of.
anatomy::BoneShape shape_near(const image::Mask& mask, Vec3 centre, double reach_mm)
{
  image::Box box{{mask.grid.size[0], mask.grid.size[1], mask.grid.size[2]}, {-1, -1, -1}};
  for_each_near(mask.grid, centre, reach_mm,
                [&](std::size_t, int i, int j, int k)
                {
                  const int at[3] = {i, j, k};
                  for (std::size_t a = 0; a < 3; ++a)
                  {
                    box.low[a] = std::min(box.low[a], at[a]);
                    box.high[a] = std::max(box.high[a], at[a]);
                  }
                });
  anatomy::BoneShape shape;
  if (box.high[0] >= 0)
    shape.mask = image::crop(mask, box);
  return shape;
}

void measure_on_sections(const PlacedLesion& placed, const Ground& ground, LesionMeasures& measures)
{
  const Vec3 axis = local_axis(ground.bone, placed.centre);
  const anatomy::BoneShape shape =
      shape_near(ground.mask, placed.centre, placed.reach_mm + widest_mm);
  const Girth girth =
      girth_at(ground, placed.centre, axis, geometry::any_perpendicular(axis), placed.lesion.place);
  double worst = 0, run = 0, longest = 0;
  const int levels = static_cast<int>(std::ceil(placed.reach_mm / level_mm));
  const double shift = dot(placed.centre - girth.centre, axis);
  for (int l = -levels; l <= levels; ++l)
  {
    const anatomy::Section section =
        anatomy::section(shape, girth.centre + (shift + l * level_mm) * axis, axis,
                         geometry::any_perpendicular(axis), widest_mm, 3, rays);
    const double share =
        section.area > 0 && section.closed ? involved_share(placed, ground, section, measures) : 0;
    worst = std::max(worst, share);
    run = share > 0 ? run + level_mm : 0;
    longest = std::max(longest, run);
  }
  measures.axial_mm = longest;
  measures.circumferential_share = worst;
  measures.axial_share = std::min(1.0, longest / length_along(ground.mask, axis));
}

void measure_below_surface(const PlacedLesion& placed, const Ground& ground,
                           LesionMeasures& measures)
{
  const Depth depth(ground.mask, placed.centre, placed.reach_mm + cortex_rule().thickest_mm);
  const Vec3 h = ground.mask.grid.spacing;
  const double reach = std::max({h.x, h.y, h.z});
  const auto visit = [&](std::size_t offset, int i, int j, int k)
  {
    const Vec3 p = ground.mask.grid.point({double(i), double(j), double(k)});
    if (!ground.mask.values[offset] || depth(p) > reach)
      return;
    Vec3 inwards;
    for (std::size_t a = 0; a < 3; ++a)
    {
      Vec3 step;
      step[a] = 2 * reach;
      inwards[a] = depth(p + step) - depth(p - step);
    }
    if (norm(inwards) < 1e-6)
      return;
    inwards = normalized(inwards);
    take(along_ray(placed, ground, p - depth(p) * inwards, inwards, cortex_rule().thickest_mm),
         measures);
  };
  for_each_near(ground.mask.grid, placed.centre, placed.reach_mm, visit);
}
} // namespace

void measure_cortex(const PlacedLesion& placed, const Ground& ground, LesionMeasures& measures)
{
  using anatomy::BoneKind;
  const BoneKind kind = ground.bone.kind;
  if (kind == BoneKind::femur || kind == BoneKind::tibia || kind == BoneKind::humerus)
    measure_on_sections(placed, ground, measures);
  else
    measure_below_surface(placed, ground, measures);
}

} // namespace calcar::lesion
