#include "anatomy/humerus_body.hpp"

#include "anatomy/long_bone_body.hpp"
#include "geometry/rotation.hpp"

#include <algorithm>
#include <cmath>

namespace calcar::anatomy
{

namespace
{

using geometry::Solid;
using long_bone::smooth_step;

constexpr double shaft_behind_head = 7;     ///< shaft axis from the head centre across, 24 mm head
constexpr double shaft_beside_elbow = 4;    ///< shaft axis lateral of the epicondyles' midpoint
constexpr double deltoid_prominence = 3;    ///< mm for a 24 mm head
constexpr double deltoid_half_length = 26;  ///< mm for a 24 mm head
constexpr double neck_plane = 0.22;         ///< anatomical neck from the head centre, head radii
constexpr double surgical_neck_ratio = 1.2; ///< radius there over that of the upper shaft

/// Lies at the azimuth (degrees, from medial towards anterior) around the shaft.
Vec3 around(double azimuth_deg, double radius)
{
  const double a = geometry::radians(azimuth_deg);
  return {radius * std::cos(a), radius * std::sin(a), 0};
}

/// Tilts the head's axis up until it makes the inclination with the distal shaft; by bisection.
Vec3 head_direction(double retroversion, double inclination_deg, Vec3 shaft_proximal)
{
  const auto at = [&](double up)
  {
    return Vec3{std::cos(up) * std::cos(retroversion), -std::cos(up) * std::sin(retroversion),
                std::sin(up)};
  };
  double low = 0;
  double high = 0.5 * geometry::pi;
  for (int n = 0; n < 60; ++n)
  {
    const double middle = 0.5 * (low + high);
    const bool flat = geometry::angle_deg(at(middle), -shaft_proximal) < inclination_deg;
    (flat ? low : high) = middle;
  }
  return at(0.5 * (low + high));
}

/// The level below the tubercles where the shaft, followed upwards, has become a fifth wider than
/// it is on average 3 to 4.5 head radii below the head.
double surgical_neck(const HumerusBody& body)
{
  const double r = body.head_radius;
  double mean = 0;
  for (int n = 0; n <= 30; ++n)
  {
    mean += shaft_radius(body, -(3 + 0.05 * n) * r) / 31;
  }
  double low = -3 * r;
  double high = -0.8 * r;
  for (int n = 0; n < 60; ++n)
  {
    const double middle = 0.5 * (low + high);
    (shaft_radius(body, middle) < surgical_neck_ratio * mean ? low : high) = middle;
  }
  return 0.5 * (low + high);
}

/// The shaft: round above, flattened from front to back above the elbow.
Solid shaft(const HumerusBody& body)
{
  return {[body](const Vec3& p)
          {
            const double k = body.scale;
            const double z = std::clamp(p.z, body.elbow_z + 4 * k, -9 * k);
            const Vec3 q = p - shaft_centre(body, z);
            const double low = smooth_step(body.elbow_z + 75 * k, body.elbow_z + 8 * k, z);
            const double lateral = norm(q) > 0 ? std::max(0.0, -q.x / norm(q)) : 0;
            const double radius =
                shaft_radius(body, z) + deltoid_height(body, z) * lateral * lateral;
            const double d = std::hypot(q.x / (1 + 0.7 * low), q.y / (1 - 0.42 * low), q.z);
            return (1 - 0.35 * low) * (d - radius);
          }};
}

Solid head(const HumerusBody& body)
{
  const double r = body.head_radius;
  const Vec3 h = body.head_axis;
  const Solid ball = geometry::sphere({0, 0, 0}, r);
  const Solid beyond = geometry::half_space(neck_plane * r * h, -h);
  const Solid cap = geometry::smooth_subtract(
      ball, {[beyond](const Vec3& p) { return -beyond.distance(p); }}, 1.5 * body.scale);
  const double k = body.scale;
  const Solid core =
      geometry::tapered_capsule(-0.05 * r * h, shaft_centre(body, -26 * k), 0.94 * r, 0.66 * r);
  return geometry::smooth_unite(cap, core, 1.5 * k);
}

Solid proximal_end(const HumerusBody& body, const Solid& tube)
{
  const double k = body.scale;
  Solid bone = geometry::smooth_unite(tube, head(body), 6 * k);
  bone = geometry::smooth_unite(bone, geometry::ellipsoid(body.greater_centre, body.greater_radii),
                                4 * k);
  const Vec3 blunt = body.lesser_tip - 5.5 * k * normalized(body.lesser_tip - body.lesser_base);
  bone = geometry::smooth_unite(
      bone, geometry::tapered_capsule(body.lesser_base, blunt, 13 * k, 5.5 * k), 6 * k);
  // The groove of the biceps tendon, between the tubercles and fading out on the shaft.
  const auto on_wall = [&](double z, double radius)
  { return shaft_centre(body, z) + around(129, radius); };
  const Solid groove = geometry::swept_tube({{on_wall(16 * k, 26 * k), 5.5 * k},
                                             {on_wall(-8 * k, 24 * k), 5.5 * k},
                                             {on_wall(-30 * k, 20.5 * k), 4.6 * k},
                                             {on_wall(-62 * k, 18 * k), 3 * k}});
  return geometry::smooth_subtract(bone, groove, 2.5 * k);
}

Solid distal_end(const HumerusBody& body, const Solid& tube)
{
  const double k = body.scale;
  const Vec3 m = body.medial_epicondyle - Vec3{6 * k, 0, 0};
  const Vec3 l = body.lateral_epicondyle + Vec3{7 * k, 0, 0};
  const Vec3 middle = shaft_centre(body, body.elbow_z + 8 * k);
  Solid bone =
      geometry::smooth_unite(tube, geometry::tapered_capsule(middle, m, 9 * k, 6 * k), 5 * k);
  bone = geometry::smooth_unite(bone, geometry::tapered_capsule(middle, l, 9 * k, 7 * k), 5 * k);
  // The spool of the trochlea: a high medial lip, a waist, and the ball of the capitellum.
  const Vec3 waist = body.trochlea + Vec3{-8 * k, 0, 0.5 * k};
  const Vec3 ridge = body.trochlea + Vec3{-14 * k, 0, 0};
  const Solid spool =
      geometry::unite({geometry::tapered_capsule(body.trochlea, waist, 12 * k, 8.5 * k),
                       geometry::tapered_capsule(waist, ridge, 8.5 * k, 10 * k),
                       geometry::tapered_capsule(ridge, body.capitellum, 9 * k, 10.5 * k)});
  bone = geometry::smooth_unite(bone, spool, 3 * k);
  const Solid olecranon =
      geometry::ellipsoid(body.fossa - Vec3{0, 11 * k, 0}, {11 * k, 9.5 * k, 9 * k});
  const Solid coronoid =
      geometry::ellipsoid(body.fossa + Vec3{0, 10 * k, 1 * k}, {8 * k, 7 * k, 6 * k});
  bone = geometry::smooth_subtract(bone, olecranon, 3 * k);
  return geometry::smooth_subtract(bone, coronoid, 3 * k);
}

void place_ends(HumerusBody& body)
{
  const double k = body.scale;
  const Vec3 upper = shaft_centre(body, 0);
  body.greater_radii = {11 * k, 15 * k, 17 * k};
  body.greater_centre = {upper.x - 12.5 * k, upper.y - 1 * k, -1 * k};
  const double lesser_z = -13 * k;
  body.lesser_base = shaft_centre(body, lesser_z) + around(97, 8 * k);
  body.lesser_tip = shaft_centre(body, lesser_z) + around(97, 25 * k);
  body.fossa = {shaft_centre(body, body.elbow_z).x + 2 * k, 0, body.elbow_z + 9 * k};
  body.trochlea = {13 * k, 7 * k, body.bottom_z + 12 * k};
  body.capitellum = {-11 * k, 9 * k, body.bottom_z + 13 * k};
}

} // namespace

HumerusBody humerus_body(const Dimensions& dimensions)
{
  const auto of = [&](const char* name, double low, double high)
  { return long_bone::dimension(BoneKind::humerus, dimensions, name, low, high); };
  HumerusBody body;
  body.head_radius = of("head_radius_mm", 10, 34);
  body.scale = body.head_radius / 24;
  const double k = body.scale;
  body.length = of("length_mm", 9 * body.head_radius, 18 * body.head_radius);
  body.shaft_radius = of("shaft_radius_mm", 0.35 * body.head_radius, 0.6 * body.head_radius);
  body.retroversion = geometry::radians(of("retroversion_deg", -10, 60));
  const double width = of("epicondylar_width_mm", 2 * body.head_radius, 3.2 * body.head_radius);
  body.bottom_z = body.head_radius - body.length;
  body.elbow_z = body.bottom_z + 16 * k;
  body.medial_epicondyle = {0.5 * width, 0, body.elbow_z};
  body.lateral_epicondyle = {-0.5 * width, 0, body.elbow_z};
  body.isthmus_z = 0.62 * body.elbow_z;
  body.deltoid_z = 0.42 * body.elbow_z;
  body.shaft_proximal = normalized(shaft_centre(body, 0) - shaft_centre(body, body.elbow_z));
  body.head_axis =
      head_direction(body.retroversion, of("inclination_deg", 115, 155), body.shaft_proximal);
  body.surgical_neck_z = surgical_neck(body);
  place_ends(body);
  return body;
}

Vec3 shaft_centre(const HumerusBody& body, double z)
{
  const double k = body.scale;
  const double t = z / body.elbow_z;
  const Vec3 top =
      -shaft_behind_head * k * Vec3{std::cos(body.retroversion), -std::sin(body.retroversion), 0};
  const Vec3 bottom{-shaft_beside_elbow * k, 0, 0};
  const Vec3 centre = top + t * (bottom - top);
  return {centre.x, centre.y, z};
}

double shaft_radius(const HumerusBody& body, double z)
{
  const double k = body.scale;
  const double x = (z - body.isthmus_z) / (0.5 * body.elbow_z);
  return body.shaft_radius * (1 + 0.12 * x * x + 0.85 * smooth_step(-56 * k, 4 * k, z));
}

double deltoid_height(const HumerusBody& body, double z)
{
  const double x = (z - body.deltoid_z) / (deltoid_half_length * body.scale);
  const double dome = std::max(0.0, 1 - x * x);
  return deltoid_prominence * body.scale * dome * dome;
}

geometry::Solid humerus_surface(const HumerusBody& body)
{
  const Solid tube = shaft(body);
  const Solid proximal = proximal_end(body, tube);
  const Solid distal = distal_end(body, tube);
  return {[=](const Vec3& p)
          {
            if (p.z > -80 * body.scale)
            {
              return proximal.distance(p);
            }
            return p.z < body.elbow_z + 60 * body.scale ? distal.distance(p) : tube.distance(p);
          }};
}

} // namespace calcar::anatomy
