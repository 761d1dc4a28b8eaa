#include "anatomy/vertebra_shape.hpp"

#include "base/error.hpp"
#include "base/text.hpp"
#include "geometry/rotation.hpp"
#include "geometry/solid.hpp"

#include <algorithm>
#include <cmath>

namespace calcar::anatomy
{

namespace
{

using geometry::radians;
using geometry::smooth_minimum;

constexpr double beside_mm = 4;    ///< farther off, a bone below makes no difference
constexpr double squareness = 2.2; ///< exponent of the section; 2 would be an ellipse

double smooth_maximum(double a, double b, double blend)
{
  return -smooth_minimum(-a, -b, blend);
}

/// Half-axes of the section of the vertebral body at a height: widest at the rims.
struct Section2
{
  double half_width;
  double half_depth;
};

Section2 section_at(const VertebraShape& s, double z)
{
  const double t = std::clamp(z / (0.5 * s.height), -1.0, 1.0);
  const double waist = 0.5 * (1 - s.waist * (1 - t * t));
  const auto between = [&](double superior, double inferior)
  { return waist * (superior + inferior + t * (superior - inferior)); };
  return {between(s.superior_half_width, s.inferior_half_width),
          between(s.superior_half_depth, s.inferior_half_depth)};
}

/// Distance to the wall of the vertebral body in the plane of its section, without the hollow of
/// the posterior wall: a superellipse.
double oval_distance(double x, double y, Section2 section)
{
  const double u = std::abs(x) / section.half_width;
  const double v = std::abs(y) / section.half_depth;
  const double r = std::pow(std::pow(u, squareness) + std::pow(v, squareness), 1 / squareness);
  if (r < 1e-6)
  {
    return -std::min(section.half_width, section.half_depth);
  }
  const double gradient = std::hypot(std::pow(u / r, squareness - 1) / section.half_width,
                                     std::pow(v / r, squareness - 1) / section.half_depth);
  return (r - 1) / gradient;
}

double strut_distance(const Strut& strut, Vec3 p)
{
  const Vec3 line = strut.to - strut.from;
  const double length = norm(line);
  const Vec3 axis = line / length;
  const double t = std::clamp(dot(p - strut.from, axis) / length, 0.0, 1.0);
  const double narrow = 1 - strut.waist * 4 * t * (1 - t);
  const double up = narrow * (strut.up_from + t * (strut.up_to - strut.up_from));
  const double across = narrow * (strut.across_from + t * (strut.across_to - strut.across_from));
  const Vec3 q = p - strut.from - t * line;
  const Vec3 side = cross(axis, strut.up);
  const Vec3 radii{up, across, std::min(up, across)};
  const Vec3 local{dot(q, strut.up), dot(q, side), dot(q, axis)};
  const Vec3 unit{local.x / radii.x, local.y / radii.y, local.z / radii.z};
  const Vec3 gradient{unit.x / radii.x, unit.y / radii.y, unit.z / radii.z};
  const double k0 = norm(unit);
  const double k1 = norm(gradient);
  return k1 > 1e-9 ? k0 * (k0 - 1) / k1 : -std::min(up, across);
}

/// Room for the process of the neighbour in front of a joint surface: a cylinder whose flat end is
/// the surface.
double joint_room(Vec3 p, Vec3 facet, Vec3 normal, double radius)
{
  const double along = dot(p - facet, normal);
  const double radial = norm(p - facet - along * normal);
  return std::max({-along, along - 14, radial - radius});
}

double canal_distance(const VertebraShape& s, Vec3 p)
{
  const double a = s.canal_half_width;
  const double b = s.canal_half_depth;
  const double x = p.x / a;
  const double y = (p.y - s.canal.y) / b;
  const double k0 = std::hypot(x, y);
  const double k1 = std::hypot(x / a, y / b);
  return k1 > 1e-9 ? k0 * (k0 - 1) / k1 : -std::min(a, b);
}

Vec3 perpendicular_up(Vec3 from, Vec3 to, Vec3 up)
{
  return normalized(geometry::without_component(up, normalized(to - from)));
}

Strut strut(Vec3 from, Vec3 to, Vec3 up, double up_from, double up_to, double across_from,
            double across_to, double waist = 0)
{
  return {from, to, perpendicular_up(from, to, up), up_from, up_to, across_from, across_to, waist};
}

void check(const Dimensions& d)
{
  const auto within = [&](const char* name, double low, double high)
  {
    const double value = d.at(name);
    if (!(value >= low && value <= high))
    {
      throw InputError(Fault::command, Problem{"synthetic vertebra",
                                               std::string(name) + " = " + format_number(value),
                                               format_number(low) + " to " + format_number(high),
                                               "choose a value inside", ""});
    }
  };
  const double width = d.at("superior_endplate_width_mm");
  within("superior_endplate_width_mm", 12, 70);
  within("inferior_endplate_width_mm", 0.7 * width, 1.5 * width);
  within("superior_endplate_depth_mm", 0.5 * width, 1.3 * width);
  within("inferior_endplate_depth_mm", 0.5 * width, 1.3 * width);
  within("body_height_posterior_mm", 0.3 * width, 1.1 * width);
  const double height = d.at("body_height_posterior_mm");
  within("body_height_anterior_mm", 0.5 * height, 1.5 * height);
  within("pedicle_height_mm", 0.35 * height, 0.95 * height);
  within("canal_width_mm", 0.3 * width, 1.1 * width);
  within("pedicle_width_mm", 0.1 * width, 0.5 * width);
  within("canal_depth_mm", 0.2 * width, 1.1 * width);
  within("transverse_span_mm", d.at("canal_width_mm") + 2.5 * d.at("pedicle_width_mm"), 4 * width);
  within("spinous_length_mm", 0.3 * width, 2 * width);
  within("spinous_height_mm", 3, 40);
  within("spinous_thickness_mm", 2, 15);
  within("lamina_height_mm", 4, 40);
  within("lamina_thickness_mm", 2, 15);
  within("facet_height_mm", 4, 30);
  within("transverse_thickness_mm", 2, 20);
  within("disc_height_mm", 1, 20);
  within("facet_gap_mm", 0.5, 5);
  within("endplate_concavity_mm", 0, 0.2 * height);
  within("posterior_wall_concavity_mm", 0, 0.2 * width);
  within("waist_fraction", 0, 0.3);
}

/// Pedicles and the pillars of the joints, the sides of the ring.
void build_sides(VertebraShape& s, const std::optional<JointBelow>& below)
{
  const Dimensions& d = s.of;
  const double canal_width = d.at("canal_width_mm");
  const double canal_depth = d.at("canal_depth_mm");
  const double width = d.at("pedicle_width_mm");
  const double height = d.at("pedicle_height_mm");
  const double x = 0.5 * (canal_width + width);
  const double z = 0.5 * s.height - 0.5 * height - 1;
  const double front = s.posterior_wall + 0.18 * s.half_depth;
  const double back = s.posterior_wall - 0.85 * canal_depth;
  // The waist takes a quarter, so that the narrowest section is the one asked for.
  const double waist = 0.25;
  s.pedicle = strut({x - 0.1 * width, front, z}, {x, back, z}, {0, 0, 1}, 0.5 * height / 0.75,
                    0.5 * height / 0.75, 0.5 * width / 0.75, 0.5 * width / 0.75, waist);
  s.canal = {0, s.posterior_wall - 0.5 * canal_depth, z};

  const double pitch = s.height + d.at("disc_height_mm");
  const double facet = d.at("facet_height_mm");
  const auto outwards = [](double angle_deg) {
    return Vec3{-std::sin(radians(angle_deg)), -std::cos(radians(angle_deg)), 0};
  };
  s.superior_normal = outwards(d.at("superior_facet_deg"));
  s.inferior_normal = -outwards(d.at("inferior_facet_deg"));
  s.superior_radius = 0.55 * facet;
  s.superior_facet = {0.93 * x, back - 0.15 * canal_depth,
                      0.5 * s.height + 0.5 * d.at("disc_height_mm") - 1};
  s.inferior_radius = below ? below->radius : s.superior_radius;
  s.inferior_normal = below ? -below->normal : s.inferior_normal;
  const Vec3 across = below ? below->facet : s.superior_facet - Vec3{0, 0, pitch};
  s.inferior_facet = across - d.at("facet_gap_mm") * s.inferior_normal;
  const double thick = 0.4 * facet;
  // The axes of the processes run so near behind the joint surfaces, and so far beyond their
  // middles, that the joints cut them flat over most of their height.
  const Vec3 beyond{0, 0, 0.2 * facet};
  const Vec3 top = s.superior_facet - 0.6 * thick * s.superior_normal + beyond;
  s.pillar_up = strut({x, back, z}, top, {0, 1, 0}, 0.9 * thick, 0.95 * thick, 1.1 * thick, thick);
  const Vec3 bottom = s.inferior_facet - 0.6 * thick * s.inferior_normal - beyond;
  const Vec3 joint{0.8 * x, back - 0.2 * canal_depth, z - 0.3 * height};
  s.pillar_down = strut(joint, bottom, {0, 1, 0}, thick, 0.95 * thick, 1.1 * thick, thick);
}

/// Laminae, transverse and spinous processes.
void build_back(VertebraShape& s)
{
  const Dimensions& d = s.of;
  const double thick = 0.5 * d.at("lamina_thickness_mm");
  const double tall = 0.5 * d.at("lamina_height_mm");
  const double canal_back = s.posterior_wall - d.at("canal_depth_mm");
  const Vec3 side = s.pedicle.to;
  const double z = -0.12 * s.height;
  const Vec3 middle{0, canal_back - 1.3 * thick, z - 0.1 * tall};
  s.lamina = strut({0.9 * side.x, side.y - 0.12 * d.at("canal_depth_mm"), z + 0.2 * tall}, middle,
                   {0, 0.3, 1}, tall, 0.85 * tall, thick, thick);

  const double half_span = 0.5 * d.at("transverse_span_mm");
  const double round = 0.5 * d.at("transverse_thickness_mm");
  const Vec3 base = side + Vec3{0, -0.5 * round, -0.1 * s.height};
  const double reach = half_span - round - base.x;
  const Vec3 tip = base + Vec3{reach, -reach * std::tan(radians(d.at("transverse_backward_deg"))),
                               0.05 * s.height};
  s.transverse = strut(base, tip, {0, 0, 1}, 1.5 * round, 1.1 * round, 1.1 * round, round);

  const double plate = 0.5 * d.at("spinous_height_mm");
  const double thin = 0.5 * d.at("spinous_thickness_mm");
  const double slant = radians(d.at("spinous_slant_deg"));
  const double length = d.at("spinous_length_mm") - thin;
  const Vec3 start = middle + Vec3{0, 0, -0.1 * tall};
  const Vec3 end =
      Vec3{0, canal_back, start.z} - length * Vec3{0, std::cos(slant), std::sin(slant)};
  s.spinous = strut(start, end, {0, 0, 1}, 0.8 * plate, plate, thin, 1.15 * thin);
}

} // namespace

VertebraShape vertebra_shape(const Dimensions& at_level, const std::optional<JointBelow>& below)
{
  check(at_level);
  VertebraShape s;
  s.of = at_level;
  const double anterior = at_level.at("body_height_anterior_mm");
  const double posterior = at_level.at("body_height_posterior_mm");
  s.height = 0.5 * (anterior + posterior);
  s.half_wedge = 0.25 * (anterior - posterior);
  s.superior_half_width = 0.5 * at_level.at("superior_endplate_width_mm");
  s.superior_half_depth = 0.5 * at_level.at("superior_endplate_depth_mm");
  s.inferior_half_width = 0.5 * at_level.at("inferior_endplate_width_mm");
  s.inferior_half_depth = 0.5 * at_level.at("inferior_endplate_depth_mm");
  s.endplate_hollow = at_level.at("endplate_concavity_mm");
  s.wall_hollow = at_level.at("posterior_wall_concavity_mm");
  s.waist = at_level.at("waist_fraction");
  s.canal_half_width = 0.5 * at_level.at("canal_width_mm");
  s.canal_half_depth = 0.5 * at_level.at("canal_depth_mm");
  s.half_depth = section_at(s, 0).half_depth;
  s.posterior_wall = -s.half_depth + s.wall_hollow;
  build_sides(s, below);
  build_back(s);
  s.below = below ? below->distance : nullptr;
  return s;
}

double endplate_z(const VertebraShape& s, double x, double y, double side)
{
  const Section2 rim = section_at(s, side * 0.5 * s.height);
  const double out = std::min(std::hypot(x / rim.half_width, y / rim.half_depth), 1.0);
  const double hollow = s.endplate_hollow * (1 - out * out);
  const double lean = std::clamp(y / rim.half_depth, -1.2, 1.2);
  return side * (0.5 * s.height + s.half_wedge * lean - hollow);
}

double rim_slope(const VertebraShape& s, double side)
{
  return std::atan(side * s.half_wedge / section_at(s, side * 0.5 * s.height).half_depth);
}

double eccentricity(const VertebraShape& s, Vec3 p)
{
  const Section2 section = section_at(s, p.z);
  return std::hypot(p.x / section.half_width, p.y / section.half_depth);
}

double body_distance(const VertebraShape& s, Vec3 p)
{
  const Section2 section = section_at(s, p.z);
  const double oval = oval_distance(p.x, p.y, section);
  const double radius = 1.4 * s.canal_half_width;
  const double behind = std::hypot(p.x, p.y + section.half_depth - s.wall_hollow + radius) - radius;
  const double wall = smooth_maximum(oval, -behind, 3);
  const double top = p.z - endplate_z(s, p.x, p.y, 1);
  const double bottom = endplate_z(s, p.x, p.y, -1) - p.z;
  const double rim = 0.1 * s.height;
  return smooth_maximum(wall, smooth_maximum(top, bottom, rim), rim);
}

double posterior_distance(const VertebraShape& s, Vec3 p)
{
  const Vec3 q{std::abs(p.x), p.y, p.z};
  const double blend = 0.15 * s.height;
  double d = strut_distance(s.lamina, q);
  d = smooth_minimum(d, strut_distance(s.spinous, q), blend);
  d = smooth_minimum(d, strut_distance(s.pillar_down, q), blend);
  d = smooth_minimum(d, strut_distance(s.pillar_up, q), 0.5 * blend);
  d = smooth_minimum(d, strut_distance(s.transverse, q), blend);
  d = smooth_minimum(d, strut_distance(s.pedicle, q), 0.5 * blend);
  d = smooth_maximum(d, -canal_distance(s, p), 1.5);
  d = smooth_maximum(d, -joint_room(q, s.superior_facet, s.superior_normal, s.superior_radius), 1);
  return smooth_maximum(d, -joint_room(q, s.inferior_facet, s.inferior_normal, s.inferior_radius),
                        1);
}

double distance(const VertebraShape& s, Vec3 p)
{
  const double d = smooth_minimum(body_distance(s, p), posterior_distance(s, p), 0.1 * s.height);
  // The vertebra below does not reach up to the middle of this one.
  if (!s.below || d > beside_mm || p.z > 0.1 * s.height)
  {
    return d;
  }
  return smooth_maximum(d, s.of.at("facet_gap_mm") - s.below(p), 0.5);
}

} // namespace calcar::anatomy
