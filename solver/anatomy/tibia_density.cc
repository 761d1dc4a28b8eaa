#include "anatomy/long_bone_body.hpp"
#include "anatomy/tibia_body.hpp"

#include <algorithm>
#include <cmath>

namespace calcar::anatomy
{

namespace
{

using long_bone::bell;
using long_bone::smooth_step;

/// The cortex of the shaft over that at mid-shaft, from the plateau (0) to the plafond (1).
double cortex_profile(double fraction)
{
  static const std::vector<std::array<double, 2>> profile = {{0, 0.2},     {0.1, 0.3},  {0.2, 0.6},
                                                             {0.35, 0.95}, {0.5, 1},    {0.7, 0.9},
                                                             {0.85, 0.5},  {0.95, 0.3}, {1, 0.3}};
  return long_bone::interpolated(profile, fraction);
}

} // namespace

double tibia_cortex(const TibiaBody& body, const Dimensions& dimensions, Vec3 p)
{
  const double thin = dimensions.at("cortex_thin_mm");
  const double shaft = dimensions.at("cortex_midshaft_mm") * cortex_profile(p.z / body.ankle_z);
  // The crest in front is the thickest part of the shaft.
  const Vec3 from_axis = p - shaft_centre(body, p.z);
  const double front = std::max(0.0, from_axis.y) / std::max(norm(from_axis), 1e-9);
  return std::max(thin, shaft * (0.9 + 0.35 * front * front));
}

double tibia_inner_density(const TibiaBody& body, const Dimensions& dimensions, Vec3 p)
{
  const double k = body.scale;
  const double trabecular = dimensions.at("trabecular_density_g_cm3");
  const double marrow = dimensions.at("marrow_density_g_cm3");
  const double proximal = smooth_step(-85 * k, -40 * k, p.z);
  const double distal = smooth_step(body.ankle_z + 60 * k, body.ankle_z + 25 * k, p.z);
  double inner = marrow;
  if (proximal > 0)
  {
    // Dense under both plateaus, more so medially, poor under the eminence and in the middle.
    const auto under = [&](Vec3 plateau)
    {
      const Vec3 d = p - plateau;
      return bell(std::hypot(d.x, d.y), 17 * k) * bell(d.z, 26 * k);
    };
    const double columns = 0.9 * under(body.medial_plateau) + 0.6 * under(body.lateral_plateau);
    const double middle = bell(std::hypot(p.x, p.y, p.z + 35 * k), 20 * k);
    inner += proximal * (trabecular * (0.9 + columns - 0.5 * middle) - marrow);
  }
  if (distal > 0)
  {
    const double above_ankle = bell(p.z - body.ankle_z, 20 * k);
    inner += distal * (trabecular * (0.95 + 0.7 * above_ankle) - marrow);
  }
  return inner;
}

bool in_growth_plate(const TibiaBody& body, double thickness, Vec3 p)
{
  const double k = body.scale;
  // Above, across the condyles and dipping in front towards the tuberosity; below, above the ankle.
  const double dip = 14 * k * smooth_step(14 * k, 26 * k, p.y);
  const double above = dot(p, body.plateau_normal) + 17 * k + dip;
  const double below = p.z - (body.ankle_z + 9 * k);
  return std::abs(above) < 0.5 * thickness || std::abs(below) < 0.5 * thickness;
}

} // namespace calcar::anatomy
