#include "anatomy/pelvis_parts.hpp"
#include "anatomy/population.hpp"
#include "geometry/rotation.hpp"

#include <algorithm>
#include <cmath>

namespace calcar::anatomy
{

namespace
{

using geometry::without_component;

double deviation(const char* key)
{
  return population_mean("pelvis_population", key).deviation;
}

/// How sure the direction of the standard is: the less of the bone is seen the less.
double laid_deviation(const PelvisParts& parts)
{
  const double all = deviation("medial_by_shape_deg");
  return parts.cuts.empty() ? all : 1.5 * all;
}

} // namespace

PelvisFrame pelvis_frame(const PelvisParts& parts, const std::optional<SymphysealFace>& face,
                         const std::optional<Vec3>& anterior_spine,
                         const std::optional<Vec3>& posterior_spine, Vec3 centre)
{
  PelvisFrame result;
  Frame& f = result.frame;
  f.origin = centre;
  f.medial = parts.laid.direction_in_lps({1, 0, 0});
  double medial_deviation = laid_deviation(parts);
  if (face && !face->cut)
  {
    // The face is narrow: its plane is as sure as its points over its width.
    const double width = std::sqrt(face->area_mm2 / 3);
    const double noise = geometry::degrees(face->rms / width);
    const double by_face = std::hypot(deviation("symphyseal_face_deg"), 0.5 * noise);
    const double w0 = 1 / (medial_deviation * medial_deviation);
    const double w1 = 1 / (by_face * by_face);
    f.medial = normalized(w0 * f.medial + w1 * face->normal);
    medial_deviation = std::sqrt(1 / (w0 + w1));
    result.by_face = true;
  }
  result.by_spines = anterior_spine && posterior_spine;
  const Vec3 forward = result.by_spines ? *anterior_spine - *posterior_spine
                                        : parts.laid.direction_in_lps({0, 1, 0});
  const double tilt_deviation = result.by_spines ? 0 : deviation("iliac_tilt_deg");
  f.anterior = normalized(without_component(forward, f.medial));
  const Vec3 left_up = cross(f.medial, f.anterior);
  f.proximal = parts.side == Side::left ? left_up : -left_up;
  result.deviation_deg = std::max(medial_deviation, tilt_deviation);
  return result;
}

} // namespace calcar::anatomy
