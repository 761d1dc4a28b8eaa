#include "anatomy/population.hpp"
#include "anatomy/tibia_parts.hpp"
#include "geometry/rotation.hpp"

#include <algorithm>
#include <array>
#include <cmath>

namespace calcar::anatomy
{

namespace
{

using geometry::without_component;

Vec3 anterior_of(Side side, Vec3 medial, Vec3 proximal)
{
  const Vec3 left = cross(proximal, medial);
  return side == Side::left ? left : -left;
}

bool has(const BoneAnatomy& bone, const char* name)
{
  return bone.landmarks.count(name) > 0;
}

/// Medial of a lower part: the malleolus's direction turned back by the population's torsion.
Vec3 medial_by_population(const TibiaParts& parts, BoneAnatomy& bone)
{
  const PopulationMean& torsion = population_mean("tibia_population", "torsion_deg");
  bone.measures["torsion_deg"] = {torsion.mean, torsion.deviation, "deg",
                                  torsion.source + " (" + torsion.status + ")"};
  const Vec3 malleolus = parts.plafond->medial;
  const Vec3 front = anterior_of(parts.side, malleolus, parts.bone.axis);
  const double angle = geometry::radians(torsion.mean);
  return std::cos(angle) * malleolus - std::sin(angle) * front;
}

void add_plateau(const TibiaParts& parts, BoneAnatomy& bone)
{
  const TibialPlateau& p = *parts.plateau;
  bone.landmarks["intercondylar_eminence"] = p.eminence;
  bone.landmarks["tibial_tuberosity"] = p.tuberosity;
  bone.measures["plateau_width_mm"] = {p.width, 0.5, "mm", "measured"};
  const Vec3 n = p.normal;
  bone.measures["posterior_slope_deg"] = {
      geometry::degrees(std::atan2(-dot(n, bone.frame.anterior), dot(n, bone.frame.proximal))),
      std::hypot(parts.bone.deviation_deg, 1.5), "deg", "measured"};
}

void add_malleolus(const TibiaParts& parts, BoneAnatomy& bone)
{
  bone.landmarks["medial_malleolus"] = parts.plafond->malleolus;
  if (parts.plateau)
  {
    const Vec3 m = parts.plafond->medial;
    bone.measures["torsion_deg"] = {
        geometry::degrees(std::atan2(dot(m, bone.frame.anterior), dot(m, bone.frame.medial))), 5,
        "deg", "measured"};
  }
}

/// The stretch of the shaft, from its upper to its lower level.
std::array<double, 2> shaft_range(const TibiaParts& parts, const BoneAnatomy& bone)
{
  const LongBone& b = parts.bone;
  const double high =
      parts.plateau ? b.level(bone.landmarks.at("tibial_tuberosity")) - 0.4 * parts.plateau->width
                    : b.ends[1].level - 0.8 * b.radius;
  const double low = parts.plafond ? b.level(parts.plafond->centre) + 3.6 * b.radius
                                   : b.ends[0].level + std::max(0.8 * b.radius, b.step);
  return {high, low};
}

void add_shaft(const BoneShape& shape, const TibiaParts& parts, BoneAnatomy& bone)
{
  const LongBone& b = parts.bone;
  const auto [high, low] = shaft_range(parts, bone);
  bone.shaft_distal = -b.axis;
  bone.shaft_centres = high > low ? centres_between(b, high, low) : std::vector<Vec3>{};
  bone.cut_centre = parts.plafond ? bone.landmarks.at("ankle_centre")
                                  : centre_at(b, low) + (low - b.ends[0].level) * bone.shaft_distal;
  bone.measures["shaft_radius_mm"] = {b.radius, 0.5 * shape.voxel_mm, "mm", "measured"};
  if (const auto isthmus = find_isthmus(b, high, low))
  {
    bone.landmarks["isthmus"] = *isthmus;
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

void build_tibia_frame(const TibiaParts& parts, BoneAnatomy& bone)
{
  Frame& f = bone.frame;
  const bool knee = has(bone, "knee_centre");
  f.origin = bone.landmarks.at(knee ? "knee_centre" : "ankle_centre");
  f.proximal =
      knee && has(bone, "ankle_centre")
          ? normalized(bone.landmarks.at("knee_centre") - bone.landmarks.at("ankle_centre"))
          : parts.bone.axis;
  const Vec3 across =
      has(bone, "medial_condyle") && has(bone, "lateral_condyle")
          ? bone.landmarks.at("medial_condyle") - bone.landmarks.at("lateral_condyle")
          : medial_by_population(parts, bone);
  f.medial = normalized(without_component(across, f.proximal));
  f.anterior = anterior_of(parts.side, f.medial, f.proximal);
}

void add_tibia_landmarks(const BoneShape& shape, const TibiaParts& parts, BoneAnatomy& bone)
{
  if (parts.plateau)
  {
    add_plateau(parts, bone);
  }
  if (parts.plafond)
  {
    add_malleolus(parts, bone);
  }
  add_shaft(shape, parts, bone);
  add_lengths(shape, bone, parts.bone);
}

} // namespace calcar::anatomy
