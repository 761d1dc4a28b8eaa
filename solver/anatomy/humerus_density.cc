#include "anatomy/humerus_body.hpp"
#include "anatomy/long_bone_body.hpp"

#include <algorithm>
#include <cmath>

namespace calcar::anatomy
{

namespace
{

using long_bone::bell;
using long_bone::smooth_step;

/// The cortex of the shaft over that at mid-shaft, from the head centre (0) to the elbow (1).
double cortex_profile(double fraction)
{
  static const std::vector<std::array<double, 2>> profile = {{0, 0.25},   {0.1, 0.4},   {0.2, 0.75},
                                                             {0.35, 1},   {0.6, 1.05},  {0.75, 0.9},
                                                             {0.88, 0.6}, {0.95, 0.35}, {1, 0.3}};
  return long_bone::interpolated(profile, fraction);
}

} // namespace

double humerus_cortex(const HumerusBody& body, const Dimensions& dimensions, Vec3 p)
{
  const double thin = dimensions.at("cortex_thin_mm");
  return std::max(thin, dimensions.at("cortex_midshaft_mm") * cortex_profile(p.z / body.elbow_z));
}

double humerus_inner_density(const HumerusBody& body, const Dimensions& dimensions, Vec3 p)
{
  const double k = body.scale;
  const double trabecular = dimensions.at("trabecular_density_g_cm3");
  const double marrow = dimensions.at("marrow_density_g_cm3");
  const double proximal = smooth_step(-62 * k, -28 * k, p.z);
  const double distal = smooth_step(body.elbow_z + 45 * k, body.elbow_z + 12 * k, p.z);
  double inner = marrow;
  if (proximal > 0)
  {
    // Dense under the joint, above all above and medially; poor in the greater tubercle.
    const double under_joint = smooth_step(0, 0.9, norm(p) / body.head_radius) *
                               std::max(0.0, dot(p, body.head_axis) / std::max(norm(p), 1e-9));
    const double tubercle = bell(norm(p - body.greater_centre), 14 * k);
    inner += proximal * (trabecular * (1 + 0.7 * under_joint - 0.55 * tubercle) - marrow);
  }
  if (distal > 0)
  {
    const double spool =
        bell(long_bone::distance_to_segment(p, body.trochlea, body.capitellum), 10 * k);
    inner += distal * (trabecular * (1.1 + 0.5 * spool) - marrow);
  }
  return inner;
}

bool in_growth_plate(const HumerusBody& body, double thickness, Vec3 p)
{
  const double k = body.scale;
  // Above: a low tent across the shaft, from under the head to under the greater tubercle.
  const Vec3 from_axis = p - shaft_centre(body, p.z);
  const double tent = 0.3 * norm(from_axis);
  const double above = dot(p, body.shaft_proximal) + 10 * k + tent - 0.2 * from_axis.x;
  // Below: across the epicondyles, under the fossae.
  const double below = p.z - (body.elbow_z - 1.5 * k);
  return std::abs(above) < 0.5 * thickness || std::abs(below) < 0.5 * thickness;
}

} // namespace calcar::anatomy
