#include "anatomy/pelvis.hpp"
#include "anatomy/pelvis_body.hpp"
#include "base/error.hpp"
#include "base/text.hpp"
#include "geometry/rotation.hpp"

#include <memory>

namespace calcar::anatomy
{

namespace
{

constexpr double grown_up_years = 18;

struct Allowed
{
  const char* name;
  double low;
  double high;
};

constexpr Allowed allowed[] = {{"acetabulum_radius_mm", 12, 33},
                               {"acetabulum_inclination_deg", 30, 60},
                               {"acetabulum_anteversion_deg", 0, 40},
                               {"midplane_distance_mm", 40, 115},
                               {"iliac_height_mm", 70, 190},
                               {"iliac_depth_mm", 70, 195},
                               {"iliac_flare_mm", 15, 55},
                               {"ischial_height_mm", 35, 100},
                               {"wing_thickness_mm", 2, 12},
                               {"cortex_wing_mm", 0.2, 4},
                               {"cortex_ring_mm", 0.2, 4},
                               {"cortex_acetabulum_mm", 0.2, 5},
                               {"cortical_density_g_cm3", 0.5, 1.5},
                               {"trabecular_wing_g_cm3", 0, 0.8},
                               {"trabecular_ring_g_cm3", 0, 0.8},
                               {"trabecular_roof_g_cm3", 0, 0.8},
                               {"trabecular_sacroiliac_g_cm3", 0, 0.8},
                               {"other_bones_g_cm3", 0, 0.8},
                               {"triradiate_thickness_mm", 0, 6}};

/// Lengths that must not part far from those in proportion to the acetabulum, or the shapes no
/// longer meet.
struct Proportion
{
  const char* name;
  double reference; ///< over the acetabular radius
};

constexpr Proportion proportions[] = {{"midplane_distance_mm", 84.0 / 25},
                                      {"iliac_height_mm", 147.0 / 25},
                                      {"iliac_depth_mm", 149.0 / 25},
                                      {"iliac_flare_mm", 36.0 / 25},
                                      {"ischial_height_mm", 75.0 / 25}};

void check(const Dimensions& dimensions)
{
  std::vector<Problem> problems;
  const auto complain = [&](const std::string& what, const std::string& range) {
    problems.push_back({"synthetic pelvis", what, range, "choose a value inside", ""});
  };
  for (const Allowed& a : allowed)
  {
    const double value = dimensions.at(a.name);
    if (!(value >= a.low && value <= a.high))
    {
      complain(std::string(a.name) + " = " + format_number(value),
               format_number(a.low) + " to " + format_number(a.high));
    }
  }
  const double radius = dimensions.at("acetabulum_radius_mm");
  for (const Proportion& p : proportions)
  {
    const double value = dimensions.at(p.name);
    const double usual = p.reference * radius;
    if (problems.empty() && !(value >= 0.75 * usual && value <= 1.3 * usual))
    {
      complain(std::string(p.name) + " = " + format_number(value) + " with an acetabulum of " +
                   format_number(radius) + " mm radius",
               format_number(0.75 * usual, 3) + " to " + format_number(1.3 * usual, 3) + " mm");
    }
  }
  if (!problems.empty())
  {
    throw InputError(Fault::command, problems);
  }
}

std::map<std::string, Measure> measures_of(const PelvisBody& body)
{
  const auto exact = [](double value, const char* unit) {
    return Measure{value, 0, unit, "made so"};
  };
  const auto at = [&](const char* name) { return body.landmarks.at(name); };
  return {{"acetabulum_radius_mm", exact(body.radius, "mm")},
          {"acetabulum_inclination_deg",
           exact(body.dimensions.at("acetabulum_inclination_deg"), "deg")},
          {"acetabulum_anteversion_deg",
           exact(body.dimensions.at("acetabulum_anteversion_deg"), "deg")},
          {"obturator_ring_closed", exact(1, "1")},
          {"midplane_distance_mm", exact(body.midplane, "mm")},
          {"iliac_height_mm", exact(at("iliac_crest").z, "mm")},
          {"ischial_height_mm", exact(-at("ischial_tuberosity").z, "mm")},
          {"iliac_depth_mm",
           exact(at("anterior_superior_iliac_spine").y - at("posterior_superior_iliac_spine").y,
                 "mm")}};
}

} // namespace

SyntheticBody make_pelvis(const SyntheticPerson& person, const Dimensions& dimensions)
{
  check(dimensions);
  const auto b = std::make_shared<const PelvisBody>(
      pelvis_body(dimensions, person.age_years.value_or(grown_up_years)));
  SyntheticBody body;
  body.kind = BoneKind::pelvis;
  body.side = person.side;
  body.distance = [b](Vec3 p) { return distance(*b, p); };
  body.density = [b](Vec3 p, double depth) { return density_inside(*b, p, depth); };
  body.cortex_mm = [b](Vec3 p) { return cortex_thickness(*b, p); };
  if (person.age_years)
  {
    body.growth_plate = [b](Vec3 p) { return in_triradiate_cartilage(*b, p); };
  }
  const double density = dimensions.at("other_bones_g_cm3");
  body.neighbours = {
      {"other hip bone", 10, [b](Vec3 p) { return other_hip_distance(*b, p); }, density},
      {"sacrum", 11, [b](Vec3 p) { return sacrum_distance(*b, p); }, density}};
  body.steepest = 2.2; // the curved blade is measured across its plane
  body.low = b->low;
  body.high = b->high;
  body.landmarks = b->landmarks;
  body.measures = measures_of(*b);
  return body;
}

} // namespace calcar::anatomy
