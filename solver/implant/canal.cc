#include "implant/canal.hpp"

#include "geometry/rotation.hpp"
#include "implant/refusal.hpp"
#include "implant/shaft.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <deque>
#include <limits>
#include <optional>

namespace calcar::implant
{
namespace
{
constexpr double level_step_mm = 5;
constexpr double ray_step_mm = 0.25;
constexpr double widest_mm = 60; ///< no wall of a long bone is farther from its middle
constexpr int rays = 72;

/// Two directions across an axis, one near the bone's medial and one near its anterior, so that a
/// mirrored bone has mirrored ones.
struct Across
{
  Vec3 first, second;

  Vec3 at(int ray) const
  {
    const double angle = 2 * geometry::pi * ray / rays;
    return std::cos(angle) * first + std::sin(angle) * second;
  }
};

Across directions_across(const anatomy::Frame& frame, Vec3 axis)
{
  const Vec3 first = across(axis, frame.medial);
  const Vec3 rest = geometry::without_component(frame.anterior, axis);
  return {first, normalized(geometry::without_component(rest, first))};
}

/// Distance to cortex or to the surface along a ray.
double wall_along(const Site& site, Vec3 from, Vec3 towards)
{
  const double cortex = lesion::cortex_rule().from_g_cm3;
  double density = density_at(site, from);
  double depth = depth_at(site, from);
  if (density >= cortex || depth <= 0)
    return 0;
  for (double t = ray_step_mm; t <= widest_mm; t += ray_step_mm)
  {
    const Vec3 at = from + t * towards;
    const double next_density = density_at(site, at);
    const double next_depth = depth_at(site, at);
    if (next_density >= cortex)
      return t - ray_step_mm * (next_density - cortex) / (next_density - density);
    if (next_depth <= 0)
      return t - ray_step_mm * (-next_depth) / (depth - next_depth);
    density = next_density;
    depth = next_depth;
  }
  return widest_mm;
}

/// The largest circle inside a polygon, found by steps that are halved, from the point its walls
/// were looked for from.
CanalPoint largest_circle(const std::vector<Vec3>& wall, const Across& plane, Vec3 start)
{
  const auto room = [&](Vec3 at)
  {
    double least = std::numeric_limits<double>::infinity();
    for (const Vec3& w : wall)
      least = std::min(least, norm(w - at));
    return least;
  };
  const auto inside = [&](Vec3 at)
  {
    const Vec3 off = at - start;
    const double turn = std::atan2(dot(off, plane.second), dot(off, plane.first));
    const auto ray = std::lround(rays * (turn / (2 * geometry::pi) + 1));
    return norm(off) < norm(wall[static_cast<std::size_t>(ray) % rays] - start);
  };
  CanalPoint best{start, room(start)};
  for (double step = 2; step > 0.01; step *= 0.5)
    for (bool moved = true; moved;)
    {
      moved = false;
      const CanalPoint from = best;
      for (int ray = 0; ray < rays; ray += 3)
      {
        const Vec3 at = from.centre + step * plane.at(ray);
        const double here = room(at);
        if (here > best.free_radius_mm + 1e-6 && inside(at))
        {
          best = {at, here};
          moved = true;
        }
      }
    }
  return best;
}

/// The canal's circle at the level of a point inside the bone; nothing outside it.
std::optional<CanalPoint> circle_at(const Site& site, Vec3 point, Vec3 axis)
{
  if (depth_at(site, point) <= 0.5 || density_at(site, point) >= lesion::cortex_rule().from_g_cm3)
    return std::nullopt;
  const Across plane = directions_across(site.bone().frame, axis);
  CanalPoint found{point, 0};
  for (int round = 0; round < 2; ++round)
  {
    std::vector<Vec3> wall;
    for (int ray = 0; ray < rays; ++ray)
      wall.push_back(found.centre + wall_along(site, found.centre, plane.at(ray)) * plane.at(ray));
    found = largest_circle(wall, plane, found.centre);
  }
  return found;
}

/// Follows the canal from a place in it until the bone ends or `until` says so.
std::vector<CanalPoint> follow(const Site& site, CanalPoint from, Vec3 direction,
                               const std::function<bool(Vec3)>& until)
{
  std::vector<CanalPoint> points;
  std::deque<Vec3> behind{from.centre - 40.0 * direction, from.centre};
  CanalPoint at = from;
  for (int n = 0; n < 200; ++n)
  {
    const Vec3 along = normalized(behind.back() - behind.front());
    const Vec3 seed = at.centre + level_step_mm * along;
    const auto next = circle_at(site, seed, along);
    if (!next || next->free_radius_mm <= 0 || until(next->centre))
      break;
    if (dot(next->centre - at.centre, along) < 0.5 * level_step_mm)
      break; // the circle slides back out of a closing end
    at = *next;
    points.push_back(at);
    behind.push_back(at.centre);
    if (behind.size() > 9 || norm(behind.front() - at.centre) > 40)
      behind.pop_front();
  }
  return points;
}

bool has_canal(anatomy::BoneKind kind)
{
  return kind == anatomy::BoneKind::femur || kind == anatomy::BoneKind::tibia ||
         kind == anatomy::BoneKind::humerus;
}

/// The narrowest level of the middle of the stretch, whose ends are wide with spongy bone.
std::size_t narrowest(const std::vector<CanalPoint>& points)
{
  return static_cast<std::size_t>(std::min_element(points.begin(), points.end(),
                                                   [](const CanalPoint& a, const CanalPoint& b) {
                                                     return a.free_radius_mm < b.free_radius_mm;
                                                   }) -
                                  points.begin());
}
} // namespace

Vec3 across(Vec3 axis, Vec3 wanted)
{
  const Vec3 rest = geometry::without_component(wanted, axis);
  return norm(rest) > 1e-6 ? normalized(rest) : geometry::any_perpendicular(axis);
}

double free_radius(const Site& site, Vec3 point, Vec3 axis)
{
  const Across plane = directions_across(site.bone().frame, axis);
  double least = widest_mm;
  for (int ray = 0; ray < rays; ++ray)
    least = std::min(least, wall_along(site, point, plane.at(ray)));
  return least;
}

Canal find_canal(const Site& site, const std::string& place)
{
  const anatomy::BoneAnatomy& bone = site.bone();
  const std::vector<Vec3> shaft = shaft_centres(site);
  if (!has_canal(bone.kind) || shaft.size() < 2)
    refuse(place, "the " + to_string(bone.kind) + " has no medullary canal in the image",
           "a femur, tibia or humerus with at least 20 mm of shaft",
           bone.kind == anatomy::BoneKind::femur && !bone.whole
               ? "choose another implant, or extend the shaft ([bone] extend_shaft_mm)"
               : "choose another implant, or an image that shows more of the shaft");
  const std::size_t middle = shaft.size() / 2;
  const Vec3 distal = normalized(shaft.back() - shaft.front());
  const auto start = circle_at(site, shaft[middle], distal);
  if (!start || start->free_radius_mm <= 0)
    refuse(place, "the middle of the shaft is filled with dense bone", "an open medullary canal",
           "choose an implant outside the canal");
  const Vec3 top = shaft.front();
  Canal canal;
  canal.points =
      follow(site, *start, -distal, [&](Vec3 p) { return dot(p - top, bone.frame.proximal) > 0; });
  std::reverse(canal.points.begin(), canal.points.end());
  canal.points.push_back(*start);
  const auto below = follow(site, *start, distal, [](Vec3) { return false; });
  canal.points.insert(canal.points.end(), below.begin(), below.end());
  canal.isthmus = narrowest(canal.points);
  const Vec3 beyond = canal.points.back().centre + 2 * level_step_mm * distal;
  canal.at_border = !bone.whole && !in_image(site, beyond);
  return canal;
}

} // namespace calcar::implant
