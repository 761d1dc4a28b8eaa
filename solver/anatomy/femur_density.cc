#include "anatomy/femur_body.hpp"
#include "anatomy/population.hpp"
#include "geometry/rotation.hpp"

#include <algorithm>
#include <array>
#include <cmath>

namespace calcar::anatomy
{

namespace
{

double smooth_step(double from, double to, double x)
{
  const double t = std::clamp((x - from) / (to - from), 0.0, 1.0);
  return t * t * (3 - 2 * t);
}

double distance_to_segment(Vec3 p, Vec3 a, Vec3 b)
{
  const Vec3 ab = b - a;
  const double t = std::clamp(dot(p - a, ab) / dot(ab, ab), 0.0, 1.0);
  return norm(p - a - t * ab);
}

double bell(double distance, double width)
{
  return std::exp(-distance * distance / (width * width));
}

/// The cortex of the shaft over that at mid-shaft, from P1 (0) to the notch (1).
double cortex_profile(double fraction)
{
  constexpr std::array<std::array<double, 2>, 9> profile = {{{0.0, 0.3},
                                                             {0.06, 0.5},
                                                             {0.18, 0.85},
                                                             {0.35, 1.0},
                                                             {0.5, 1.0},
                                                             {0.65, 0.75},
                                                             {0.8, 0.35},
                                                             {0.9, 0.2},
                                                             {1.0, 0.18}}};
  for (std::size_t n = 1; n < profile.size(); ++n)
  {
    if (fraction <= profile[n][0])
    {
      const double t = (fraction - profile[n - 1][0]) / (profile[n][0] - profile[n - 1][0]);
      return profile[n - 1][1] + std::max(t, 0.0) * (profile[n][1] - profile[n - 1][1]);
    }
  }
  return profile.back()[1];
}

/// Trabecular bone of the proximal end: the compressive group from the top of the head to the
/// calcar, the tensile group from the greater trochanter over the neck to the head, and Ward's
/// triangle between them.
double proximal_trabeculae(const FemurBody& body, Vec3 p)
{
  const double k = body.scale;
  const double base = body.tissue.trabecular_g_cm3;
  const Vec3 neck = body.waist * body.neck_axis;
  const Vec3 top = body.head + 20 * k * normalized(Vec3{0.25, 0, 1});
  const Vec3 calcar = neck - 13 * k * body.neck_up - 6 * k * body.neck_axis;
  const Vec3 superior = neck + 12 * k * body.neck_up;
  const double compressive = bell(distance_to_segment(p, top, calcar), 9 * k);
  const double tensile =
      bell(std::min(distance_to_segment(p, body.greater_centre - Vec3{6 * k, 0, 8 * k}, superior),
                    distance_to_segment(p, superior, body.head - Vec3{-8 * k, 0, 8 * k})),
           6 * k);
  const double ward =
      bell(norm(p - 0.45 * body.waist * body.neck_axis + 1 * k * body.neck_up), 9 * k);
  const double trochanter = bell(norm(p - body.greater_centre), 15 * k);
  const double head = bell(std::max(norm(p - body.head) - 14 * k, 0.0), 6 * k);
  const double density =
      base * (1 + 1.3 * compressive + 0.5 * tensile + 0.5 * head - 0.35 * trochanter);
  return density * (1 - 0.7 * ward * (1 - compressive));
}

} // namespace

FemurTissue standard_femur_tissue()
{
  const auto mean = [](const char* key) { return population_mean("synthetic_femur", key).mean; };
  return {mean("cortical_density_g_cm3"), mean("trabecular_density_g_cm3"),
          mean("marrow_density_g_cm3"), mean("cortex_thin_mm"), mean("cortex_calcar_mm")};
}

double cortex_thickness(const FemurBody& body, Vec3 p)
{
  const double k = body.scale;
  const double fraction = p.z / body.notch_z;
  const double shaft = std::max(body.shape.cortex_midshaft_mm * cortex_profile(fraction),
                                body.tissue.cortex_thin_mm);
  // The calcar: below the neck, from its waist down the medial side to the shaft.
  const Vec3 waist_below = (body.waist + 4 * k) * body.neck_axis - 18 * k * body.neck_up;
  const Vec3 shaft_medial{16 * k, bow(body, -30 * k), -30 * k};
  const double calcar = bell(distance_to_segment(p, waist_below, shaft_medial), 11 * k);
  const double proximal = smooth_step(-35 * k, -5 * k, p.z);
  const double thin = body.tissue.cortex_thin_mm +
                      (body.tissue.cortex_calcar_mm - body.tissue.cortex_thin_mm) * calcar;
  return std::max((1 - proximal) * shaft + proximal * thin, thin);
}

double density_inside(const FemurBody& body, Vec3 p, double depth)
{
  const double k = body.scale;
  const FemurTissue& d = body.tissue;
  const double cancellous = smooth_step(-0.4, 0.4, depth - cortex_thickness(body, p));
  if (cancellous <= 0)
  {
    return d.cortical_g_cm3;
  }
  const double proximal = smooth_step(-65 * k, -25 * k, p.z);
  const double distal = smooth_step(body.notch_z + 85 * k, body.notch_z + 35 * k, p.z);
  const double level = body.shape.density_level;
  double inner = d.marrow_g_cm3;
  if (proximal > 0)
  {
    inner += proximal * (level * proximal_trabeculae(body, p) - d.marrow_g_cm3);
  }
  if (distal > 0)
  {
    inner += distal * (level * 1.25 * d.trabecular_g_cm3 - d.marrow_g_cm3);
  }
  return d.cortical_g_cm3 + cancellous * (inner - d.cortical_g_cm3);
}

} // namespace calcar::anatomy
