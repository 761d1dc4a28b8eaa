#include "anatomy/humerus.hpp"
#include "anatomy/humerus_body.hpp"
#include "anatomy/long_bone_body.hpp"
#include "geometry/rotation.hpp"

#include <algorithm>
#include <cmath>

namespace calcar::anatomy
{

namespace
{

std::map<std::string, Vec3> landmarks_of(const HumerusBody& body)
{
  const Vec3 deltoid = shaft_centre(body, body.deltoid_z);
  const double beside = shaft_radius(body, body.deltoid_z) + deltoid_height(body, body.deltoid_z);
  const double middle = body.head_radius - 0.5 * body.length;
  return {{"humeral_head_centre", {0, 0, 0}},
          {"greater_tubercle", body.greater_centre - Vec3{body.greater_radii.x, 0, 0}},
          {"lesser_tubercle", body.lesser_tip},
          {"surgical_neck_centre", shaft_centre(body, body.surgical_neck_z)},
          {"deltoid_tuberosity", deltoid - Vec3{beside, 0, 0}},
          {"isthmus", shaft_centre(body, body.isthmus_z)},
          {"midshaft_centre", shaft_centre(body, middle)},
          {"medial_epicondyle", body.medial_epicondyle},
          {"lateral_epicondyle", body.lateral_epicondyle},
          {"elbow_centre", 0.5 * (body.medial_epicondyle + body.lateral_epicondyle)}};
}

std::map<std::string, Measure> measures_of(const HumerusBody& body)
{
  const Vec3 h = body.head_axis;
  return {{"head_radius_mm", long_bone::made(body.head_radius, "mm")},
          {"retroversion_deg", long_bone::made(geometry::degrees(std::atan2(-h.y, h.x)), "deg")},
          {"inclination_deg", long_bone::made(geometry::angle_deg(h, -body.shaft_proximal), "deg")},
          {"length_mm", long_bone::made(body.length, "mm")},
          {"epicondylar_width_mm",
           long_bone::made(norm(body.medial_epicondyle - body.lateral_epicondyle), "mm")}};
}

} // namespace

SyntheticBody make_humerus(const SyntheticPerson& person, const Dimensions& dimensions)
{
  const HumerusBody body = humerus_body(dimensions);
  SyntheticBody bone = long_bone::limb_bone(
      BoneKind::humerus, person, dimensions,
      {humerus_surface(body), body.shaft_radius,
       [=](Vec3 p) { return humerus_cortex(body, dimensions, p); },
       [=](Vec3 p) { return humerus_inner_density(body, dimensions, p); },
       [=](double thickness, Vec3 p) { return in_growth_plate(body, thickness, p); }});
  const double k = body.scale;
  bone.low = {std::min(body.lateral_epicondyle.x, -38 * k) - 1, -34 * k, body.bottom_z - 1};
  bone.high = {std::max(body.medial_epicondyle.x, 26 * k) + 1, 34 * k, body.head_radius + 1};
  bone.landmarks = landmarks_of(body);
  bone.measures = measures_of(body);
  for (double z = body.surgical_neck_z; z > body.elbow_z + 30 * k; z -= 10)
  {
    bone.shaft_centres.push_back(shaft_centre(body, z));
  }
  return bone;
}

} // namespace calcar::anatomy
