#include "lesion/lesion_measure.hpp"

#include "anatomy/bone_shape.hpp"
#include "base/error.hpp"
#include "base/text.hpp"
#include "geometry/rotation.hpp"
#include "image/mask.hpp"
#include "lesion/involvement.hpp"
#include "lesion/samples.hpp"

#include <algorithm>
#include <cmath>

namespace calcar::lesion
{
namespace
{
/// Directions over half a sphere: the greatest width over them is short of the diameter by less
/// than 1 %.
std::vector<Vec3> half_sphere(int count)
{
  std::vector<Vec3> directions;
  const double golden = geometry::pi * (3 - std::sqrt(5.0));
  for (int n = 0; n < count; ++n)
  {
    const double z = (n + 0.5) / count, ring = std::sqrt(1 - z * z);
    directions.push_back({ring * std::cos(golden * n), ring * std::sin(golden * n), z});
  }
  return directions;
}

double largest_width(const std::vector<Vec3>& points)
{
  double largest = 0;
  for (const Vec3& direction : half_sphere(200))
  {
    double low = 1e300, high = -1e300;
    for (const Vec3& p : points)
    {
      low = std::min(low, dot(p, direction));
      high = std::max(high, dot(p, direction));
    }
    largest = std::max(largest, high - low);
  }
  return largest;
}

/// Volume of the whole outline, inside and outside the bone, on a lattice over its reach.
double outline_volume(const PlacedLesion& placed)
{
  constexpr int points = 48;
  const double step = 2 * placed.reach_mm / points;
  int inside = 0;
  for (int k = 0; k < points; ++k)
    for (int j = 0; j < points; ++j)
      for (int i = 0; i < points; ++i)
      {
        const Vec3 off{(i + 0.5) * step - placed.reach_mm, (j + 0.5) * step - placed.reach_mm,
                       (k + 0.5) * step - placed.reach_mm};
        inside += fraction(placed, placed.centre + off) >= 0.5 ? 1 : 0;
      }
  return inside * step * step * step;
}

std::string in_cm3(double mm3)
{
  return format_number(mm3 / 1000, 3) + " cm3";
}

[[noreturn]] void refuse(const PlacedLesion& placed, const std::string& given,
                         const std::string& allowed, const std::string& remedy)
{
  throw InputError(
      Fault::data,
      {placed.lesion.place, "lesion \"" + placed.lesion.name + "\" " + given, allowed, remedy, ""});
}

std::string remedy_of(const Lesion& lesion)
{
  if (lesion.image)
    return "check the file, its label or threshold, and that it is of this patient";
  return "check its centre, offset and size, which are in mm";
}
} // namespace

LesionMeasures measure(const PlacedLesion& placed, const Ground& ground)
{
  const LesionSamples samples = sample(placed, ground.mask);
  LesionMeasures result;
  result.volume_mm3 = samples.volume_mm3;
  result.share_of_bone = samples.volume_mm3 / (1000 * image::volume_cm3(ground.mask));
  const double grain = std::cbrt(samples.sample_mm3);
  result.largest_diameter_mm = samples.border.empty() ? 0 : largest_width(samples.border) + grain;
  for (const auto& [name, landmark] : ground.bone.landmarks)
  {
    double least = 1e300;
    for (const Vec3& p : samples.border)
      least = std::min(least, norm(p - landmark));
    if (!samples.border.empty())
      result.landmark_mm[name] = fraction(placed, landmark) >= 0.5 ? 0 : least;
  }
  result.centre =
      anatomy::locate(ground.bone, samples.volume_mm3 > 0 ? samples.centroid : placed.centre);
  measure_cortex(placed, ground, result);
  return result;
}

void require_in_bone(const PlacedLesion& placed, const Ground& ground)
{
  const double bone = 1000 * image::volume_cm3(ground.mask);
  if (const double whole = outline_volume(placed); whole > bone)
    refuse(placed, "is larger than the bone: " + in_cm3(whole) + " against " + in_cm3(bone),
           "a lesion within the bone", remedy_of(placed.lesion));
  if (sample(placed, ground.mask).volume_mm3 <= 0)
    refuse(placed,
           "lies outside the bone (centre " + anatomy::locate(ground.bone, placed.centre).words +
               ")",
           "a lesion that meets the bone", remedy_of(placed.lesion));
}

} // namespace calcar::lesion
