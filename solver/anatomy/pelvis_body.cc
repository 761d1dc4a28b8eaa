#include "anatomy/pelvis_body.hpp"

#include "anatomy/pelvis_definitions.hpp"
#include "anatomy/pelvis_truth.hpp"
#include "geometry/rotation.hpp"

#include <algorithm>
#include <cmath>

namespace calcar::anatomy
{

namespace
{

using geometry::pi;
using geometry::smooth_minimum;
using geometry::Solid;

constexpr double reference_radius = 25;   ///< of the acetabulum
constexpr double reference_midplane = 84; ///< medial of its centre
constexpr double reference_ischium = 75;  ///< height of the centre over the tuberosity
constexpr double symphysis_gap = 4;
constexpr double far_mm = 25;      ///< from where on a bound of the distance will do
constexpr double mouth_reach = 75; ///< nothing is taken away further than this from the centre
constexpr double joint_gap = 2.5;  ///< between the auricular surfaces

/// Rotation about the medial axis.
Vec3 tilted(Vec3 p, double angle)
{
  const double c = std::cos(angle);
  const double s = std::sin(angle);
  return {p.x, c * p.y - s * p.z, s * p.y + c * p.z};
}

/// Iliopubic and ilioischial columns, the wall between them and the roof.
void add_block(PelvisBody& b)
{
  const double s = b.scale;
  const auto at = [&](double x, double y, double z) { return on_block(b, {x, y, z}); };
  const Vec3 axis = tilted(b.opening, b.tilt);
  const Solid cup = geometry::intersect(
      {geometry::sphere(at(3, -1, 2), b.radius + 8 * s), geometry::half_space({}, axis)});
  b.parts.push_back({geometry::ellipsoid(at(1, -7, 23), s * Vec3{24, 33, 27}), 16 * s});
  b.parts.push_back({cup, 6 * s});
  b.parts.push_back({geometry::ellipsoid(at(25, -12, 2), s * Vec3{8.5, 36, 34}), 8 * s});
  // The anterior inferior spine stands on the front edge of the wing.
  const double y = 32 * b.wing.depth;
  const double z = 44 * b.wing.height;
  const Vec3 spine{wing_middle(b.wing, y, z) - 2 * s, y, z};
  b.parts.push_back({geometry::sphere(spine, 8.5 * s), 6 * s});
}

void add_ischium(PelvisBody& b)
{
  const double s = b.scale;
  const auto at = [&](double x, double y, double z) { return on_ischium(b, {x, y, z}); };
  const auto tube = [&](Vec3 from, Vec3 to, double r0, double r1, double blend) {
    b.parts.push_back({geometry::tapered_capsule(from, to, s * r0, s * r1), blend * s});
  };
  tube(at(8, -20, 18), at(15, -29, -32), 15, 12, 10);
  tube(at(18, -36, 12), at(20, -45, -38), 11, 12, 10);
  tube(at(25, -38, 2), at(34, -55, -3), 8, 3.5, 6);
  const Vec3 tuberosity = at(20, -44, -54);
  b.parts.push_back({geometry::ellipsoid(tuberosity, {13 * s, 17 * s, 21 * b.ischium}), 10 * s});
  const Vec3 bend = on_pubis(b, {49, -8, -60});
  tube(at(26, -31, -57), bend, 9, 6.5, 8);
  tube(bend, on_pubis(b, {69, 21, -42}), 6.5, 8, 6);
}

void add_pubis(PelvisBody& b)
{
  const double s = b.scale;
  const auto at = [&](double x, double y, double z) { return on_pubis(b, {x, y, z}); };
  const auto tube = [&](Vec3 from, Vec3 to, double r0, double r1, double blend) {
    b.parts.push_back({geometry::tapered_capsule(from, to, s * r0, s * r1), blend * s});
  };
  tube(on_block(b, {14, 22, 8}), at(45, 36, -4), 12, 8, 10);
  tube(at(45, 36, -4), at(68, 47, -13), 8, 9, 2);
  // The body of the pubis passes the face, which is cut flat later.
  const double reach = 10.5 * s;
  const double x = b.face - 0.75 * reach;
  Vec3 top = at(0, 46, -16);
  Vec3 bottom = at(0, 26, -38);
  top.x = bottom.x = x;
  tube(top, bottom, 10.5, 10, 8);
  b.parts.push_back({geometry::sphere(at(64, 54, -8), 5 * s), 6 * s});
}

/// What is taken away: the cup, what would stand before its rim, the fossa in its floor and the
/// notch that leads from there out under the rim. What is left of the cup is the lunate surface.
Solid mouth_of(const PelvisBody& b)
{
  const double s = b.scale;
  const double r = b.radius;
  const Vec3 axis = tilted(b.opening, b.tilt);
  const Vec3 down = normalized(geometry::without_component(tilted({0, 0.25, -1}, b.tilt), axis));
  const Vec3 fossa = (r - 9 * s) * normalized(0.55 * down - axis);
  const Vec3 notch = (r - 3 * s) * down + 2 * s * axis;
  return geometry::unite(
      {geometry::sphere({}, r), geometry::cylinder({}, (r + 25 * s) * axis, r + 9 * s),
       geometry::sphere(fossa, 13 * s), geometry::tapered_capsule(fossa, notch, 10 * s, 8 * s)});
}

Solid wing_solid(const IliacWing& wing)
{
  return {[wing](const Vec3& p) { return wing_distance(wing, p); }};
}

void build(PelvisBody& b)
{
  b.parts = {{wing_solid(b.wing), 0}};
  add_block(b);
  add_ischium(b);
  add_pubis(b);
  b.mouth = mouth_of(b);
}

/// Distance from the box that holds the bone; 0 inside.
double distance_to_box(const PelvisBody& b, Vec3 p)
{
  const Vec3 off{std::max({b.low.x - p.x, p.x - b.high.x, 0.0}),
                 std::max({b.low.y - p.y, p.y - b.high.y, 0.0}),
                 std::max({b.low.z - p.z, p.z - b.high.z, 0.0})};
  return norm(off);
}

/// A box that surely holds the bone, from its dimensions.
void add_wide_box(PelvisBody& b)
{
  const Dimensions& d = b.dimensions;
  b.low = {-3 * d.at("iliac_flare_mm"), -d.at("iliac_depth_mm"), -1.6 * d.at("ischial_height_mm")};
  b.high = {b.face + 1, 0.7 * d.at("iliac_depth_mm"), 1.3 * d.at("iliac_height_mm")};
}

/// The box around the bone with a few millimetres to spare: around the edge of the wing and the
/// landmarks of pubis and ischium.
void add_box(PelvisBody& b)
{
  const double thick = 9 * b.scale;
  b.low = {1e9, 1e9, 1e9};
  b.high = -b.low;
  const auto include = [&](Vec3 p, double around)
  {
    for (std::size_t a = 0; a < 3; ++a)
    {
      b.low[a] = std::min(b.low[a], p[a] - around);
      b.high[a] = std::max(b.high[a], p[a] + around);
    }
  };
  for (const auto& [y, z] : b.wing.outline)
  {
    include(from_design(b, {wing_middle(b.wing, y, z), y, z}), thick);
  }
  for (const char* name : {"ischial_tuberosity", "pubic_tubercle"})
  {
    include(b.landmarks.at(name), 4 * b.scale);
  }
  include({0, 0, 0}, 1.5 * b.radius);
  b.high.x = b.face + 1;
}

} // namespace

Vec3 on_block(const PelvisBody& body, Vec3 p)
{
  return body.scale * p;
}

Vec3 on_ischium(const PelvisBody& body, Vec3 p)
{
  return {body.scale * p.x, body.scale * p.y, (p.z < 0 ? body.ischium : body.scale) * p.z};
}

Vec3 on_pubis(const PelvisBody& body, Vec3 p)
{
  return {body.width * p.x, body.scale * p.y, (p.z < 0 ? body.ischium : body.scale) * p.z};
}

Vec3 to_design(const PelvisBody& body, Vec3 p)
{
  return tilted(p, body.tilt);
}

Vec3 from_design(const PelvisBody& body, Vec3 p)
{
  return tilted(p, -body.tilt);
}

PelvisBody pelvis_body(const Dimensions& dimensions, double age)
{
  PelvisBody b;
  b.dimensions = dimensions;
  b.age = age;
  b.radius = dimensions.at("acetabulum_radius_mm");
  b.scale = b.radius / reference_radius;
  b.midplane = dimensions.at("midplane_distance_mm");
  b.width = b.midplane / reference_midplane;
  b.face = b.midplane - 0.5 * symphysis_gap * b.scale;
  b.ischium = dimensions.at("ischial_height_mm") / reference_ischium;
  b.wing = iliac_wing(dimensions);
  const double inclination = geometry::radians(dimensions.at("acetabulum_inclination_deg"));
  const double version = geometry::radians(dimensions.at("acetabulum_anteversion_deg"));
  b.opening = {-std::cos(version) * std::sin(inclination), std::sin(version),
               -std::cos(version) * std::cos(inclination)};
  add_wide_box(b);
  for (int round = 0; round < 8; ++round)
  {
    build(b);
    find_prominent_points(b);
    const Vec3 line = b.landmarks.at("anterior_superior_iliac_spine") -
                      b.landmarks.at("posterior_superior_iliac_spine");
    const double rise = std::atan2(line.z, line.y);
    if (std::abs(rise) < 1e-7)
    {
      break;
    }
    b.tilt += rise;
  }
  add_box(b);
  find_middles(b);
  return b;
}

double distance(const PelvisBody& body, Vec3 p)
{
  const double outside = distance_to_box(body, p);
  if (outside > far_mm * body.scale)
  {
    return outside; // a bound
  }
  const Vec3 q = to_design(body, p);
  double d = body.parts.front().solid.distance(q);
  for (std::size_t n = 1; n < body.parts.size(); ++n)
  {
    d = smooth_minimum(d, body.parts[n].solid.distance(q), body.parts[n].blend);
  }
  d = std::max(d, q.x - body.face);
  if (norm(q) > mouth_reach * body.scale + std::max(-d, 0.0))
  {
    return d;
  }
  return -smooth_minimum(-d, body.mouth.distance(q), 1.5 * body.scale);
}

double other_hip_distance(const PelvisBody& body, Vec3 p)
{
  return distance(body, {2 * body.midplane - p.x, p.y, p.z});
}

double sacrum_distance(const PelvisBody& body, Vec3 p)
{
  const Vec3 q = to_design(body, p);
  const double m = body.midplane;
  const double w = m / reference_midplane;
  const double s = body.scale;
  const IliacWing& wing = body.wing;
  const auto at = [&](double y, double z) { return Vec3{m, wing.depth * y, wing.height * z}; };
  double d =
      geometry::ellipsoid(at(-62, 82), {72 * w, 27 * wing.depth, 34 * wing.height}).distance(q);
  d = smooth_minimum(
      d, geometry::tapered_capsule(at(-72, 78), at(-102, 22), 26 * s, 15 * s).distance(q), 14 * s);
  d = smooth_minimum(
      d, geometry::tapered_capsule(at(-102, 22), at(-88, -14), 15 * s, 6 * s).distance(q), 8 * s);
  const double gap = joint_gap * s;
  if (d > far_mm * s)
  {
    return d; // a bound
  }
  return std::max({d, gap - distance(body, p), gap - other_hip_distance(body, p)});
}

} // namespace calcar::anatomy
