#include "anatomy/tibia_body.hpp"

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

constexpr double dish_depth = 2.2;  ///< of the medial plateau, mm for a width of 75
constexpr double dome_height = 1.2; ///< of the lateral plateau, likewise
constexpr double eminence_height = 10;
constexpr double malleolus_length = 14; ///< below the plafond
constexpr double dish_radius = 42;
constexpr double malleolus_beside = 20.5; ///< its tip from the axis, mm for a width of 75
constexpr double malleolus_before = 3;    ///< its tip before the middle of the foot, likewise
/// The middle of the joint surface as the foot is drawn, likewise: it comes to lie on the z axis.
constexpr Vec3 plafond_middle{-1.35, 1.4, 0.2};
constexpr double hind_colliculus = 4.5; ///< ends above the tip of the malleolus, likewise
constexpr double broader_before = 0.18; ///< lateral edge of the plafond: mm outwards per mm forward

/// An angle from the front, brought between -pi and pi.
double turn_from_front(double turn)
{
  return std::remainder(turn, 2 * geometry::pi);
}

/// The shaft: three-edged, the sharpest edge in front, round towards both ends.
Solid shaft(const TibiaBody& body)
{
  return {[body](const Vec3& p)
          {
            const double k = body.scale;
            const double z = std::clamp(p.z, body.ankle_z + 24 * k, -34 * k);
            const Vec3 q = p - shaft_centre(body, z);
            const double edged = smooth_step(-20 * k, -70 * k, z) *
                                 smooth_step(body.ankle_z + 45 * k, body.ankle_z + 130 * k, z);
            const double across = std::hypot(q.x, q.y);
            // Edges in front and at both sides of the back, that in front the sharpest.
            const double turn = across > 1e-9 ? std::atan2(q.y, q.x) - 0.5 * geometry::pi : 0;
            const double crest = 0.13 * long_bone::bell(turn_from_front(turn), 0.45);
            // Divided so that the edges leave the area as it is.
            const double area = 1 + edged * (0.0330 + 0.0074 * edged);
            const double radius = shaft_radius(body, z) / std::sqrt(area) *
                                  (1 + edged * (0.09 * std::cos(3 * turn) + crest));
            return 0.85 * (std::hypot(across, q.z) - radius);
          }};
}

/// Metaphysis and condyles: two cones opening upwards from the shaft, cut off by the plateau.
Solid proximal_end(const TibiaBody& body, const Solid& tube)
{
  const double k = body.scale;
  const Vec3 root = shaft_centre(body, -88 * k);
  const double narrow = 0.8 * shaft_radius(body, -88 * k);
  Solid cones = geometry::smooth_unite(
      geometry::tapered_capsule(root, body.medial_condyle, narrow, body.medial_radius),
      geometry::tapered_capsule(root, body.lateral_condyle, narrow, body.lateral_radius), 8 * k);
  Solid bone = geometry::smooth_unite(tube, cones, 10 * k);
  const Vec3 inside = body.tuberosity - Vec3{0, 7.5 * k, 0};
  bone = geometry::smooth_unite(
      bone,
      geometry::tapered_capsule(inside, shaft_centre(body, -92 * k) + Vec3{-1 * k, 6 * k, 0},
                                7.5 * k, 6 * k),
      6 * k);
  // The gap between the condyles behind.
  bone = geometry::smooth_subtract(
      bone, geometry::capsule({0, -36 * k, 10 * k}, {0, -36 * k, -30 * k}, 9 * k), 5 * k);
  // The facet of the fibula, behind and below the lateral condyle.
  const Vec3 facet = body.lateral_condyle +
                     body.lateral_radius * normalized(Vec3{-0.62, -0.78, 0}) + Vec3{0, 0, -14 * k};
  bone = geometry::smooth_subtract(
      bone, geometry::sphere(facet + Vec3{-5 * k, -6 * k, -3 * k}, 9 * k), 3 * k);
  // Everything above the plateau: a plane, dished medially and domed laterally.
  const Vec3 n = body.plateau_normal;
  const double r = dish_radius * k;
  const Solid above = geometry::half_space({0, 0, 0}, -n);
  const Solid dish = geometry::sphere(body.medial_plateau + r * n, r);
  const Solid dome = {[=](const Vec3& p)
                      {
                        const Vec3 d = p - (body.lateral_plateau - dome_height * k * n);
                        const Vec3 flat = d - dot(d, n) * n;
                        const double fall = dot(flat, flat) / (18 * k * 18 * k);
                        const double height = dome_height * k * std::max(0.0, 1 - fall);
                        return 0.9 * (height - dot(d, n));
                      }};
  bone = geometry::smooth_subtract(
      bone, {[=](const Vec3& p) { return std::max(above.distance(p), dome.distance(p)); }}, 3 * k);
  bone = geometry::smooth_subtract(bone, dish, 1.5 * k);
  // The eminence, two spikes of which the medial is the higher.
  const Vec3 lower = body.eminence + Vec3{-8 * k, 1 * k, -2 * k};
  bone = geometry::smooth_unite(
      bone,
      geometry::tapered_capsule({0.6 * body.eminence.x, body.eminence.y, -6 * k},
                                body.eminence - Vec3{0, 0, 2.5 * k}, 8 * k, 2.5 * k),
      3 * k);
  return geometry::smooth_unite(bone,
                                geometry::tapered_capsule({0.6 * lower.x, lower.y, -6 * k},
                                                          lower - Vec3{0, 0, 2.5 * k}, 8 * k,
                                                          2.5 * k),
                                3 * k);
}

/// The block above the ankle: a box with round edges across x and y, broader in front, its lower
/// face tilted with the plafond.
Solid ankle_block(const TibiaBody& body)
{
  const double k = body.scale;
  const double foot = body.ankle_z;
  const double tilt = std::tan(body.plafond_tilt);
  return {[=](const Vec3& p)
          {
            const double y = std::clamp(p.y, -16 * k, 16 * k);
            const double z = std::clamp(p.z, foot + 6 * k + tilt * y, foot + 45 * k);
            const double up = smooth_step(foot + 6 * k, foot + 55 * k, z);
            const double beside = p.x - 2 * (1 - up) * k;
            const double more = beside < 0 ? broader_before * (1 - up) * y : 0;
            const double x = std::max(0.0, std::abs(beside) - (14 - 12 * up) * k - more);
            const double d_y = std::max(0.0, std::abs(p.y) - (11 - 10 * up) * k);
            const double d = std::hypot(x, d_y, p.z - z) - (8 + 2 * up) * k;
            return 0.88 * d;
          }};
}

/// The malleolus, its front colliculus longer than the one behind it.
Solid malleolus(const TibiaBody& body)
{
  const double k = body.scale;
  const double foot = body.ankle_z;
  const double bottom = body.bottom_z + plafond_middle.z * k;
  const Vec3 tip{malleolus_beside * k, malleolus_before * k, bottom + 6 * k};
  const Vec3 hind{19.5 * k, -7 * k, bottom + (5.5 + hind_colliculus) * k};
  return geometry::smooth_unite(
      geometry::tapered_capsule({16 * k, 1 * k, foot + 22 * k}, tip, 8.5 * k, 6 * k),
      geometry::tapered_capsule({16 * k, -5 * k, foot + 18 * k}, hind, 8 * k, 5.5 * k), 3 * k);
}

/// What the talus takes: a shallow vault from front to back, bounded medially by the malleolus, and
/// everything below its edges; the edge behind lies lower than that in front.
Solid talus(const TibiaBody& body)
{
  const double k = body.scale;
  const double r = 26 * k;
  const double c = std::cos(body.plafond_tilt);
  const double s = std::sin(body.plafond_tilt);
  return {[=, foot = body.ankle_z](const Vec3& p)
          {
            const double along = c * p.y + s * (p.z - foot);
            const double height = c * (p.z - foot) - s * p.y;
            const double vault = std::hypot(along, height + r) - r;
            return std::max(std::min(vault, height + 3.2 * k), p.x - 11.5 * k);
          }};
}

/// Plafond and malleolus, as they lie before they are turned outwards: the malleolus on the medial
/// side, the notch of the fibula on the other, behind its middle.
Solid straight_foot(const TibiaBody& body, const Solid& tube)
{
  const double k = body.scale;
  Solid bone = geometry::smooth_unite(tube, ankle_block(body), 6 * k);
  bone = geometry::smooth_unite(bone, malleolus(body), 4 * k);
  const Vec3 notch{-26 * k, -3 * k, body.ankle_z};
  bone = geometry::smooth_subtract(
      bone, geometry::capsule(notch + Vec3{0, 0, 30 * k}, notch - Vec3{0, 0, 40 * k}, 8.5 * k),
      3 * k);
  return geometry::smooth_subtract(bone, talus(body), 2 * k);
}

/// About the z axis.
Vec3 turned(Vec3 p, double angle)
{
  return {std::cos(angle) * p.x - std::sin(angle) * p.y,
          std::sin(angle) * p.x + std::cos(angle) * p.y, p.z};
}

Solid distal_end(const TibiaBody& body, const Solid& tube)
{
  // The tube is looked up where it stands, the foot where it is drawn.
  const Vec3 middle = body.scale * plafond_middle;
  const Solid back = {[=](const Vec3& p)
                      { return tube.distance(turned(p - middle, body.foot_turn)); }};
  const Solid foot = straight_foot(body, back);
  return {[=](const Vec3& p) { return foot.distance(turned(p, -body.foot_turn) + middle); }};
}

void place_plateau(TibiaBody& body)
{
  const double k = body.scale;
  body.plateau_normal = {0, -std::sin(body.slope), std::cos(body.slope)};
  body.medial_radius = 24.5 * k;
  body.lateral_radius = 22.5 * k;
  const double half = 0.5 * body.width;
  body.medial_condyle = {half - body.medial_radius, 0, -11 * k};
  body.lateral_condyle = {-half + body.lateral_radius, 0, -11 * k};
  // On the surface: at the bottom of the dish and on top of the dome.
  body.medial_plateau = Vec3{20 * k, 0, 0} - dish_depth * k * body.plateau_normal;
  body.lateral_plateau = Vec3{-20 * k, 0, 0} + dome_height * k * body.plateau_normal;
  body.eminence = {4 * k, -2 * k, eminence_height * k};
  body.tuberosity = {-5 * k, shaft_centre(body, -42 * k).y + 25.5 * k, -42 * k};
}

} // namespace

TibiaBody tibia_body(const Dimensions& dimensions)
{
  const auto of = [&](const char* name, double low, double high)
  { return long_bone::dimension(BoneKind::tibia, dimensions, name, low, high); };
  TibiaBody body;
  body.width = of("plateau_width_mm", 35, 100);
  body.scale = body.width / 75;
  const double k = body.scale;
  body.length = of("length_mm", 3.6 * body.width, 7 * body.width);
  body.shaft_radius = of("shaft_radius_mm", 0.13 * body.width, 0.22 * body.width);
  body.slope = geometry::radians(of("posterior_slope_deg", -2, 18));
  body.top_z = eminence_height * k;
  body.bottom_z = body.top_z - body.length;
  body.ankle_z = body.bottom_z + malleolus_length * k;
  body.isthmus_z = 0.68 * body.ankle_z;
  body.torsion = geometry::radians(of("torsion_deg", -10, 50));
  body.plafond_tilt = geometry::radians(of("plafond_tilt_deg", -5, 20));
  const Vec3 beside{malleolus_beside - plafond_middle.x, malleolus_before - plafond_middle.y, 0};
  body.foot_turn = body.torsion - std::atan2(beside.y, beside.x);
  body.malleolus = turned(k * beside, body.foot_turn) + Vec3{0, 0, body.bottom_z};
  place_plateau(body);
  return body;
}

Vec3 shaft_centre(const TibiaBody& body, double z)
{
  const double k = body.scale;
  const double t = std::clamp(z / body.ankle_z, 0.0, 1.0);
  return {0, 5 * k * (1 - t), z};
}

double shaft_radius(const TibiaBody& body, double z)
{
  const double k = body.scale;
  const double x = (z - body.isthmus_z) / (0.5 * body.ankle_z);
  const double proximal = smooth_step(-120 * k, -30 * k, z);
  return body.shaft_radius * (1 + 0.2 * x * x + 0.3 * proximal);
}

Solid tibia_surface(const TibiaBody& body)
{
  const Solid tube = shaft(body);
  const Solid proximal = proximal_end(body, tube);
  const Solid distal = distal_end(body, tube);
  return {[=](const Vec3& p)
          {
            if (p.z > -130 * body.scale)
            {
              return proximal.distance(p);
            }
            return p.z < body.ankle_z + 75 * body.scale ? distal.distance(p) : tube.distance(p);
          }};
}

} // namespace calcar::anatomy
