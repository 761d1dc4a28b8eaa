#include "anatomy/skull_body.hpp"

#include "anatomy/skull_fit.hpp"
#include "base/error.hpp"
#include "base/text.hpp"
#include "geometry/rotation.hpp"
#include "geometry/solid.hpp"

#include <algorithm>
#include <cmath>
#include <vector>

namespace calcar::anatomy
{

namespace
{

using geometry::pi;
using geometry::smooth_minimum;

constexpr double base_blend_mm = 16;  ///< rounding between the sides and the base
constexpr double foramen_back = 0.22; ///< of half the length, behind the middle

double smooth_step(double from, double to, double x)
{
  const double t = std::clamp((x - from) / (to - from), 0.0, 1.0);
  return t * t * (3 - 2 * t);
}

Vec3 radii(const SkullSizes& d)
{
  return {0.5 * d.width_mm, 0.5 * d.length_mm, 0.5 * d.height_mm};
}

/// A point over the radii, with the narrowing in front and the flattening behind taken out: the
/// vault's surface is where its norm is 1.
Vec3 unit_point(const SkullSizes& d, Vec3 raw)
{
  const Vec3 r = radii(d);
  const double y = std::clamp(raw.y / r.y, -1.3, 1.3);
  const double narrow = 1 - d.frontal_ratio * std::sin(0.5 * pi * std::clamp(y, -1.0, 1.0));
  const double back = 1 - d.flat_ratio * smooth_step(0, -1, y);
  return {raw.x / (r.x * narrow), raw.y / (r.y * back), raw.z / r.z};
}

/// First-order distance to the vault alone.
double vault_distance(const SkullSizes& d, Vec3 raw)
{
  constexpr double step = 0.05; // mm
  const auto value = [&](Vec3 p) { return norm(unit_point(d, p)); };
  const Vec3 gradient{(value(raw + Vec3{step, 0, 0}) - value(raw - Vec3{step, 0, 0})) / (2 * step),
                      (value(raw + Vec3{0, step, 0}) - value(raw - Vec3{0, step, 0})) / (2 * step),
                      (value(raw + Vec3{0, 0, step}) - value(raw - Vec3{0, 0, step})) / (2 * step)};
  const double slope = norm(gradient);
  const double k0 = value(raw);
  const double deepest = -0.5 * std::min({d.width_mm, d.length_mm, d.height_mm});
  return slope > 1e-4 ? std::max((k0 - 1) / slope, deepest) : deepest;
}

double raw_outer(const SkullSizes& d, Vec3 raw)
{
  return -smooth_minimum(-vault_distance(d, raw), raw.z + d.base_depth_mm, base_blend_mm);
}

double raw_thickness(const SkullSizes& d, Vec3 raw)
{
  const Vec3 n = normalized(unit_point(d, raw) + Vec3{0, 0, 1e-9});
  const double front = smooth_step(0.35, 0.95, n.y);
  const double back = smooth_step(0.35, 0.95, -n.y);
  const double top = smooth_step(0.5, 1, n.z) * (1 - front) * (1 - back);
  const double temporal = smooth_step(0.55, 0.95, std::abs(n.x)) * smooth_step(0.3, -0.15, n.z);
  double t = d.thickness_parietal_mm;
  t += top * (d.thickness_bregma_mm - t);
  t += front * (d.thickness_frontal_mm - t);
  t += back * (d.thickness_occipital_mm - t);
  t += temporal * (d.thickness_temporal_mm - t);
  const double base = smooth_step(0.75, 0.95, -raw.z / d.base_depth_mm);
  return t + base * (d.thickness_base_mm - t);
}

double raw_distance(const SkullSizes& d, Vec3 raw)
{
  const double outer = raw_outer(d, raw);
  const double shell = std::max(outer, -outer - raw_thickness(d, raw));
  if (raw.z > -0.5 * d.base_depth_mm)
  {
    return shell;
  }
  const double beside = std::hypot(raw.x, raw.y + foramen_back * 0.5 * d.length_mm);
  return std::max(shell, d.foramen_radius_mm - beside);
}

/// Where a ray from a raw point leaves the vault.
Vec3 raw_surface(const SkullSizes& d, Vec3 from, Vec3 direction)
{
  double low = 0;
  double high = 2 * d.length_mm;
  for (int n = 0; n < 60; ++n)
  {
    const double middle = 0.5 * (low + high);
    (norm(unit_point(d, from + middle * direction)) < 1 ? low : high) = middle;
  }
  return from + low * direction;
}

/// Moves and turns the frame to the ellipsoid fitted to the outer surface.
void settle_frame(SkullBody& body)
{
  std::vector<Vec3> surface;
  constexpr int count = 20000;
  for (int n = 0; n < count; ++n)
  {
    const double z = 1 - (2 * n + 1.0) / count;
    const double angle = n * pi * (3 - std::sqrt(5.0));
    const double side = std::sqrt(1 - z * z);
    const Vec3 p =
        raw_surface(body.d, {0, 0, 0}, {side * std::cos(angle), side * std::sin(angle), z});
    if (p.z > -0.6 * body.d.base_depth_mm)
    {
      surface.push_back(p);
    }
  }
  const auto fit = fit_vault(surface, {{0, 0, 0}, {1, 0, 0}, 0}, {0, 1, 0}, {0, 0, 1});
  if (!fit)
  {
    throw InputError(Fault::command,
                     Problem{"synthetic skull", "the dimensions make no ellipsoid-like vault",
                             "length, width and height in the proportions of a head",
                             "choose dimensions nearer to those of the file", ""});
  }
  body.centre = fit->centre;
  body.to_frame = {fit->right, fit->anterior, fit->superior};
  body.fitted_radii = fit->radii;
}

void check(const Dimensions& d)
{
  const auto within = [&](const char* what, double low, double high)
  {
    const double value = d.at(what);
    if (!(value >= low && value <= high))
    {
      throw InputError(Fault::command,
                       Problem{"synthetic skull", std::string(what) + " = " + format_number(value),
                               format_number(low) + " to " + format_number(high),
                               "choose a value inside", ""});
    }
  };
  within("length_mm", 75, 240);
  within("width_mm", 0.6 * d.at("length_mm"), 0.95 * d.at("length_mm"));
  within("height_mm", 0.6 * d.at("length_mm"), 0.95 * d.at("length_mm"));
  within("base_depth_mm", 0.2 * d.at("height_mm"), 0.48 * d.at("height_mm"));
  within("frontal_ratio", 0, 0.25);
  within("flat_ratio", 0, 0.15);
  for (const char* place : {"bregma", "frontal", "occipital", "parietal", "temporal", "base"})
  {
    within(("thickness_" + std::string(place) + "_mm").c_str(), 1, 0.12 * d.at("length_mm"));
  }
  within("foramen_radius_mm", 5, 0.15 * d.at("length_mm"));
  within("suture_mm", 0, 5);
  within("cortex_outer_mm", 0.3, 4);
  within("cortex_inner_mm", 0.3, 4);
}

SkullSizes sizes(const Dimensions& d)
{
  return {d.at("length_mm"),
          d.at("width_mm"),
          d.at("height_mm"),
          d.at("base_depth_mm"),
          d.at("frontal_ratio"),
          d.at("flat_ratio"),
          d.at("thickness_bregma_mm"),
          d.at("thickness_frontal_mm"),
          d.at("thickness_occipital_mm"),
          d.at("thickness_parietal_mm"),
          d.at("thickness_temporal_mm"),
          d.at("thickness_base_mm"),
          d.at("foramen_radius_mm"),
          d.at("suture_mm"),
          d.at("cortex_outer_mm"),
          d.at("cortex_inner_mm"),
          d.at("cortical_density_g_cm3"),
          d.at("trabecular_density_g_cm3")};
}

/// The farthest point of the vault's outer surface in a direction, by steps that halve.
Vec3 farthest(const SkullBody& body, Vec3 direction)
{
  Vec3 best = outer_point(body, direction);
  const Vec3 e1 = geometry::any_perpendicular(direction);
  const Vec3 e2 = cross(direction, e1);
  Vec3 towards = direction;
  for (double step = 0.2; step > 1e-5;)
  {
    bool better = false;
    for (const Vec3& side : {e1, -e1, e2, -e2})
    {
      const Vec3 next = normalized(towards + step * side);
      const Vec3 p = outer_point(body, next);
      if (dot(p - best, direction) > 1e-9)
      {
        best = p;
        towards = next;
        better = true;
        break;
      }
    }
    step = better ? step : 0.5 * step;
  }
  return best;
}

} // namespace

SkullBody skull_body(const SyntheticPerson& person, const Dimensions& dimensions)
{
  check(dimensions);
  SkullBody body;
  body.d = sizes(dimensions);
  body.child = person.age_years.has_value();
  settle_frame(body);
  return body;
}

double distance(const SkullBody& body, Vec3 p)
{
  return raw_distance(body.d, body.raw(p));
}

double outer_distance(const SkullBody& body, Vec3 p)
{
  return raw_outer(body.d, body.raw(p));
}

double bone_thickness(const SkullBody& body, Vec3 p)
{
  return raw_thickness(body.d, body.raw(p));
}

double cortex_thickness(const SkullBody& body, Vec3 p)
{
  const double thickness = bone_thickness(body, p);
  const bool outer_half = -outer_distance(body, p) < 0.5 * thickness;
  const double table = outer_half ? body.d.cortex_outer_mm : body.d.cortex_inner_mm;
  return std::min(table, 0.4 * thickness);
}

double density_inside(const SkullBody& body, Vec3 p, double depth)
{
  const double cortex = cortex_thickness(body, p);
  const double share = smooth_step(cortex + 0.2, cortex - 0.2, depth);
  const double diploe = body.d.trabecular_density_g_cm3;
  return diploe + share * (body.d.cortical_density_g_cm3 - diploe);
}

bool in_suture(const SkullBody& body, Vec3 p)
{
  if (!body.child)
  {
    return false;
  }
  const Vec3 raw = body.raw(p);
  const Vec3 r = radii(body.d);
  const double half = 0.5 * body.d.suture_mm;
  if (raw.z < -0.25 * r.z)
  {
    return false;
  }
  // Coronal: a plane that leans back upwards. Lambdoid: two planes from lambda down to the sides.
  const double lean = 0.25;
  const double coronal = (raw.y - 0.38 * r.y + lean * raw.z) / std::sqrt(1 + lean * lean);
  const double fall = 0.9;
  const double lambdoid = (raw.z - 0.5 * r.z + fall * std::abs(raw.x)) / std::sqrt(1 + fall * fall);
  const bool behind = raw.y < -0.2 * r.y;
  const bool between = coronal < 0 && (!behind || lambdoid > 0) && raw.z > 0;
  return std::abs(coronal) < half || (behind && std::abs(lambdoid) < half) ||
         (between && std::abs(raw.x) < half);
}

Vec3 outer_point(const SkullBody& body, Vec3 direction)
{
  return body.framed(
      raw_surface(body.d, body.raw({0, 0, 0}), transpose(body.to_frame) * direction));
}

std::map<std::string, Vec3> body_landmarks(const SkullBody& body)
{
  return {{"vertex", farthest(body, {0, 0, 1})},
          {"frontal_point", farthest(body, {0, 1, 0})},
          {"occipital_point", farthest(body, {0, -1, 0})},
          {"right_parietal", farthest(body, {1, 0, 0})},
          {"left_parietal", farthest(body, {-1, 0, 0})},
          {"cranial_centre", {0, 0, 0}}};
}

} // namespace calcar::anatomy
