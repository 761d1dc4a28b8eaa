#include "anatomy/pelvis_body.hpp"

#include <algorithm>
#include <cmath>

namespace calcar::anatomy
{

namespace
{

using Point2 = std::array<double, 2>;

/// Heights and depths of the reference, for which the factors of IliacWing are 1.
constexpr double reference_height = 147; ///< crest above the centre of the acetabulum
constexpr double reference_depth = 149;  ///< between the two superior spines
constexpr double reference_flare = 36;   ///< anterior spine lateral of the centre
constexpr double reference_radius = 25;

/// Silhouette of the blade from the side, (anterior, superior) mm: from the front of the acetabulum
/// over both anterior spines, the crest, both posterior spines and the greater sciatic notch back.
/// Rounded by eye to sections of an adult hip bone in CT.
constexpr std::array<Point2, 21> silhouette = {
    {{22, 18},   {30, 32},  {36, 45},   {33, 57},   {39, 68},   {48.5, 81}, {45, 93},
     {37, 104},  {17, 120}, {-12, 134}, {-43, 147}, {-72, 133}, {-87, 117}, {-98, 100},
     {-103, 84}, {-92, 69}, {-84, 57},  {-69, 53},  {-53, 47},  {-42, 34},  {-26, 16}}};
constexpr int pieces_per_point = 4;
constexpr double lowest = 12; ///< nothing of the blade lies below
constexpr double far_mm = 25; ///< more than any fillet reaches

/// Catmull-Rom spline between the second and the third of four points.
Point2 spline(const Point2& a, const Point2& b, const Point2& c, const Point2& d, double t)
{
  Point2 p;
  for (std::size_t k = 0; k < 2; ++k)
  {
    p[k] = 0.5 * (2 * b[k] + (c[k] - a[k]) * t + (2 * a[k] - 5 * b[k] + 4 * c[k] - d[k]) * t * t +
                  (3 * b[k] - a[k] - 3 * c[k] + d[k]) * t * t * t);
  }
  return p;
}

std::vector<Point2> outline_of(double depth, double height)
{
  constexpr std::size_t n = silhouette.size();
  std::vector<Point2> outline;
  for (std::size_t k = 0; k < n; ++k)
  {
    for (int piece = 0; piece < pieces_per_point; ++piece)
    {
      const Point2 p =
          spline(silhouette[(k + n - 1) % n], silhouette[k], silhouette[(k + 1) % n],
                 silhouette[(k + 2) % n], static_cast<double>(piece) / pieces_per_point);
      outline.push_back({depth * p[0], height * p[1]});
    }
  }
  return outline;
}

/// Signed distance to a closed polygon, negative inside.
double polygon_distance(const std::vector<Point2>& polygon, double y, double z)
{
  double nearest = 1e18;
  bool inside = false;
  Point2 a = polygon.back();
  for (const Point2& b : polygon)
  {
    const double ey = b[0] - a[0];
    const double ez = b[1] - a[1];
    const double wy = y - a[0];
    const double wz = z - a[1];
    const double t = std::clamp((wy * ey + wz * ez) / (ey * ey + ez * ez), 0.0, 1.0);
    const double dy = wy - t * ey;
    const double dz = wz - t * ez;
    nearest = std::min(nearest, dy * dy + dz * dz);
    if ((a[1] > z) != (b[1] > z) && y < a[0] + (z - a[1]) / ez * ey)
    {
      inside = !inside;
    }
    a = b;
  }
  return inside ? -std::sqrt(nearest) : std::sqrt(nearest);
}

double smooth_step(double from, double to, double x)
{
  const double t = std::clamp((x - from) / (to - from), 0.0, 1.0);
  return t * t * (3 - 2 * t);
}

double segment_distance(double y, double z, Point2 a, Point2 b)
{
  const double ey = b[0] - a[0];
  const double ez = b[1] - a[1];
  const double t = std::clamp(((y - a[0]) * ey + (z - a[1]) * ez) / (ey * ey + ez * ez), 0.0, 1.0);
  return std::hypot(y - a[0] - t * ey, z - a[1] - t * ez);
}

double bell(double distance, double width)
{
  return std::exp(-distance * distance / (width * width));
}

/// The positive part of t, its corner rounded over about `width`.
double ramp(double t, double width)
{
  return 0.5 * (t + std::sqrt(t * t + width * width));
}

/// Half the thickness of the blade: thick at the crest, towards the acetabulum, along the pillar to
/// the tubercle and behind, where the sacrum lies on it; thin in the fossa.
double half_thickness(const IliacWing& wing, double y, double z, double to_outline)
{
  const double u = y / wing.depth;
  const double v = z / wing.height;
  const double rim = to_outline / wing.scale;
  const double crest = 3.6 * bell(std::min(rim, 0.0), 10);
  const double towards_acetabulum = 8 * smooth_step(78, 34, v);
  const double behind = 7 * bell(std::hypot(u + 74, v - 90), 28);
  const double pillar = 2.2 * bell(segment_distance(u, v, {5, 40}, {2, 118}), 12);
  return wing.scale * (0.5 * wing.thin + crest + towards_acetabulum + behind + pillar);
}

} // namespace

double wing_middle(const IliacWing& wing, double y, double z)
{
  const double u = y / wing.depth;
  const double v = 30 + ramp(std::min(z / wing.height, 170.0) - 30, 10);
  // In front a plane that leans outwards; from a line further back the higher the point, the blade
  // turns in towards the sacrum, and turns again where it meets it.
  const double front = -15 - 0.475 * (v - 40);
  const double bend = 15 - 0.5 * (v - 60);
  const double turn = 0.45 + 0.018 * ramp(v - 57, 12);
  const double end = 0.4 + 0.012 * ramp(v - 92, 20);
  const double behind = ramp(bend - u, 9);
  const double further = ramp(-47 - u, 12);
  return wing.flare * (front + turn * behind + (end - turn) * further);
}

double auricular_distance(const IliacWing& wing, double y, double z)
{
  const double u = y / wing.depth;
  const double v = z / wing.height;
  const double upper = segment_distance(u, v, {-52, 98}, {-55, 77}) - 9;
  const double lower = segment_distance(u, v, {-55, 75}, {-76, 66}) - 8.5;
  return std::min(upper, lower) * std::min(wing.depth, wing.height);
}

double wing_distance(const IliacWing& wing, Vec3 p)
{
  // Far below the blade a bound will do.
  const double below = lowest * wing.height - p.z;
  if (below > far_mm)
  {
    return below;
  }
  const double to_outline = polygon_distance(wing.outline, p.y, p.z);
  constexpr double step = 0.5;
  const double middle = wing_middle(wing, p.y, p.z);
  const double dy = (wing_middle(wing, p.y + step, p.z) - middle) / step;
  const double dz = (wing_middle(wing, p.y, p.z + step) - middle) / step;
  const double across = (p.x - middle) / std::sqrt(1 + dy * dy + dz * dz);
  double half = half_thickness(wing, p.y, p.z, to_outline);
  if (across > 0)
  {
    const double edge = 2 * wing.scale;
    half += wing.plateau * smooth_step(edge, -edge, auricular_distance(wing, p.y, p.z));
  }
  // A plate with rounded edges.
  const double round = std::min(8 * wing.scale, half);
  const double a = std::abs(across) - half + round;
  const double b = to_outline + round;
  return std::hypot(std::max(a, 0.0), std::max(b, 0.0)) + std::min(std::max(a, b), 0.0) - round;
}

IliacWing iliac_wing(const Dimensions& dimensions)
{
  IliacWing wing;
  wing.flare = dimensions.at("iliac_flare_mm") / reference_flare;
  wing.depth = dimensions.at("iliac_depth_mm") / reference_depth;
  wing.height = dimensions.at("iliac_height_mm") / reference_height;
  wing.scale = dimensions.at("acetabulum_radius_mm") / reference_radius;
  wing.thin = dimensions.at("wing_thickness_mm") / wing.scale;
  wing.outline = outline_of(wing.depth, wing.height);
  return wing;
}

} // namespace calcar::anatomy
