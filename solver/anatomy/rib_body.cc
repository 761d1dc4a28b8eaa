#include "anatomy/rib_body.hpp"

#include "anatomy/population.hpp"
#include "geometry/rotation.hpp"
#include "geometry/solid.hpp"

#include <algorithm>
#include <cmath>

namespace calcar::anatomy
{

namespace
{

using geometry::pi;
using geometry::smooth_minimum;

constexpr double flare_mm = 25;      ///< over which the sternal end widens
constexpr double cap_mm = 3.5;       ///< by which the sternal end is rounded
constexpr double groove_from = 0.25; ///< of the length
constexpr double groove_to = 0.75;
constexpr double groove_radius_mm = 2.5;

double smooth_step(double from, double to, double x)
{
  const double t = std::clamp((x - from) / (to - from), 0.0, 1.0);
  return t * t * (3 - 2 * t);
}

/// How sharply the arch bends at a fraction of its length, without a unit: straight in the neck, a
/// bell at the angle, then falling to the sternal end.
double bend_at(const RibSizes& d, double fraction)
{
  const double length = d.length_mm;
  const double at_angle = d.angle_from_head_mm / length;
  const double width = 0.25 * at_angle;
  const double x = (fraction - at_angle) / width;
  const double bell = std::exp(-x * x) / (width * std::sqrt(pi));
  const double neck = d.tubercle_from_head_mm / length;
  const double plain = smooth_step(0.4 * neck, 1.3 * neck, fraction) * (1.4 - 0.7 * fraction);
  return d.turn_at_angle_ratio * bell + (1 - d.turn_at_angle_ratio) * plain;
}

/// The arch in its plane for a total turn, head first, heading laterally and turning forward to the
/// middle: x medial, y anterior.
std::vector<Vec3> arch(const RibSizes& d, double turn)
{
  constexpr int steps = 600;
  std::vector<double> heading = {0};
  for (int n = 0; n < steps; ++n)
  {
    heading.push_back(heading.back() + bend_at(d, (n + 0.5) / steps) / steps);
  }
  const double step = d.length_mm / steps;
  std::vector<Vec3> points = {{0, 0, 0}};
  for (std::size_t n = 0; n < steps; ++n)
  {
    const double angle = 0.5 * (heading[n] + heading[n + 1]) / heading.back() * turn;
    points.push_back(points.back() + step * Vec3{-std::cos(angle), std::sin(angle), 0});
  }
  return points;
}

/// The arch whose ends are a chord apart, found by bisection of its turn.
std::vector<Vec3> arch_with_chord(const RibSizes& d)
{
  double low = 0;
  double high = geometry::radians(330);
  for (int n = 0; n < 50; ++n)
  {
    const double middle = 0.5 * (low + high);
    const auto points = arch(d, middle);
    (norm(points.back() - points.front()) > d.chord_mm ? low : high) = middle;
  }
  return arch(d, 0.5 * (low + high));
}

/// The centre line, out of its plane by the third Legendre polynomial, with its length as given, in
/// the coordinates of its own frame.
RibCurve centre_line(const RibSizes& d)
{
  std::vector<Vec3> points = arch_with_chord(d);
  const double last = static_cast<double>(points.size() - 1);
  for (std::size_t n = 0; n < points.size(); ++n)
  {
    const double v = 2 * static_cast<double>(n) / last - 1;
    points[n].z = d.rise_mm * 0.5 * (5 * v * v * v - 3 * v);
  }
  const double stretch = d.length_mm / length(curve_through(points));
  for (Vec3& p : points)
  {
    p = stretch * p;
  }
  const RibCurve raw = curve_through(points);
  const Vec3 normal = bend_of(raw).normal;
  const Frame frame =
      rib_frame(raw, 0.5 * length(raw), normal.z < 0 ? -normal : normal, Side::left);
  std::vector<Vec3> framed;
  for (const Vec3& p : raw.points)
  {
    const Vec3 q = p - frame.origin;
    framed.push_back({dot(q, frame.medial), dot(q, frame.anterior), dot(q, frame.proximal)});
  }
  return curve_through(framed);
}

RibSection section_at(const RibBody& body, double at)
{
  const auto& d = body.d;
  const double fraction = at / length(body.curve);
  const double neck = d.tubercle_from_head_mm;
  const double shaft = smooth_step(neck - 10, neck + 12, at);
  const double flare = smooth_step(length(body.curve) - flare_mm, length(body.curve), at);
  const double low = std::min(d.neck_height_mm / d.height_mm, 1.0);
  RibSection s;
  s.half_high = 0.5 * d.height_mm * (low + (1 - low) * shaft + d.flare_ratio * flare);
  s.half_thick = 0.5 * d.thickness_mm * (1 + d.taper_ratio * (0.5 - fraction));
  s.centre = point_at(body.curve, at);
  s.along = tangent_at(body.curve, at);
  const Vec3 level = normalized(cross(Vec3{0, 0, 1}, s.along));
  const Vec3 up = cross(s.along, level);
  const double twist = geometry::radians(d.twist_deg) * (0.5 - fraction);
  s.upward = std::cos(twist) * up + std::sin(twist) * level;
  s.outward = cross(s.upward, s.along);
  return s;
}

/// The section nearest to a point: the nearest of every eighth, then those around it.
std::size_t nearest_section(const RibBody& body, Vec3 p)
{
  constexpr std::size_t stride = 8;
  const auto squared = [&](std::size_t n)
  {
    const Vec3 q = p - body.sections[n].centre;
    return dot(q, q);
  };
  const std::size_t count = body.sections.size();
  std::size_t best = 0;
  for (std::size_t n = 0; n < count; n += stride)
  {
    best = squared(n) < squared(best) ? n : best;
  }
  const std::size_t from = best < stride ? 0 : best - stride;
  const std::size_t to = std::min(best + stride, count - 1);
  for (std::size_t n = from; n <= to; ++n)
  {
    best = squared(n) < squared(best) ? n : best;
  }
  return best;
}

/// A point in the coordinates of the shaft.
struct Local
{
  double along;   ///< length of the centre line up to the nearest section
  double outward; ///< mm from the centre line
  double upward;
  double beyond; ///< mm past an end; negative before the head, 0 between
  double half_thick, half_high;
};

Local local_of(const RibBody& body, Vec3 p)
{
  const std::size_t n = nearest_section(body, p);
  const RibSection& s = body.sections[n];
  const Vec3 q = p - s.centre;
  const double ahead = dot(q, s.along);
  const bool first = n == 0 && ahead < 0;
  const bool last = n + 1 == body.sections.size() && ahead > 0;
  return {body.curve.along[n],         dot(q, s.outward), dot(q, s.upward),
          first || last ? ahead : 0.0, s.half_thick,      s.half_high};
}

/// First-order distance to an ellipsoid from its centre's coordinates.
double oval_distance(Vec3 q, Vec3 radii)
{
  const Vec3 unit{q.x / radii.x, q.y / radii.y, q.z / radii.z};
  const Vec3 gradient{unit.x / radii.x, unit.y / radii.y, unit.z / radii.z};
  const double k0 = norm(unit);
  const double k1 = norm(gradient);
  return k1 > 1e-12 ? k0 * (k0 - 1) / k1 : -std::min({radii.x, radii.y, radii.z});
}

/// The sweep of ovals, rounded at both ends, with its groove.
double shaft_distance(const RibBody& body, const Local& at)
{
  const double from_start = at.along + std::min(at.beyond, 0.0);
  const double from_end = length(body.curve) - at.along - std::max(at.beyond, 0.0);
  const double into_cap = std::max(cap_mm - from_end, 0.0) - std::max(cap_mm - from_start, 0.0);
  const double oval =
      oval_distance({at.outward, at.upward, into_cap}, {at.half_thick, at.half_high, cap_mm});
  const double fraction = at.along / length(body.curve);
  const double depth = body.d.groove_depth_mm *
                       smooth_step(groove_from, groove_from + 0.1, fraction) *
                       smooth_step(groove_to, groove_to - 0.1, fraction);
  if (depth <= 0)
  {
    return oval;
  }
  // Where the oval's edge is at 45 degrees, below on the inside.
  const double r = groove_radius_mm - depth;
  const double x = at.outward + std::sqrt(0.5) * at.half_thick +
                   r * at.half_high / std::hypot(at.half_thick, at.half_high);
  const double y = at.upward + std::sqrt(0.5) * at.half_high +
                   r * at.half_thick / std::hypot(at.half_thick, at.half_high);
  return -smooth_minimum(-oval, std::hypot(x, y) - groove_radius_mm, 0.8);
}

double head_distance(const RibBody& body, Vec3 p)
{
  const RibSection& s = body.at_head;
  const Vec3 q = p - body.head_centre;
  return oval_distance({dot(q, s.along), dot(q, s.outward), dot(q, s.upward)}, body.head_radii);
}

void place_head_and_tubercle(RibBody& body)
{
  const auto& d = body.d;
  const double r = d.head_radius_mm;
  body.at_head = section_at(body, r);
  body.head_centre = body.at_head.centre;
  body.head_radii = {r, 0.85 * r, 1.05 * r};
  if (d.tubercle_height_mm > 0.5)
  {
    body.tubercle_along = d.tubercle_from_head_mm;
    const RibSection s = section_at(body, body.tubercle_along);
    const Vec3 out = normalized(s.outward - 0.3 * s.upward);
    const double radius = 0.35 * d.height_mm;
    const double reach = s.half_thick + d.tubercle_height_mm;
    body.tubercle_tip = s.centre + reach * out;
    body.tubercle_centre = s.centre + (reach - radius) * out;
  }
}

/// Where the centre line, run on straight, leaves the head.
Vec3 head_tip(const RibBody& body)
{
  const Vec3 from = body.curve.points.front();
  double low = -body.head_radii.x;
  double high = body.head_radii.x;
  for (int n = 0; n < 40; ++n)
  {
    const double middle = 0.5 * (low + high);
    (distance(body, from - middle * body.sections.front().along) < 0 ? low : high) = middle;
  }
  return from - low * body.sections.front().along;
}

} // namespace

RibBody rib_body(const SyntheticPerson& person, const Dimensions& dimensions)
{
  RibBody body;
  body.d = rib_sizes(dimensions, person.level);
  body.child = person.age_years.has_value();
  body.curve = centre_line(body.d);
  for (const double at : body.curve.along)
  {
    body.sections.push_back(section_at(body, at));
  }
  place_head_and_tubercle(body);
  return body;
}

double distance(const RibBody& body, Vec3 p)
{
  double d = shaft_distance(body, local_of(body, p));
  d = smooth_minimum(d, head_distance(body, p), 2.5);
  if (body.tubercle_along > 0)
  {
    const double radius = norm(body.tubercle_tip - body.tubercle_centre);
    d = smooth_minimum(d, norm(p - body.tubercle_centre) - radius, 3);
  }
  return d;
}

double cortex_thickness(const RibBody& body, Vec3 p)
{
  const Local at = local_of(body, p);
  const double total = length(body.curve);
  const double middle = smooth_step(0, 45, at.along) * smooth_step(total, total - 30, at.along);
  const double inner = smooth_step(at.half_thick, -at.half_thick, at.outward);
  const double shaft =
      body.d.cortex_cutaneous_mm + inner * (body.d.cortex_pleural_mm - body.d.cortex_cutaneous_mm);
  return body.d.cortex_ends_mm + middle * (shaft - body.d.cortex_ends_mm);
}

double density_inside(const RibBody& body, Vec3 p, double depth)
{
  const double cortex = cortex_thickness(body, p);
  const Local at = local_of(body, p);
  const double total = length(body.curve);
  const double end = std::max(1 - at.along / 40, 1 - (total - at.along) / 30);
  const double trabecular = body.d.trabecular_density_g_cm3 * (1 + 0.5 * std::clamp(end, 0.0, 1.0));
  const double share = smooth_step(cortex + 0.2, cortex - 0.2, depth);
  return trabecular + share * (body.d.cortical_density_g_cm3 - trabecular);
}

bool in_growth_plate(const RibBody& body, Vec3 p)
{
  if (!body.child)
  {
    return false;
  }
  const double plate = population_mean("synthetic_people", "growth_plate_mm").mean;
  const Local at = local_of(body, p);
  const double along = at.along + at.beyond;
  const double from_head = along - 1.6 * body.d.head_radius_mm;
  const double from_end = length(body.curve) - along;
  return (from_head > 0 && from_head < plate) || (from_end > 2.5 && from_end < 2.5 + plate);
}

std::map<std::string, Vec3> body_landmarks(const RibBody& body)
{
  const RibCurve& curve = body.curve;
  const Vec3 head = head_tip(body);
  const Vec3 sternal = curve.points.back();
  std::map<std::string, Vec3> landmarks = {{"rib_head", head},
                                           {"sternal_end", sternal},
                                           {"midpoint", {0, 0, 0}},
                                           {"dorsal_end", head},
                                           {"ventral_end", sternal}};
  if (body.tubercle_along > 0)
  {
    landmarks["rib_tubercle"] = body.tubercle_tip;
  }
  if (const auto at = farthest_along(curve, {0, -1, 0}, 5))
  {
    landmarks["rib_angle"] = point_at(curve, *at);
  }
  if (const auto at = farthest_along(curve, {-1, 0, 0}, 5))
  {
    landmarks["lateral_point"] = point_at(curve, *at);
  }
  return landmarks;
}

} // namespace calcar::anatomy
