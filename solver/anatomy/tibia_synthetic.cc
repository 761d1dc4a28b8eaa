#include "anatomy/long_bone_body.hpp"
#include "anatomy/tibia.hpp"
#include "anatomy/tibia_body.hpp"
#include "geometry/rotation.hpp"

#include <cmath>

namespace calcar::anatomy
{

namespace
{

std::map<std::string, Vec3> landmarks_of(const TibiaBody& body)
{
  const double half = 0.5 * body.width;
  const double middle = body.top_z - 0.5 * body.length;
  return {{"medial_plateau_centre", body.medial_plateau},
          {"lateral_plateau_centre", body.lateral_plateau},
          {"intercondylar_eminence", body.eminence},
          {"knee_centre", 0.5 * (body.medial_plateau + body.lateral_plateau)},
          {"medial_condyle", {half, 0, body.medial_condyle.z}},
          {"lateral_condyle", {-half, 0, body.lateral_condyle.z}},
          {"tibial_tuberosity", body.tuberosity},
          {"isthmus", shaft_centre(body, body.isthmus_z)},
          {"midshaft_centre", shaft_centre(body, middle)},
          {"medial_malleolus", body.malleolus},
          {"ankle_centre", {0, 0, body.ankle_z}}};
}

std::map<std::string, Measure> measures_of(const TibiaBody& body)
{
  return {{"length_mm", long_bone::made(body.length, "mm")},
          {"plateau_width_mm", long_bone::made(body.width, "mm")},
          {"posterior_slope_deg", long_bone::made(geometry::degrees(body.slope), "deg")}};
}

} // namespace

SyntheticBody make_tibia(const SyntheticPerson& person, const Dimensions& dimensions)
{
  const TibiaBody body = tibia_body(dimensions);
  SyntheticBody bone = long_bone::limb_bone(
      BoneKind::tibia, person, dimensions,
      {tibia_surface(body), body.shaft_radius,
       [=](Vec3 p) { return tibia_cortex(body, dimensions, p); },
       [=](Vec3 p) { return tibia_inner_density(body, dimensions, p); },
       [=](double thickness, Vec3 p) { return in_growth_plate(body, thickness, p); }});
  const double k = body.scale;
  bone.low = {-0.5 * body.width - 1, -33 * k, body.bottom_z - 1};
  bone.high = {0.5 * body.width + 1, 34 * k, body.top_z + 1};
  bone.landmarks = landmarks_of(body);
  bone.origin = bone.landmarks.at("knee_centre");
  bone.measures = measures_of(body);
  for (double z = body.tuberosity.z - 30 * k; z > body.ankle_z + 45 * k; z -= 10)
  {
    bone.shaft_centres.push_back(shaft_centre(body, z));
  }
  return bone;
}

} // namespace calcar::anatomy
