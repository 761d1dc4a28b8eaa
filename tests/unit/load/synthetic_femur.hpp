#pragma once

#include "anatomy/bone_anatomy.hpp"

#include <cmath>
#include <numbers>
#include <vector>

/// Points of a surface with outward normals and areas.
struct SurfaceCloud
{
  std::vector<calcar::Vec3> points;
  std::vector<calcar::Vec3> normals;
  std::vector<double> areas;
};

/// A femur of spheres and a cylinder with all landmarks, in millimetres; patient standing, head at
/// an odd place.
struct SyntheticFemur
{
  calcar::anatomy::BoneAnatomy anatomy;
  SurfaceCloud surface;
};

/// A point by its distances medially, anteriorly and proximally of the head centre.
inline calcar::Vec3 femur_point(const calcar::anatomy::BoneAnatomy& bone, double medial,
                                double anterior, double proximal)
{
  return bone.frame.origin + medial * bone.frame.medial + anterior * bone.frame.anterior +
         proximal * bone.frame.proximal;
}

inline void add_sphere(SurfaceCloud& cloud, calcar::Vec3 centre, double radius, int count)
{
  const double golden = std::numbers::pi * (3 - std::sqrt(5.0));
  for (int i = 0; i < count; ++i)
  {
    const double z = 1 - (2 * i + 1.0) / count;
    const double ring = std::sqrt(1 - z * z);
    const calcar::Vec3 normal{ring * std::cos(golden * i), ring * std::sin(golden * i), z};
    cloud.points.push_back(centre + radius * normal);
    cloud.normals.push_back(normal);
    cloud.areas.push_back(4 * std::numbers::pi * radius * radius / count);
  }
}

inline void add_shaft(SurfaceCloud& cloud, const calcar::anatomy::BoneAnatomy& bone, double top,
                      double bottom)
{
  constexpr double radius = 15;
  for (double level = top; level >= bottom; level -= 2.5)
    for (int i = 0; i < 36; ++i)
    {
      const double angle = 2 * std::numbers::pi * i / 36;
      const calcar::Vec3 normal =
          std::cos(angle) * bone.frame.medial + std::sin(angle) * bone.frame.anterior;
      cloud.points.push_back(femur_point(bone, -40, -8, level) + radius * normal);
      cloud.normals.push_back(normal);
      cloud.areas.push_back(2.5 * 2 * std::numbers::pi * radius / 36);
    }
}

/// `length` is the distance from the head centre to the distal end.
inline SyntheticFemur synthetic_femur(calcar::anatomy::Side side, double length = 400)
{
  using namespace calcar;
  SyntheticFemur femur;
  anatomy::BoneAnatomy& bone = femur.anatomy;
  bone.kind = anatomy::BoneKind::femur;
  bone.side = side;
  // LPS: x to the patient's left, y to posterior, z up.
  bone.frame = {
      {31, -12, 540}, {side == anatomy::Side::right ? 1.0 : -1.0, 0, 0}, {0, -1, 0}, {0, 0, 1}};
  bone.measures["head_radius_mm"] = {24, 0, "mm", "measured"};
  bone.whole = length >= 400;
  bone.cut_centre = femur_point(bone, -40, -8, -length);

  struct Place
  {
    const char* name;
    double medial, anterior, proximal;
  };
  const std::vector<Place> places{{"femoral_head_centre", 0, 0, 0},
                                  {"femoral_neck_centre", -24, -6, -20},
                                  {"medial_neck_cortex", -17, -6, -34},
                                  {"lateral_neck_cortex", -31, -6, -6},
                                  {"greater_trochanter", -68, -8, -15},
                                  {"greater_trochanter_tip", -55, -15, 0},
                                  {"lesser_trochanter", -25, -18, -60},
                                  {"subtrochanteric_medial", -25, -8, -85},
                                  {"isthmus", -40, -8, -180},
                                  {"midshaft_centre", -40, -8, -200},
                                  {"medial_condyle", -20, -30, -390},
                                  {"lateral_condyle", -65, -30, -390},
                                  {"intercondylar_notch", -40, -20, -380}};
  for (const Place& place : places)
  {
    if (place.proximal > -length)
      bone.landmarks[place.name] = femur_point(bone, place.medial, place.anterior, place.proximal);
    else
      bone.absent.push_back(place.name);
  }
  add_sphere(femur.surface, bone.frame.origin, 24, 900);
  add_sphere(femur.surface, femur_point(bone, -53, -8, -15), 15, 500);
  add_shaft(femur.surface, bone, -30, -length);
  return femur;
}
