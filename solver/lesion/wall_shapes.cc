#include "base/error.hpp"
#include "base/text.hpp"
#include "geometry/point_bins.hpp"
#include "geometry/rotation.hpp"
#include "lesion/outline.hpp"

#include <algorithm>
#include <cmath>
#include <memory>

namespace calcar::lesion
{
namespace
{
/// Shapes that come from outside begin this far above the surface, mm.
constexpr double above_mm = 6;
/// Rays along which the cortex of a sector is looked for: across its arc and along its length.
constexpr int rays_across = 9, rays_along = 5;

/// Coordinates on a girth: along its axis, off the axis, and the angle from its direction.
struct OnGirth
{
  double along;
  double radius;
  double angle;
};

OnGirth on_girth(const Girth& girth, Vec3 point)
{
  const Vec3 apart = point - girth.centre;
  const double u = dot(apart, girth.towards);
  const double v = dot(apart, cross(girth.axis, girth.towards));
  return {dot(apart, girth.axis), std::hypot(u, v), std::atan2(v, u)};
}

/// Signed distance to a sector of half opening `half` (radians) of a stretch of the girth, out to a
/// little above the surface.
double sector_distance(const Girth& girth, const OnGirth& at, double half, double half_length)
{
  const double right_angle = 0.5 * geometry::pi;
  const double over = std::clamp(std::abs(at.angle) - half, -right_angle, right_angle);
  const double beside = half >= geometry::pi ? -at.radius : at.radius * std::sin(over);
  return std::max(
      {beside, std::abs(at.along) - half_length, at.radius - girth.farthest_mm - above_mm});
}

Vec3 on_ray(const Girth& girth, double along, double angle, double radius)
{
  const Vec3 outwards =
      std::cos(angle) * girth.towards + std::sin(angle) * cross(girth.axis, girth.towards);
  return girth.centre + along * girth.axis + radius * outwards;
}

/// Where a ray from the axis outwards leaves the bone, mm from the axis; 0 when it never is in it.
double surface_on_ray(const Depth& depth, const Girth& girth, double along, double angle)
{
  double radius = girth.farthest_mm + above_mm;
  while (radius > 0 && depth(on_ray(girth, along, angle, radius)) < 0)
    radius -= 0.1;
  return std::max(radius, 0.0);
}

/// Thickness of the cortex over a sector, on rays across its arc and along its length.
class CortexMap
{
public:
  CortexMap(const Ground& ground, const Depth& depth, const Girth& girth, double half,
            double half_length)
  {
    for (int l = 0; l < rays_along; ++l)
      for (int a = 0; a < rays_across; ++a)
        thickness_.push_back(on_ray_at(ground, depth, girth,
                                       half * (2.0 * a / (rays_across - 1) - 1),
                                       half_length * (2.0 * l / (rays_along - 1) - 1)));
    fill_gaps();
  }

  bool empty() const { return mean_ <= 0; }

  /// Bilinear at u across and v along, -1 to 1; clamped.
  double at(double u, double v) const
  {
    const double x = (std::clamp(u, -1.0, 1.0) + 1) * 0.5 * (rays_across - 1);
    const double y = (std::clamp(v, -1.0, 1.0) + 1) * 0.5 * (rays_along - 1);
    const int a = std::min(static_cast<int>(x), rays_across - 2);
    const int l = std::min(static_cast<int>(y), rays_along - 2);
    const double s = x - a, t = y - l;
    const auto of = [&](int i, int j)
    { return thickness_[static_cast<std::size_t>(j * rays_across + i)]; };
    return (1 - t) * ((1 - s) * of(a, l) + s * of(a + 1, l)) +
           t * ((1 - s) * of(a, l + 1) + s * of(a + 1, l + 1));
  }

private:
  static double on_ray_at(const Ground& ground, const Depth& depth, const Girth& girth,
                          double angle, double along)
  {
    const double radius = surface_on_ray(depth, girth, along, angle);
    if (radius <= 0)
      return 0;
    const Vec3 surface = on_ray(girth, along, angle, radius);
    const Vec3 inwards = normalized(on_ray(girth, along, angle, 0) - surface);
    return std::min(cortex_along(ground.density, surface, inwards).length(), radius);
  }

  /// Rays that meet no cortex take the mean of the others.
  void fill_gaps()
  {
    int found = 0;
    for (const double t : thickness_)
    {
      mean_ += t;
      found += t > 0 ? 1 : 0;
    }
    mean_ = found > 0 ? mean_ / found : 0;
    for (double& t : thickness_)
      t = t > 0 ? t : mean_;
  }

  std::vector<double> thickness_;
  double mean_ = 0;
};

double sector_reach(const Girth& girth, double half_length)
{
  return std::hypot(girth.farthest_mm + above_mm, half_length);
}

[[noreturn]] void refuse_no_cortex(const Lesion& lesion, const std::string& remedy)
{
  throw InputError(Fault::data,
                   {lesion.place,
                    "lesion \"" + lesion.name + "\": no cortex is as dense as " +
                        format_number(cortex_rule().from_g_cm3) + " g/cm3 where it is to lie",
                    "a place with a cortex that the CT shows", remedy, ""});
}

/// From outside the surface to the axis, or through the bone.
Vec3 outer_end(const Girth& girth)
{
  return girth.centre + (girth.farthest_mm + above_mm) * girth.towards;
}

/// A prism along the direction of the girth from outside to the axis whose section is a rectangle
/// with the corners rounded by `corner`.
geometry::Solid window(const Girth& girth, double width, double length, double corner)
{
  const double end = girth.farthest_mm + above_mm;
  const Vec3 side = cross(girth.axis, girth.towards);
  return {[=](const Vec3& p)
          {
            const Vec3 apart = p - girth.centre;
            const double x = std::abs(dot(apart, side)) - 0.5 * width + corner;
            const double y = std::abs(dot(apart, girth.axis)) - 0.5 * length + corner;
            const double across = std::hypot(std::max(x, 0.0), std::max(y, 0.0)) +
                                  std::min(std::max(x, y), 0.0) - corner;
            const double inwards = dot(apart, girth.towards);
            return std::max({across, -inwards, inwards - end});
          }};
}
} // namespace

Girth girth_of(const Lesion& lesion, const Ground& ground)
{
  const Vec3 centre = anatomy::resolve(lesion.centre, ground.bone);
  const Vec3 axis = lesion.axis.empty()
                        ? local_axis(ground.bone, centre)
                        : normalized(anatomy::named_vector(ground.bone.frame, lesion.axis));
  const Vec3 direction = lesion.direction.empty()
                             ? Vec3{}
                             : anatomy::named_vector(ground.bone.frame, lesion.direction);
  return girth_at(ground, centre, axis, direction, lesion.place);
}

Outline cortical_breach(const Lesion& lesion, const Ground& ground)
{
  const Girth girth = girth_of(lesion, ground);
  const double half = 0.5 * geometry::radians(lesion.size("arc_deg"));
  const double half_length = 0.5 * lesion.size("length_mm");
  const double reach = sector_reach(girth, half_length);
  const Depth depth(ground.mask, girth.centre, reach + 10);
  const auto given = lesion.sizes.find("depth_mm");
  if (given != lesion.sizes.end())
    return {{[=, deep = given->second](const Vec3& p)
             {
               return std::max(sector_distance(girth, on_girth(girth, p), half, half_length),
                               depth(p) - deep);
             }},
            girth.centre,
            reach};
  const CortexMap cortex(ground, depth, girth, half, half_length);
  if (cortex.empty())
    refuse_no_cortex(lesion, "give its depth_mm");
  // A voxel deeper than dense: what the scanner blurs inside belongs to the cortex too.
  const Vec3 h = ground.mask.grid.spacing;
  const double blur = std::max({h.x, h.y, h.z});
  return {{[=](const Vec3& p)
           {
             const OnGirth at = on_girth(girth, p);
             const double deep = cortex.at(at.angle / half, at.along / half_length) + blur;
             return std::max(sector_distance(girth, at, half, half_length), depth(p) - deep);
           }},
          girth.centre,
          reach};
}

Outline endosteal_scalloping(const Lesion& lesion, const Ground& ground)
{
  const Girth girth = girth_of(lesion, ground);
  const double half = 0.5 * geometry::radians(lesion.size("arc_deg"));
  const double half_length = 0.5 * lesion.size("length_mm");
  const double reach = sector_reach(girth, half_length);
  const Depth depth(ground.mask, girth.centre, reach + 10);
  const CortexMap cortex(ground, depth, girth, half, half_length);
  if (cortex.empty())
    refuse_no_cortex(lesion, "choose another place, or a shape that needs no cortex");
  const double bowl = lesion.size("depth_mm");
  return {{[=](const Vec3& p)
           {
             const OnGirth at = on_girth(girth, p);
             const double u = at.angle / half, v = at.along / half_length;
             const double inner = cortex.at(u, v);
             // The bowl's floor, seen from outside; beyond its rim there is none.
             const double floor = inner - bowl * (1 - u * u - v * v);
             return std::max(floor - depth(p), depth(p) - inner);
           }},
          girth.centre,
          reach};
}

Outline transcortical_hole(const Lesion& lesion, const Ground& ground)
{
  const Girth girth = girth_of(lesion, ground);
  const Vec3 a = outer_end(girth);
  const Vec3 b = lesion.both_cortices ? 2 * girth.centre - a : girth.centre;
  const double radius = 0.5 * lesion.size("diameter_mm");
  return {geometry::cylinder(a, b, radius), 0.5 * (a + b), std::hypot(0.5 * norm(a - b), radius)};
}

Outline biopsy_hole(const Lesion& lesion, const Ground& ground)
{
  const Girth girth = girth_of(lesion, ground);
  const Vec3 a = outer_end(girth);
  const Vec3 middle = 0.5 * (a + girth.centre);
  const double half = 0.5 * norm(a - girth.centre);
  if (lesion.form == "round")
  {
    const double radius = 0.5 * lesion.size("diameter_mm");
    return {geometry::cylinder(a, girth.centre, radius), middle, std::hypot(half, radius)};
  }
  const double width = lesion.size("width_mm"), length = lesion.size("length_mm");
  const double corner = lesion.form == "oblong" ? 0.5 * width : 0;
  return {window(girth, width, length, corner), middle,
          std::hypot(half, 0.5 * std::hypot(width, length))};
}

Outline permeative(const Lesion& lesion, const Ground& ground)
{
  const Vec3 centre = anatomy::resolve(lesion.centre, ground.bone);
  const anatomy::Frame& frame = ground.bone.frame;
  const Mat3 axes{frame.medial, frame.anterior, frame.proximal};
  const Vec3 radii{lesion.radii_mm.at("medial"), lesion.radii_mm.at("anterior"),
                   lesion.radii_mm.at("proximal")};
  const geometry::Solid region = geometry::ellipsoid(centre, radii, axes);
  const double cell = 10 / std::cbrt(lesion.size("holes_per_cm3"));
  const Seeds seeds{centre, axes, cell, lesion.tissue.seed};
  std::vector<Vec3> holes;
  const auto last = [&](double radius) { return static_cast<std::int64_t>(radius / cell) + 1; };
  for (std::int64_t k = -last(radii.z); k <= last(radii.z); ++k)
    for (std::int64_t j = -last(radii.y); j <= last(radii.y); ++j)
      for (std::int64_t i = -last(radii.x); i <= last(radii.x); ++i)
        if (const Vec3 hole = seeds.point({i, j, k}); region.contains(hole))
          holes.push_back(hole);
  if (holes.empty())
    throw InputError(Fault::command,
                     {lesion.place,
                      "lesion \"" + lesion.name + "\" is so small that none of its " +
                          format_number(lesion.size("holes_per_cm3")) + " holes per cm3 lies in it",
                      "at least one hole", "give more holes_per_cm3 or greater radii_mm", ""});
  const double radius = 0.5 * lesion.size("hole_diameter_mm");
  const auto bins = std::make_shared<const geometry::PointBins>(std::move(holes), cell);
  return {{[=](const Vec3& p) { return norm(p - bins->point(bins->nearest(p))) - radius; }},
          centre,
          std::max({radii.x, radii.y, radii.z}) + radius};
}

} // namespace calcar::lesion
