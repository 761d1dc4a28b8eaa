#include "anatomy/humerus_parts.hpp"
#include "anatomy/population.hpp"
#include "geometry/rotation.hpp"

#include <algorithm>
#include <cmath>

namespace calcar::anatomy
{

namespace
{

using geometry::without_component;

/// The direction perpendicular to `medial` and `proximal` that is anterior on this side.
Vec3 anterior_of(Side side, Vec3 medial, Vec3 proximal)
{
  const Vec3 left = cross(proximal, medial);
  return side == Side::left ? left : -left;
}

Vec3 elbow(const BoneAnatomy& bone)
{
  const auto given = bone.landmarks.find("elbow_centre");
  return given != bone.landmarks.end() ? given->second
                                       : 0.5 * (bone.landmarks.at("medial_epicondyle") +
                                                bone.landmarks.at("lateral_epicondyle"));
}

/// Frame of an upper part: the head's direction turned by the population's retroversion.
void frame_by_population(const HumerusParts& parts, BoneAnatomy& bone)
{
  const PopulationMean& version = population_mean("humerus_population", "retroversion_deg");
  const double angle = geometry::radians(version.mean);
  Frame& f = bone.frame;
  f.proximal = parts.bone.axis;
  const Vec3 towards = normalized(without_component(parts.head->towards, f.proximal));
  const Vec3 front = anterior_of(parts.side, towards, f.proximal);
  f.medial = std::cos(angle) * towards + std::sin(angle) * front;
  f.anterior = -std::sin(angle) * towards + std::cos(angle) * front;
  bone.measures["retroversion_deg"] = {version.mean, version.deviation, "deg",
                                       version.source + " (" + version.status + ")"};
}

/// Where the deltoid tuberosity stands out: level and height over the chord to both sides.
struct Bump
{
  double level = 0;
  double height = 0;
};

/// Mean distance of the surface from the shaft's axis within 30 degrees of a direction.
double wall_towards(const BoneShape& shape, const LongBone& bone, double level, Vec3 direction)
{
  const Section s = section(shape, bone.at(level), bone.axis, direction, 4 * bone.radius, 0, 72);
  double sum = s.radii.empty() ? 0 : s.radii[0];
  for (std::size_t n = 1; n <= 6 && !s.radii.empty(); ++n)
  {
    sum += s.radii[n] + s.radii[72 - n];
  }
  return sum / 13;
}

Bump find_deltoid(const BoneShape& shape, const LongBone& bone, Vec3 lateral, double high,
                  double low, double reach)
{
  std::vector<double> wall;
  for (double level = low; level <= high; level += 2)
  {
    wall.push_back(wall_towards(shape, bone, level, lateral));
  }
  const auto steps = static_cast<std::size_t>(reach / 2);
  std::vector<double> height(wall.size(), 0);
  Bump bump;
  std::size_t top = 0;
  for (std::size_t n = steps; n + steps < wall.size(); ++n)
  {
    height[n] = wall[n] - 0.5 * (wall[n - steps] + wall[n + steps]);
    if (height[n] > bump.height)
    {
      bump = {low + 2 * static_cast<double>(n), height[n]};
      top = n;
    }
  }
  if (top < steps + 4 || top + steps + 4 >= wall.size())
  {
    return {}; // it may rise further beyond what is seen
  }
  double sum = 0;
  double weight = 0;
  for (std::size_t n = 0; n < wall.size(); ++n)
  {
    const double level = low + 2 * static_cast<double>(n);
    const double w = height[n] - 0.5 * bump.height;
    if (w > 0 && std::abs(level - bump.level) < reach)
    {
      sum += w * level;
      weight += w;
    }
  }
  bump.level = weight > 0 ? sum / weight : bump.level;
  return bump;
}

void add_proximal(const BoneShape& shape, const HumerusParts& parts, BoneAnatomy& bone)
{
  const std::vector<Vec3> upper = positions(points_beyond(shape, parts.bone, parts.surgical_neck));
  bone.landmarks["greater_tubercle"] = extreme_point(upper, -bone.frame.medial, 1.5);
  if (parts.tubercles.prominence > 0.04 * parts.head->radius)
  {
    bone.landmarks["lesser_tubercle"] = parts.tubercles.lesser;
  }
  bone.landmarks["surgical_neck_centre"] = centre_at(parts.bone, parts.surgical_neck);
  bone.measures["head_radius_mm"] = {parts.head->radius, parts.head->rms, "mm", "measured"};
  bone.measures["inclination_deg"] = {geometry::angle_deg(parts.head->axis, -parts.bone.axis),
                                      std::hypot(parts.bone.deviation_deg, 2.0), "deg", "measured"};
}

/// The stretch of the shaft, from its upper to its lower level.
std::array<double, 2> shaft_range(const HumerusParts& parts, const BoneAnatomy& bone)
{
  const LongBone& b = parts.bone;
  const double r = parts.head ? parts.head->radius : 2.2 * b.radius;
  const double low = parts.distal ? b.level(elbow(bone)) + 1.25 * r
                                  : b.ends[0].level + std::max(0.8 * b.radius, b.step);
  const double high = parts.head ? parts.surgical_neck : b.ends[1].level - 0.8 * b.radius;
  return {high, low};
}

void add_shaft(const BoneShape& shape, const HumerusParts& parts, BoneAnatomy& bone)
{
  const LongBone& b = parts.bone;
  const auto [high, low] = shaft_range(parts, bone);
  bone.shaft_distal = -b.axis;
  bone.shaft_centres = high > low ? centres_between(b, high, low) : std::vector<Vec3>{};
  bone.cut_centre =
      parts.distal ? elbow(bone) : centre_at(b, low) + (low - b.ends[0].level) * bone.shaft_distal;
  bone.measures["shaft_radius_mm"] = {b.radius, 0.5 * shape.voxel_mm, "mm", "measured"};
  if (const auto isthmus = find_isthmus(b, high, low))
  {
    bone.landmarks["isthmus"] = *isthmus;
  }
  const double r = parts.head ? parts.head->radius : 2.2 * b.radius;
  const Vec3 lateral = normalized(without_component(-bone.frame.medial, b.axis));
  const double top = parts.head ? b.level(parts.head->centre) - 2.2 * r : high;
  const double bottom = parts.head ? std::max(low, b.level(parts.head->centre) - 8.5 * r) : low;
  const Bump bump = find_deltoid(shape, b, lateral, top, bottom, 1.15 * r);
  if (bump.height > std::max(0.05 * r, 0.25 * shape.voxel_mm))
  {
    const Section s = section(shape, centre_at(b, bump.level), b.axis, lateral, 4 * b.radius, 0);
    bone.landmarks["deltoid_tuberosity"] = s.centre + s.radii[0] * s.e1;
  }
}

void add_lengths(const BoneShape& shape, BoneAnatomy& bone, const LongBone& b)
{
  const Extent extent = extent_of(shape, bone.frame);
  bone.measures[bone.whole ? "length_mm" : "visible_length_mm"] = {
      extent.top - extent.bottom, shape.voxel_mm, "mm", "measured"};
  if (bone.whole)
  {
    bone.landmarks["midshaft_centre"] =
        centre_at_height(b, bone.frame, 0.5 * (extent.top + extent.bottom));
  }
}

} // namespace

void build_humerus_frame(const HumerusParts& parts, BoneAnatomy& bone)
{
  const bool has_elbow =
      bone.landmarks.count("medial_epicondyle") && bone.landmarks.count("lateral_epicondyle");
  const bool has_head = bone.landmarks.count("humeral_head_centre") > 0;
  Frame& f = bone.frame;
  if (has_elbow)
  {
    const Vec3 origin = has_head ? bone.landmarks.at("humeral_head_centre") : elbow(bone);
    f.proximal = has_head ? normalized(origin - elbow(bone)) : parts.bone.axis;
    f.medial = normalized(without_component(bone.landmarks.at("medial_epicondyle") -
                                                bone.landmarks.at("lateral_epicondyle"),
                                            f.proximal));
    f.anterior = anterior_of(parts.side, f.medial, f.proximal);
    f.origin = origin;
    if (parts.head)
    {
      const Vec3 h = parts.head->towards;
      bone.measures["retroversion_deg"] = {
          geometry::degrees(std::atan2(-dot(h, f.anterior), dot(h, f.medial))), 3, "deg",
          "measured"};
    }
    return;
  }
  frame_by_population(parts, bone);
  f.origin = bone.landmarks.at("humeral_head_centre");
}

void add_humerus_landmarks(const BoneShape& shape, const HumerusParts& parts, BoneAnatomy& bone)
{
  if (parts.head)
  {
    add_proximal(shape, parts, bone);
  }
  if (bone.landmarks.count("medial_epicondyle") && bone.landmarks.count("lateral_epicondyle"))
  {
    bone.landmarks["elbow_centre"] = elbow(bone);
    bone.measures["epicondylar_width_mm"] = {
        norm(bone.landmarks["medial_epicondyle"] - bone.landmarks["lateral_epicondyle"]),
        0.5 * shape.voxel_mm, "mm", "measured"};
  }
  add_shaft(shape, parts, bone);
  add_lengths(shape, bone, parts.bone);
}

} // namespace calcar::anatomy
