#include "anatomy/long_bone_body.hpp"

#include "base/error.hpp"
#include "base/text.hpp"

#include <algorithm>
#include <cmath>

namespace calcar::anatomy::long_bone
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

double interpolated(const std::vector<std::array<double, 2>>& profile, double x)
{
  for (std::size_t n = 1; n < profile.size(); ++n)
  {
    if (x <= profile[n][0])
    {
      const double t = (x - profile[n - 1][0]) / (profile[n][0] - profile[n - 1][0]);
      return profile[n - 1][1] + std::max(t, 0.0) * (profile[n][1] - profile[n - 1][1]);
    }
  }
  return profile.back()[1];
}

double distance_to_segment(Vec3 p, Vec3 a, Vec3 b)
{
  const Vec3 ab = b - a;
  const double t = std::clamp(dot(p - a, ab) / dot(ab, ab), 0.0, 1.0);
  return norm(p - a - t * ab);
}

double dimension(BoneKind kind, const Dimensions& dimensions, const std::string& name, double low,
                 double high)
{
  const std::string place = "synthetic " + to_string(kind);
  const auto found = dimensions.find(name);
  if (found == dimensions.end())
  {
    throw InputError(Fault::command,
                     Problem{place, "no dimension " + name,
                             "all dimensions of synthetic_" + to_string(kind) + ".toml",
                             "restore the entry [" + name + "] of that file", ""});
  }
  if (!(found->second >= low && found->second <= high))
  {
    throw InputError(Fault::command, Problem{place, name + " = " + format_number(found->second),
                                             format_number(low) + " to " + format_number(high),
                                             "choose a value inside", ""});
  }
  return found->second;
}

Tissues tissues(BoneKind kind, const Dimensions& dimensions)
{
  return {dimension(kind, dimensions, "cortical_density_g_cm3", 0.5, 2),
          dimension(kind, dimensions, "trabecular_density_g_cm3", 0, 0.8),
          dimension(kind, dimensions, "marrow_density_g_cm3", -0.2, 0.2)};
}

double layered(double cortical, double inner, double depth, double cortex)
{
  return cortical + smooth_step(-0.4, 0.4, depth - cortex) * (inner - cortical);
}

SyntheticBody limb_bone(BoneKind kind, const SyntheticPerson& person, const Dimensions& dimensions,
                        const Make& make)
{
  const auto of = [&](const char* name, double low, double high)
  { return dimension(kind, dimensions, name, low, high); };
  const Tissues tissue = tissues(kind, dimensions);
  of("cortex_midshaft_mm", 0.5, 0.8 * make.shaft_radius);
  of("cortex_thin_mm", 0.3, 0.5 * make.shaft_radius);
  SyntheticBody bone;
  bone.kind = kind;
  bone.side = person.side;
  bone.distance = make.surface.distance;
  bone.cortex_mm = make.cortex_mm;
  bone.density = [make, tissue](Vec3 p, double depth)
  { return layered(tissue.cortical, make.inner_density(p), depth, make.cortex_mm(p)); };
  if (person.age_years)
  {
    const double thickness = of("growth_plate_mm", 0.5, 5);
    bone.growth_plate = [make, thickness](Vec3 p) { return make.in_growth_plate(thickness, p); };
  }
  return bone;
}

Measure made(double value, const std::string& unit)
{
  return {value, 0, unit, "made so"};
}

} // namespace calcar::anatomy::long_bone
