#include "anatomy/skull.hpp"
#include "anatomy/skull_body.hpp"
#include "geometry/rotation.hpp"

#include <cmath>
#include <memory>

namespace calcar::anatomy
{

namespace
{

/// Mean thickness of the bone above the centre, each part of the surface by its area as seen from
/// there.
double mean_thickness(const SkullBody& skull)
{
  double sum = 0;
  constexpr int count = 2000;
  for (int n = 0; n < count; ++n)
  {
    const double z = (n + 0.5) / count;
    const double angle = n * geometry::pi * (3 - std::sqrt(5.0));
    const double side = std::sqrt(1 - z * z);
    sum += bone_thickness(skull,
                          outer_point(skull, {side * std::cos(angle), side * std::sin(angle), z}));
  }
  return sum / count;
}

} // namespace

SyntheticBody make_skull(const SyntheticPerson& person, const Dimensions& dimensions)
{
  const auto skull = std::make_shared<const SkullBody>(skull_body(person, dimensions));
  SyntheticBody body;
  body.kind = BoneKind::skull;
  body.side = Side::midline;
  body.distance = [skull](Vec3 p) { return distance(*skull, p); };
  body.steepest = 2;
  body.density = [skull](Vec3 p, double depth) { return density_inside(*skull, p, depth); };
  body.cortex_mm = [skull](Vec3 p) { return cortex_thickness(*skull, p); };
  if (skull->child)
  {
    body.growth_plate = [skull](Vec3 p) { return in_suture(*skull, p); };
  }
  body.landmarks = body_landmarks(*skull);
  const auto at = [&](const char* name) { return body.landmarks.at(name); };
  const double margin = 3;
  body.low = {at("left_parietal").x - margin, at("occipital_point").y - margin,
              -skull->d.base_depth_mm - std::abs(skull->centre.z) - 3 * margin};
  body.high = {at("right_parietal").x + margin, at("frontal_point").y + margin,
               at("vertex").z + margin};
  const auto exact = [](double value) { return Measure{value, 0, "mm", "made so"}; };
  body.measures = {{"length_mm", exact(2 * skull->fitted_radii.y)},
                   {"width_mm", exact(2 * skull->fitted_radii.x)},
                   {"height_mm", exact(2 * skull->fitted_radii.z)},
                   {"mean_thickness_mm", exact(mean_thickness(*skull))}};
  return body;
}

} // namespace calcar::anatomy
