#include "anatomy/femur_body.hpp"

#include "geometry/rotation.hpp"
#include "geometry/solid.hpp"

#include <algorithm>
#include <cmath>

namespace calcar::anatomy
{

namespace
{

using geometry::smooth_minimum;

constexpr double neck_length_per_radius = 2.3;
constexpr double waist_from_head_per_radius = 1.15;
constexpr double neck_height = 1.08; ///< semi-axes of the neck's section over its mean radius
constexpr double neck_depth = 0.92;
constexpr double physis_below_head = 0.35;  ///< capital growth plate from the centre, in radii
constexpr double apophysis_offset = 2;      ///< of the trochanter's plate, for a 24 mm head
constexpr double distal_physis_height = 34; ///< above the condyles, for a 24 mm head
constexpr double condyle_depth = 13; ///< of the notch's roof above the condyles, for a 24 mm head

double smooth_step(double from, double to, double x)
{
  const double t = std::clamp((x - from) / (to - from), 0.0, 1.0);
  return t * t * (3 - 2 * t);
}

double ellipsoid_distance(Vec3 p, Vec3 centre, Vec3 radii)
{
  const Vec3 q = p - centre;
  const Vec3 unit{q.x / radii.x, q.y / radii.y, q.z / radii.z};
  const Vec3 gradient{unit.x / radii.x, unit.y / radii.y, unit.z / radii.z};
  const double k0 = norm(unit);
  const double k1 = norm(gradient);
  return k1 > 1e-12 ? k0 * (k0 - 1) / k1 : -std::min({radii.x, radii.y, radii.z});
}

double segment_distance(Vec3 p, Vec3 a, Vec3 b, double radius_a, double radius_b)
{
  const Vec3 ab = b - a;
  const double t = std::clamp(dot(p - a, ab) / dot(ab, ab), 0.0, 1.0);
  return norm(p - a - t * ab) - (radius_a + t * (radius_b - radius_a));
}

/// Mean radius of the neck at a distance from P1: a parabola, narrowest at the waist.
double neck_radius(const FemurBody& body, double along)
{
  const double r = body.shape.head_radius_mm;
  const double x = (along - body.waist) / body.waist;
  return 0.68 * r + 0.26 * r * x * x;
}

double neck_distance(const FemurBody& body, Vec3 p)
{
  const double along = std::clamp(dot(p, body.neck_axis), 0.0, body.neck_length);
  const Vec3 radial = p - along * body.neck_axis;
  const Vec3 side = cross(body.neck_axis, body.neck_up);
  const double up = dot(radial, body.neck_up) / neck_height;
  const double across = dot(radial, side) / neck_depth;
  const double beyond = dot(radial, body.neck_axis);
  return std::sqrt(up * up + across * across + beyond * beyond) - neck_radius(body, along);
}

double shaft_distance(const FemurBody& body, Vec3 p)
{
  const double k = body.scale;
  const double low = body.notch_z + 14 * k;
  const double high = 2 * k;
  const double z = std::clamp(p.z, low, high);
  const double distal = smooth_step(body.notch_z + 95 * k, low, z);
  // The metaphysis above the condyles is wider than it is deep.
  const double x = p.x / (1 + 0.95 * distal);
  const double y = (p.y - bow(body, z)) / (1 + 0.45 * distal);
  const double beyond = p.z - z;
  return std::sqrt(x * x + y * y + beyond * beyond) - shaft_radius(body, z);
}

double proximal_distance(const FemurBody& body, Vec3 p, double shaft)
{
  const double k = body.scale;
  double d = smooth_minimum(shaft, neck_distance(body, p), 9 * k);
  d = smooth_minimum(d, norm(p - body.head) - body.shape.head_radius_mm, 2.5 * k);
  d = smooth_minimum(d, ellipsoid_distance(p, body.greater_centre, body.greater_radii), 9 * k);
  const Vec3 crest = body.greater_centre + Vec3{3 * k, -9 * k, 4 * k};
  d = smooth_minimum(d, segment_distance(p, crest, body.lesser_base, 7 * k, 5 * k), 7 * k);
  const Vec3 blunt = body.lesser_tip - 6 * k * normalized(body.lesser_tip - body.lesser_base);
  return smooth_minimum(d, segment_distance(p, body.lesser_base, blunt, 12 * k, 6 * k), 7 * k);
}

double distal_distance(const FemurBody& body, Vec3 p, double shaft)
{
  const double k = body.scale;
  const double radius = 19 * k;
  const double z = body.bottom_z + radius;
  double condyles = 1e9;
  for (const double side : {-1.0, 1.0})
  {
    condyles = std::min(condyles, segment_distance(p, {side * 22 * k, -31 * k + radius, z},
                                                   {side * 19 * k, 31 * k - radius, z + 3 * k},
                                                   radius, radius));
  }
  const double bone = smooth_minimum(shaft, condyles, 14 * k);
  const double notch_radius = 9 * k;
  const double notch =
      segment_distance(p, {0, -60 * k, body.notch_z - notch_radius},
                       {0, 4 * k, body.notch_z - notch_radius}, notch_radius, notch_radius);
  const double open = std::max(std::abs(p.x) - notch_radius,
                               std::max(p.z - body.notch_z + notch_radius, p.y - 4 * k));
  return -smooth_minimum(-bone, std::min(notch, open), 3 * k);
}

/// The neck's direction: version about z, and the neck-shaft angle to the proximal shaft, found by
/// bisection.
Vec3 neck_direction(const FemurShape& shape, Vec3 shaft_up)
{
  const double v = geometry::radians(shape.version_deg);
  const auto at = [&](double tilt) {
    return Vec3{std::sin(tilt) * std::cos(v), std::sin(tilt) * std::sin(v), std::cos(tilt)};
  };
  double low = 0;
  double high = geometry::pi / 2;
  for (int n = 0; n < 60; ++n)
  {
    const double middle = 0.5 * (low + high);
    const bool steep = geometry::angle_deg(at(middle), shaft_up) < 180 - shape.neck_shaft_angle_deg;
    (steep ? low : high) = middle;
  }
  return at(0.5 * (low + high));
}

} // namespace

double bow(const FemurBody& body, double z)
{
  const double radius = body.shape.bow_radius_mm;
  const double half = -0.5 * body.notch_z;
  return std::sqrt(radius * radius - (z + half) * (z + half)) -
         std::sqrt(radius * radius - half * half);
}

double bow_slope(const FemurBody& body, double z)
{
  const double radius = body.shape.bow_radius_mm;
  const double from_middle = z - 0.5 * body.notch_z;
  return -from_middle / std::sqrt(radius * radius - from_middle * from_middle);
}

double shaft_radius(const FemurBody& body, double z)
{
  const double k = body.scale;
  const double x = (z - body.isthmus_z) / (0.5 * body.notch_z);
  const double proximal = smooth_step(-60 * k, -5 * k, z);
  return body.shape.shaft_radius_mm * (1 + 0.16 * x * x + 0.25 * proximal);
}

FemurBody femur_body(const FemurShape& shape, const FemurTissue& tissue)
{
  FemurBody body;
  body.shape = shape;
  body.tissue = tissue;
  const double k = shape.head_radius_mm / 24;
  body.scale = k;
  body.neck_length = neck_length_per_radius * shape.head_radius_mm;
  body.waist = body.neck_length - waist_from_head_per_radius * shape.head_radius_mm;
  // The head's height and the shaft's slope depend on each other weakly: a few rounds settle them.
  body.top_z = 60 * k;
  for (int round = 0; round < 10; ++round)
  {
    body.notch_z = -(shape.length_mm - body.top_z - condyle_depth * k);
    const Vec3 shaft_up = normalized(Vec3{0, bow_slope(body, -82 * k), 1});
    body.neck_axis = neck_direction(shape, shaft_up);
    body.neck_up = normalized(geometry::without_component(shaft_up, body.neck_axis));
    body.head = body.neck_length * body.neck_axis;
    body.greater_radii = {14 * k, 18 * k, 26 * k};
    body.greater_centre = {-17 * k, -7 * k, body.head.z + 7 * k - 26 * k};
    body.top_z =
        std::max(body.head.z + shape.head_radius_mm, body.greater_centre.z + body.greater_radii.z);
  }
  body.bottom_z = body.notch_z - condyle_depth * k;
  body.isthmus_z = 0.45 * body.notch_z;
  const double lesser_z = body.head.z - 2.35 * shape.head_radius_mm;
  const double lesser_angle = geometry::radians(48 - shape.version_deg);
  const Vec3 outwards{std::cos(lesser_angle), -std::sin(lesser_angle), 0};
  const Vec3 centre{0, bow(body, lesser_z), lesser_z};
  body.lesser_base = centre + 9 * k * outwards;
  body.lesser_tip = centre + (shaft_radius(body, lesser_z) + 9 * k) * outwards;
  return body;
}

double distance(const FemurBody& body, Vec3 p)
{
  const double shaft = shaft_distance(body, p);
  if (p.z > -90 * body.scale)
  {
    return proximal_distance(body, p, shaft);
  }
  return p.z < body.notch_z + 80 * body.scale ? distal_distance(body, p, shaft) : shaft;
}

bool in_growth_plate(const FemurBody& body, Vec3 p, double thickness_mm)
{
  const double k = body.scale;
  const double half = 0.5 * thickness_mm;
  const double r = body.shape.head_radius_mm;
  const Vec3 from_head = p - body.head;
  if (std::abs(dot(from_head, body.neck_axis) + physis_below_head * r) < half &&
      norm(from_head) < 1.25 * r)
  {
    return true;
  }
  const Vec3 outwards = normalized(Vec3{-0.7, 0, 0.7});
  const Vec3 from_tip = p - body.greater_centre;
  if (std::abs(dot(from_tip, outwards) - apophysis_offset * k) < half &&
      ellipsoid_distance(p, body.greater_centre, 1.25 * body.greater_radii) < 0)
  {
    return true;
  }
  return std::abs(p.z - body.bottom_z - distal_physis_height * k) < half;
}

std::map<std::string, Vec3> body_landmarks(const FemurBody& body)
{
  const double k = body.scale;
  const Vec3 waist = body.waist * body.neck_axis;
  const double height = neck_height * neck_radius(body, body.waist);
  const double below = body.lesser_tip.z - 25;
  const double middle = body.top_z - 0.5 * body.shape.length_mm;
  return {{"femoral_head_centre", body.head},
          {"femoral_neck_centre", waist},
          {"medial_neck_cortex", waist - height * body.neck_up},
          {"lateral_neck_cortex", waist + height * body.neck_up},
          {"greater_trochanter", body.greater_centre - Vec3{body.greater_radii.x, 0, 0}},
          {"greater_trochanter_tip", body.greater_centre + Vec3{0, 0, body.greater_radii.z}},
          {"lesser_trochanter", body.lesser_tip},
          {"subtrochanteric_medial", {shaft_radius(body, below), bow(body, below), below}},
          {"isthmus", {0, bow(body, body.isthmus_z), body.isthmus_z}},
          {"midshaft_centre", {0, bow(body, middle), middle}},
          {"medial_condyle", {22 * k, -31 * k, body.bottom_z + 19 * k}},
          {"lateral_condyle", {-22 * k, -31 * k, body.bottom_z + 19 * k}},
          {"intercondylar_notch", {0, 0, body.notch_z}}};
}

} // namespace calcar::anatomy
