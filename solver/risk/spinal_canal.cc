#include "risk/spinal_canal.hpp"

#include "geometry/rotation.hpp"

#include <algorithm>
#include <cmath>

namespace calcar::risk
{
namespace
{
constexpr int directions = 120;
constexpr double reach_mm = 30;
/// What lies further away than so many times the narrowest section was seen through an opening of
/// the ring.
constexpr double ring_within = 1.6;
/// Directions that are asked for the wall: within 45 degrees of the front.
constexpr double front_cosine = 0.7;

/// Unit vector of a direction, the first towards the front.
Vec3 direction_of(int n)
{
  const double angle = 2 * geometry::pi * n / directions;
  return {std::sin(angle), std::cos(angle), 0};
}

double distance_of(const SurfaceHit& hit, Vec3 centre)
{
  return std::hypot(hit.at.x - centre.x, hit.at.y - centre.y);
}

/// How far the bone lies from the middle in each direction, at the height where it is nearest;
/// more than `reach_mm` where there is none at any.
std::vector<double> narrowest(const std::vector<CanalSection>& sections, Vec3 centre)
{
  std::vector<double> least(directions, 2 * reach_mm);
  for (const CanalSection& section : sections)
    for (std::size_t n = 0; n < least.size(); ++n)
      if (section.bone[n])
        least[n] = std::min(least[n], distance_of(*section.bone[n], centre));
  return least;
}

void forget_far_bone(CanalSection& section, const std::vector<double>& least, Vec3 centre)
{
  for (std::size_t n = 0; n < least.size(); ++n)
    if (section.bone[n] && distance_of(*section.bone[n], centre) > ring_within * least[n])
      section.bone[n].reset();
}

bool has_wall(const CanalSection& section)
{
  for (int n = 0; n < directions; ++n)
    if (direction_of(n).y > front_cosine && !section.bone[static_cast<std::size_t>(n)])
      return false;
  return true;
}

/// Sections of one voxel's thickness between the endplates, before their outlines.
std::vector<CanalSection> look_around(const VertebraProbe& probe, Vec3 centre)
{
  const auto& at = probe.bone().landmarks;
  const double bottom = probe.local(at.at("inferior_endplate_centre")).z;
  const double height = probe.local(at.at("superior_endplate_centre")).z - bottom;
  const int count = std::max(1, static_cast<int>(std::round(height / probe.grain())));
  std::vector<CanalSection> sections(static_cast<std::size_t>(count));
  for (std::size_t s = 0; s < sections.size(); ++s)
  {
    sections[s].z = bottom + height * (static_cast<double>(s) + 0.5) / count;
    const Vec3 from{centre.x, centre.y, sections[s].z};
    for (int n = 0; n < directions; ++n)
      sections[s].bone.push_back(probe.first_bone(from, direction_of(n), reach_mm));
  }
  return sections;
}
} // namespace

std::vector<CanalSection> find_canal(const VertebraProbe& probe)
{
  const auto found = probe.bone().landmarks.find("canal_centre");
  if (found == probe.bone().landmarks.end())
    return {};
  const Vec3 centre = probe.local(found->second);
  std::vector<CanalSection> sections = look_around(probe, centre);
  const std::vector<double> least = narrowest(sections, centre);
  if (*std::max_element(least.begin(), least.end()) > reach_mm)
    return {};
  for (CanalSection& section : sections)
    forget_far_bone(section, least, centre);
  std::erase_if(sections, [](const CanalSection& s) { return !has_wall(s); });
  for (CanalSection& section : sections)
    for (int n = 0; n < directions; ++n)
    {
      const auto& hit = section.bone[static_cast<std::size_t>(n)];
      const Vec3 open = Vec3{centre.x, centre.y, section.z} +
                        least[static_cast<std::size_t>(n)] * direction_of(n);
      section.outline.push_back(hit ? hit->at : open);
    }
  return sections;
}

std::vector<SurfaceHit> rear_of(const std::vector<CanalSection>& canal)
{
  std::vector<SurfaceHit> rear;
  for (const CanalSection& section : canal)
    for (int n = 0; n < directions; ++n)
      if (const auto& hit = section.bone[static_cast<std::size_t>(n)]; hit && direction_of(n).y < 0)
        rear.push_back(*hit);
  return rear;
}

double area_of(const std::vector<Vec3>& outline)
{
  double twice = 0;
  for (std::size_t n = 0; n < outline.size(); ++n)
  {
    const Vec3 &a = outline[n], &b = outline[(n + 1) % outline.size()];
    twice += b.x * a.y - a.x * b.y; // clockwise seen from above: from front to right
  }
  return 0.5 * twice;
}

} // namespace calcar::risk
