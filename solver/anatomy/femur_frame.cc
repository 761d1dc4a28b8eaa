#include "anatomy/femur.hpp"
#include "anatomy/population.hpp"
#include "geometry/rotation.hpp"

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

bool has_distal_end(const BoneAnatomy& bone)
{
  return bone.landmarks.count("intercondylar_notch") && bone.landmarks.count("medial_condyle") &&
         bone.landmarks.count("lateral_condyle");
}

void frame_of_whole(const FemurParts& parts, Vec3 axes_meet, BoneAnatomy& bone)
{
  Frame& f = bone.frame;
  f.proximal = normalized(axes_meet - bone.landmarks.at("intercondylar_notch"));
  f.medial = normalized(without_component(
      bone.landmarks.at("medial_condyle") - bone.landmarks.at("lateral_condyle"), f.proximal));
  f.anterior = anterior_of(parts.side, f.medial, f.proximal);
  const Vec3 neck = -parts.neck.direction;
  bone.measures["version_deg"] = {
      geometry::degrees(std::atan2(dot(neck, f.anterior), dot(neck, f.medial))), 2, "deg",
      "measured"};
  bone.measures["proximal_axis_deg"] = {geometry::angle_deg(f.proximal, -parts.shaft.distal), 1,
                                        "deg", "measured"};
}

/// Frame from the shaft's axis, turned forward by `tilt`, and the neck turned back by `version`
/// (radians).
Frame frame_of_proximal(const FemurParts& parts, double tilt, double version)
{
  Frame f;
  const Vec3 up = -parts.shaft.distal;
  f.proximal = up;
  for (int round = 0; round < 3; ++round)
  {
    const Vec3 neck = normalized(without_component(-parts.neck.direction, f.proximal));
    const Vec3 front = anterior_of(parts.side, neck, f.proximal);
    f.medial = std::cos(version) * neck - std::sin(version) * front;
    f.anterior = std::sin(version) * neck + std::cos(version) * front;
    const Vec3 forward = normalized(without_component(f.anterior, up));
    f.proximal = normalized(std::cos(tilt) * up + std::sin(tilt) * forward);
  }
  f.medial = normalized(without_component(f.medial, f.proximal));
  f.anterior = anterior_of(parts.side, f.medial, f.proximal);
  return f;
}

void frame_by_population(const FemurParts& parts, Vec3 axes_meet, BoneAnatomy& bone)
{
  const PopulationMean& version = population_mean("femur_population", "version_deg");
  const PopulationMean& bow = population_mean("femur_population", "bow_radius_mm");
  const double notch = population_mean("femur_population", "notch_distance_per_head_radius").mean *
                       parts.head.radius;
  const double seen = dot(parts.shaft.point - axes_meet, parts.shaft.distal);
  const double tilt = (0.5 * notch - seen) / bow.mean;
  bone.frame = frame_of_proximal(parts, tilt, geometry::radians(version.mean));
  bone.measures["version_deg"] = {version.mean, version.deviation, "deg",
                                  version.source + " (" + version.status + ")"};
  const double tilt_deg = geometry::degrees(tilt);
  bone.measures["proximal_axis_deg"] = {
      tilt_deg, std::hypot(parts.shaft.deviation_deg, tilt_deg * bow.deviation / bow.mean), "deg",
      "shaft axis turned forward by the " + bow.source + " (" + bow.status + ")"};
}

} // namespace

void build_frame(const FemurParts& parts, BoneAnatomy& bone)
{
  const Vec3 axes_meet = geometry::closest_points(parts.head.centre, parts.neck.direction,
                                                  parts.shaft.point, parts.shaft.distal)
                             .on_second;
  if (has_distal_end(bone))
  {
    frame_of_whole(parts, axes_meet, bone);
  }
  else
  {
    frame_by_population(parts, axes_meet, bone);
  }
  bone.frame.origin = parts.head.centre;
  bone.measures["neck_shaft_angle_deg"] = {
      180 - geometry::angle_deg(parts.neck.direction, parts.shaft.distal),
      parts.shaft.deviation_deg, "deg", "measured"};
}

} // namespace calcar::anatomy
