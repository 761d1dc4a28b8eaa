#include "anatomy/humerus_proximal.hpp"
#include "anatomy/sphere_on_bone.hpp"
#include "geometry/fit.hpp"
#include "geometry/rotation.hpp"

#include <algorithm>
#include <cmath>

namespace calcar::anatomy
{

namespace
{

using geometry::pi;
using geometry::without_component;

constexpr double least_radius_ratio = 1.35; ///< head over shaft; adults measured about 2.2
constexpr double most_radius_ratio = 3.3;
constexpr double least_covered = 0.22;
constexpr int net_size = 1500;

const std::vector<Vec3>& net()
{
  static const std::vector<Vec3> directions = even_directions(net_size);
  return directions;
}

/// What is seen from the centre: directions and the points of the surface in them that lie on the
/// sphere.
struct View
{
  std::vector<Vec3> directions;
  std::vector<Vec3> points;
};

View look_around(const BoneShape& shape, const HumeralHead& head, double tolerance)
{
  View view;
  for (const Vec3& d : net())
  {
    const double r = distance_to_surface(shape, head.centre, d, 1.6 * head.radius);
    if (std::abs(r - head.radius) < tolerance)
    {
      view.directions.push_back(d);
      view.points.push_back(head.centre + r * d);
    }
  }
  return view;
}

/// The middle of the directions on the head's side.
Vec3 middle_of(const std::vector<Vec3>& directions, Vec3 axis)
{
  for (int pass = 0; pass < 6; ++pass)
  {
    Vec3 sum;
    for (const Vec3& d : directions)
    {
      sum += dot(d, axis) > 0 ? d : Vec3{};
    }
    axis = norm(sum) > 0 ? normalized(sum) : axis;
  }
  return axis;
}

/// The axis of the anatomical neck: on every meridian the cap ends where the surface leaves the
/// sphere; a plane through these points in which the tubercles, which hide the neck here and there,
/// weigh little. The axis so far where it would turn it by more than 20 degrees.
Vec3 axis_of_neck(const BoneShape& shape, const HumeralHead& head, double tolerance)
{
  constexpr int meridians = 72;
  Vec3 axis = head.axis;
  for (int round = 0; round < 3; ++round)
  {
    const Vec3 e1 = geometry::any_perpendicular(axis);
    const Vec3 e2 = cross(axis, e1);
    std::vector<Vec3> edge;
    for (int m = 0; m < meridians; ++m)
    {
      const double phi = 2 * pi * m / meridians;
      const Vec3 side = std::cos(phi) * e1 + std::sin(phi) * e2;
      double last = 40;
      double off = 0;
      for (double angle = 40; angle < 120 && off < 4; angle += 1)
      {
        const double a = geometry::radians(angle);
        const Vec3 u = std::sin(a) * side + std::cos(a) * axis;
        const double r = distance_to_surface(shape, head.centre, u, 1.6 * head.radius);
        off = std::abs(r - head.radius) < tolerance ? 0 : off + 1;
        last = off > 0 ? last : angle;
      }
      const double a = geometry::radians(last);
      edge.push_back(std::sin(a) * side + std::cos(a) * axis);
    }
    axis = plane_of_edge(edge, axis).axis;
  }
  return geometry::angle_deg(axis, head.axis) < 20 ? axis : head.axis;
}

/// Share of the directions within 45 degrees of the axis in which the sphere is the surface.
double dome_of(const View& view, Vec3 axis)
{
  const double rim = std::cos(geometry::radians(45));
  const auto on_dome = [&](const Vec3& d) { return dot(d, axis) > rim; };
  const auto all = std::count_if(net().begin(), net().end(), on_dome);
  const auto seen = std::count_if(view.directions.begin(), view.directions.end(), on_dome);
  return static_cast<double>(seen) / static_cast<double>(all);
}

/// Fits the sphere again to what of its cap is seen, 58 degrees around the axis and clear of its
/// rim, and fills axis, covered and dome.
void settle(const BoneShape& shape, HumeralHead& head)
{
  const double strict = std::max({0.7, 0.035 * head.radius, 0.4 * shape.voxel_mm});
  View view;
  for (int round = 0; round < 5; ++round)
  {
    view = look_around(shape, head, strict);
    head.axis = middle_of(view.directions, head.axis);
    std::vector<Vec3> cap;
    for (std::size_t n = 0; n < view.points.size(); ++n)
    {
      if (dot(view.directions[n], head.axis) > std::cos(geometry::radians(58)))
      {
        cap.push_back(view.points[n]);
      }
    }
    const auto fitted = cap.size() < 30 ? std::nullopt : geometry::fit_sphere(cap);
    if (!fitted || norm(fitted->centre - head.centre) > 0.5 * head.radius)
    {
      break;
    }
    head.centre = fitted->centre;
    head.radius = fitted->radius;
    head.rms = fitted->rms;
  }
  head.covered = static_cast<double>(view.directions.size()) / net_size;
  head.axis = axis_of_neck(shape, head, strict);
  // Real heads are not quite round: only where the sphere is far from the surface is none of it
  // seen.
  const double loose = std::max(0.1 * head.radius, 0.7 * shape.voxel_mm);
  head.dome = dome_of(look_around(shape, head, loose), head.axis);
}

} // namespace

std::optional<HumeralHead> find_humeral_head(const BoneShape& shape, const LongBone& bone)
{
  const BoneEnd& end = bone.ends[1];
  BoneShape piece;
  piece.voxel_mm = shape.voxel_mm;
  piece.surface = points_beyond(shape, bone, std::max(end.level - 6 * bone.radius, bone.to));
  const auto sphere = piece.surface.size() < 100 ? std::nullopt : find_femoral_head(piece);
  if (!sphere)
  {
    return std::nullopt;
  }
  const double ratio = sphere->radius / bone.radius;
  const double highest = bone.level(sphere->centre) + sphere->radius;
  if (ratio < least_radius_ratio || ratio > most_radius_ratio ||
      std::abs(end.level - highest) > 0.45 * sphere->radius)
  {
    return std::nullopt;
  }
  HumeralHead head;
  head.centre = sphere->centre;
  head.radius = sphere->radius;
  head.rms = sphere->rms;
  head.axis = -sphere->towards_neck;
  settle(shape, head);
  const Vec3 offset = without_component(head.centre - bone.point, bone.axis);
  head.offset = norm(offset);
  // The cap's middle is disturbed by tubercles that lie near the sphere, the offset by the shaft's
  // bow: both count.
  head.towards = normalized(offset + 0.7 * head.radius * without_component(head.axis, bone.axis));
  // A condyle is round at its side, a head on top as well.
  const double top_radius = distance_to_surface(shape, head.centre, bone.axis, 1.6 * head.radius);
  const bool round_top =
      std::abs(top_radius - head.radius) < std::max(0.15 * head.radius, 0.7 * shape.voxel_mm);
  return round_top && head.covered > least_covered ? std::optional(head) : std::nullopt;
}

std::optional<double> surgical_neck_level(const LongBone& bone, const HumeralHead& head)
{
  const double centre = bone.level(head.centre);
  const double r = head.radius;
  const double bottom = bone.ends[0].level + 0.8 * bone.radius;
  const double low = std::max(centre - 4.5 * r, bottom);
  const double high = std::max(centre - 3 * r, std::min(low + 0.8 * r, centre - 2.4 * r));
  double sum = 0;
  double count = 0;
  for (const Slice& slice : bone.slices)
  {
    if (slice.level > low && slice.level < high)
    {
      sum += slice.radius();
      count += 1;
    }
  }
  if (count < 3)
  {
    return std::nullopt;
  }
  const double wide = 1.2 * sum / count;
  const auto mean_radius = [&](std::size_t n)
  {
    return (bone.slices[n - 1].radius() + bone.slices[n].radius() + bone.slices[n + 1].radius()) /
           3;
  };
  for (std::size_t n = 2; n + 1 < bone.slices.size(); ++n)
  {
    const double before = mean_radius(n - 1);
    const double here = mean_radius(n);
    if (bone.slices[n].level > high && here >= wide)
    {
      const double part = here > before ? (wide - before) / (here - before) : 1;
      return bone.slices[n - 1].level + std::clamp(part, 0.0, 1.0) * bone.step;
    }
  }
  return std::nullopt;
}

} // namespace calcar::anatomy
