#include "anatomy/pelvis_body.hpp"
#include "geometry/rotation.hpp"

#include <algorithm>
#include <cmath>

namespace calcar::anatomy
{

namespace
{

double smooth_step(double from, double to, double x)
{
  const double t = std::clamp((x - from) / (to - from), 0.0, 1.0);
  return t * t * (3 - 2 * t);
}

double bell(double distance, double width)
{
  return std::exp(-distance * distance / (width * width));
}

double distance_to_segment(Vec3 p, Vec3 a, Vec3 b)
{
  const Vec3 ab = b - a;
  const double t = std::clamp(dot(p - a, ab) / dot(ab, ab), 0.0, 1.0);
  return norm(p - a - t * ab);
}

/// How much a point belongs to the bone around the acetabulum: 1 at the cup, 0 from 22 mm off it.
double near_cup(const PelvisBody& b, Vec3 p)
{
  return smooth_step(b.radius + 22 * b.scale, b.radius + 4 * b.scale, norm(p));
}

/// How much of wing (1) and of pubis and ischium (0) a point has.
double of_wing(const PelvisBody& b, Vec3 p)
{
  return smooth_step(0, 35 * b.scale, p.z);
}

/// Trabeculae: dense above the acetabulum and from there along the arcuate line to the sacrum, the
/// way of the load; open in the wing, in pubis and ischium.
double trabeculae(const PelvisBody& b, Vec3 p)
{
  const Dimensions& d = b.dimensions;
  const double wing = d.at("trabecular_wing_g_cm3");
  const double ring = d.at("trabecular_ring_g_cm3");
  const double roof = d.at("trabecular_roof_g_cm3");
  const double joint = d.at("trabecular_sacroiliac_g_cm3");
  const double base = ring + of_wing(b, p) * (wing - ring);
  const Vec3 above{0, 0, b.radius + 6 * b.scale};
  const Vec3 behind = b.landmarks.at("sacroiliac_joint") - Vec3{6 * b.scale, 0, 0};
  const Vec3 arch{18 * b.scale, -20 * b.scale, b.radius + 14 * b.scale};
  const double at_roof =
      bell(distance_to_segment(p, above, above - Vec3{0, 8 * b.scale, 0}), 20 * b.scale);
  const double on_way = std::max(bell(distance_to_segment(p, above, arch), 12 * b.scale),
                                 bell(distance_to_segment(p, arch, behind), 12 * b.scale));
  return std::max(base + at_roof * (roof - base), base + on_way * (joint - base));
}

} // namespace

double cortex_thickness(const PelvisBody& body, Vec3 p)
{
  const Dimensions& d = body.dimensions;
  const double wing = d.at("cortex_wing_mm");
  const double ring = d.at("cortex_ring_mm");
  const double cup = d.at("cortex_acetabulum_mm");
  const double base = ring + of_wing(body, p) * (wing - ring);
  return base + near_cup(body, p) * (cup - base);
}

double density_inside(const PelvisBody& body, Vec3 p, double depth)
{
  const double cortical = body.dimensions.at("cortical_density_g_cm3");
  const double inside = smooth_step(-0.4, 0.4, depth - cortex_thickness(body, p));
  return inside <= 0 ? cortical : cortical + inside * (trabeculae(body, p) - cortical);
}

bool in_triradiate_cartilage(const PelvisBody& body, Vec3 p)
{
  const double open = std::clamp((18 - body.age) / 12, 0.0, 1.0);
  const double half = 0.5 * open * body.dimensions.at("triradiate_thickness_mm");
  // Three half-planes that meet in the line through the floor of the cup: to the upper branch of
  // the pubis, to the greater sciatic notch, and down between ischium and pubis.
  const double y = p.y - 2 * body.scale;
  const double z = p.z + 2 * body.scale;
  const double from_line = std::hypot(y, z);
  if (p.x < 0 || from_line > body.radius + 22 * body.scale)
  {
    return false;
  }
  for (const double angle_deg : {15.0, 160.0, 275.0})
  {
    const double angle = geometry::radians(angle_deg);
    const double along = y * std::cos(angle) + z * std::sin(angle);
    const double off = z * std::cos(angle) - y * std::sin(angle);
    if (along > -half && std::abs(off) < half)
    {
      return true;
    }
  }
  return false;
}

} // namespace calcar::anatomy
