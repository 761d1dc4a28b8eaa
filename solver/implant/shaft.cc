#include "implant/shaft.hpp"

#include "geometry/rotation.hpp"
#include "implant/canal.hpp"

#include <algorithm>
#include <cmath>

namespace calcar::implant
{
namespace
{
constexpr double step_mm = 10;
constexpr int rays = 24;
constexpr double most_change = 1.6; ///< of the mean radius from one section to the next
constexpr double most_shift_mm = 5; ///< of the centre off the line

/// A section across the bone.
struct Section
{
  Vec3 centre;
  double radius = 0; ///< mean
};

/// The section at a point inside the bone, its centre that of the area between the rays; nothing
/// where bone or image end within it.
std::optional<Section> section_at(const Site& site, Vec3 point, Vec3 axis)
{
  const Vec3 first = across(axis, site.bone().frame.medial);
  const Vec3 second = normalized(cross(axis, first));
  Section section{point, 0};
  for (int round = 0; round < 2; ++round)
  {
    double area = 0, sum = 0;
    Vec3 moment;
    for (int n = 0; n < rays; ++n)
    {
      const double angle = 2 * geometry::pi * n / rays;
      const Vec3 towards = std::cos(angle) * first + std::sin(angle) * second;
      const auto out = way_out(site, section.centre, towards);
      if (!out || *out <= 0)
        return std::nullopt;
      area += *out * *out / 2;
      moment += *out * *out * *out / 3 * towards;
      sum += *out;
    }
    section.centre += moment / area;
    section.radius = sum / rays;
  }
  return section;
}

/// Sections on from one, as long as they are those of a shaft.
std::vector<Vec3> follow(const Site& site, Section from, Vec3 along, double most_mm)
{
  std::vector<Vec3> centres;
  for (double way = step_mm; way <= most_mm; way += step_mm)
  {
    const Vec3 next = from.centre + step_mm * along;
    const auto found = section_at(site, next, along);
    if (!found || norm(found->centre - next) > most_shift_mm ||
        std::max(found->radius, from.radius) > most_change * std::min(found->radius, from.radius))
      break;
    centres.push_back(found->centre);
    from = *found;
  }
  return centres;
}

/// Of a femur whose shaft was too short to be followed: up from the cut to below the lesser
/// trochanter.
std::vector<Vec3> from_cut(const Site& site)
{
  const anatomy::BoneAnatomy& bone = site.bone();
  const auto lesser = bone.landmarks.find("lesser_trochanter");
  const auto radius = bone.measures.find("head_radius_mm");
  if (lesser == bone.landmarks.end() || radius == bone.measures.end())
    return {};
  const Vec3 up = bone.frame.proximal;
  const auto start = section_at(site, bone.cut_centre + 3.0 * up, up);
  const double length = dot(lesser->second - bone.cut_centre, up) - 3 - 0.5 * radius->second.value;
  if (!start || length < 0)
    return {};
  std::vector<Vec3> centres = follow(site, *start, up, length);
  std::reverse(centres.begin(), centres.end());
  centres.push_back(start->centre);
  return centres;
}
} // namespace

std::vector<Vec3> shaft_centres(const Site& site)
{
  const anatomy::BoneAnatomy& bone = site.bone();
  std::vector<Vec3> centres = bone.shaft_centres;
  if (bone.whole)
    return centres;
  if (centres.size() < 3)
    return bone.kind == anatomy::BoneKind::femur && centres.empty() ? from_cut(site) : centres;
  const Vec3 along = normalized(centres.back() - centres[centres.size() - 3]);
  const auto last = section_at(site, centres.back(), along);
  if (!last)
    return centres;
  const auto onward = follow(site, *last, along, 1000);
  centres.insert(centres.end(), onward.begin(), onward.end());
  return centres;
}

} // namespace calcar::implant
