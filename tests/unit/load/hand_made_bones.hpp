#pragma once

#include "load/patient.hpp"
#include "unit/load/synthetic_femur.hpp"

#include <map>
#include <string>
#include <vector>

/// A bone of a few spheres, tubes and plates at its landmarks, in millimetres, standing at an odd
/// place; coordinates are medially, anteriorly and proximally of its origin, so that a right bone
/// is the mirror image of the left one.
struct HandMadeBone
{
  calcar::anatomy::BoneAnatomy anatomy;
  SurfaceCloud surface;

  calcar::Vec3 at(calcar::Vec3 own) const
  {
    const auto& frame = anatomy.frame;
    return frame.origin + own.x * frame.medial + own.y * frame.anterior + own.z * frame.proximal;
  }
};

using OwnPlaces = std::map<std::string, calcar::Vec3>;

inline HandMadeBone hand_made(calcar::anatomy::BoneKind kind, calcar::anatomy::Side side,
                              const OwnPlaces& places)
{
  using calcar::anatomy::Side;
  HandMadeBone bone;
  bone.anatomy.kind = kind;
  bone.anatomy.side = side;
  bone.anatomy.whole = true;
  // LPS: x to the patient's left, y to posterior, z up. Of a midline bone `medial` is the right.
  bone.anatomy.frame = {
      {17, -8, 300}, {side == Side::right ? 1.0 : -1.0, 0, 0}, {0, -1, 0}, {0, 0, 1}};
  for (const auto& [name, place] : places)
    bone.anatomy.landmarks[name] = bone.at(place);
  return bone;
}

/// A sphere with normals outwards, or inwards of a hollow one.
inline void add_ball(HandMadeBone& bone, calcar::Vec3 own, double radius, bool hollow = false,
                     int count = 1500)
{
  const std::size_t before = bone.surface.normals.size();
  add_sphere(bone.surface, bone.at(own), radius, count);
  for (std::size_t i = before; hollow && i < bone.surface.normals.size(); ++i)
    bone.surface.normals[i] = -bone.surface.normals[i];
}

/// A flat plate of squares of 1 mm about a place, facing along `up` (+1 proximally, -1 distally).
inline void add_plate(HandMadeBone& bone, calcar::Vec3 own, double half_width, double half_depth,
                      double up)
{
  for (double x = -half_width + 0.5; x < half_width; x += 1)
    for (double y = -half_depth + 0.5; y < half_depth; y += 1)
    {
      bone.surface.points.push_back(bone.at(own + calcar::Vec3{x, y, 0}));
      bone.surface.normals.push_back(up * bone.anatomy.frame.proximal);
      bone.surface.areas.push_back(1);
    }
}

/// A tube about a polyline, with outward normals.
inline void add_tube(HandMadeBone& bone, const std::vector<calcar::Vec3>& line, double radius)
{
  using calcar::Vec3;
  for (std::size_t i = 0; i + 1 < line.size(); ++i)
  {
    const Vec3 along = normalized(line[i + 1] - line[i]);
    const Vec3 side = normalized(cross(along, {0.3, 0.2, 1}));
    const Vec3 third = cross(along, side);
    for (int k = 0; k < 24; ++k)
    {
      const double angle = 2 * std::numbers::pi * k / 24;
      const Vec3 normal = std::cos(angle) * side + std::sin(angle) * third;
      bone.surface.points.push_back(bone.at(0.5 * (line[i] + line[i + 1]) + radius * normal));
      bone.surface.normals.push_back(bone.at(normal) - bone.at({}));
      bone.surface.areas.push_back(norm(line[i + 1] - line[i]) * 2 * std::numbers::pi * radius /
                                   24);
    }
  }
}

inline std::vector<calcar::Vec3> straight(calcar::Vec3 from, calcar::Vec3 to)
{
  std::vector<calcar::Vec3> line;
  for (int i = 0; i <= 60; ++i)
    line.push_back(from + (i / 60.0) * (to - from));
  return line;
}

inline HandMadeBone hand_made_tibia(calcar::anatomy::Side side)
{
  auto bone = hand_made(calcar::anatomy::BoneKind::tibia, side,
                        {{"medial_plateau_centre", {23, 0, 0}},
                         {"lateral_plateau_centre", {-23, 0, 0}},
                         {"knee_centre", {0, 0, 0}},
                         {"ankle_centre", {0, 0, -350}}});
  bone.anatomy.cut_centre = bone.at({10, 0, -362});
  add_ball(bone, {23, 0, -20}, 20);
  add_ball(bone, {-23, 0, -20}, 20);
  add_tube(bone, straight({0, 0, -30}, {0, 0, -330}), 13);
  add_ball(bone, {0, 0, -330}, 20);
  return bone;
}

inline HandMadeBone hand_made_humerus(calcar::anatomy::Side side)
{
  auto bone = hand_made(calcar::anatomy::BoneKind::humerus, side,
                        {{"humeral_head_centre", {0, 0, 0}},
                         {"surgical_neck_centre", {-5, 0, -40}},
                         {"deltoid_tuberosity", {-17, 0, -130}},
                         {"elbow_centre", {-5, 0, -300}}});
  bone.anatomy.measures["head_radius_mm"] = {23, 0, "mm", "measured"};
  bone.anatomy.cut_centre = bone.at({-5, 0, -310});
  add_ball(bone, {0, 0, 0}, 23);
  add_ball(bone, {-20, 5, -8}, 14);
  add_tube(bone, straight({-5, 0, -20}, {-5, 0, -310}), 12);
  return bone;
}

/// A body with both half discs, 35 mm deep and 46 mm wide, 24 mm high.
inline HandMadeBone hand_made_vertebra(const std::string& level = "L3")
{
  auto bone = hand_made(calcar::anatomy::BoneKind::vertebra, calcar::anatomy::Side::midline,
                        {{"body_centre", {0, 0, 0}},
                         {"superior_endplate_centre", {0, 0, 12}},
                         {"inferior_endplate_centre", {0, 0, -12}},
                         {"anterior_wall", {0, 17.5, 0}},
                         {"posterior_wall", {0, -17.5, 0}}});
  bone.anatomy.level = level;
  for (const double thickness : {7.0, 10.5}) // discs and caps
  {
    add_plate(bone, {0, 0, 12 + thickness}, 23, 17, 1);
    add_plate(bone, {0, 0, -12 - thickness}, 23, 17, -1);
  }
  return bone;
}

inline HandMadeBone hand_made_pelvis(calcar::anatomy::Side side)
{
  auto bone = hand_made(calcar::anatomy::BoneKind::pelvis, side,
                        {{"acetabulum_centre", {0, 0, 0}},
                         {"anterior_superior_iliac_spine", {-30, 40, 70}},
                         {"iliac_crest", {-30, 0, 140}},
                         {"sacroiliac_joint", {50, -60, 60}},
                         {"pubic_symphysis", {85, 50, -20}},
                         {"ischial_tuberosity", {20, -20, -80}}});
  bone.anatomy.measures["acetabulum_radius_mm"] = {25, 0, "mm", "measured"};
  bone.anatomy.measures["obturator_ring_closed"] = {1, 0, "1", "measured"};
  add_ball(bone, {0, 0, 0}, 25, true);
  add_ball(bone, {20, 0, 70}, 45, false, 4000);
  for (const calcar::Vec3 place : {calcar::Vec3{-30, 40, 60}, {50, -60, 60}, {20, -20, -60}})
    add_ball(bone, place, 20);
  add_ball(bone, {85, 50, -20}, 12);
  return bone;
}

/// Three quarters of a circle of 80 mm, from the spine round the side to the breastbone.
inline HandMadeBone hand_made_rib(calcar::anatomy::Side side)
{
  std::vector<calcar::Vec3> line;
  for (int i = 0; i <= 120; ++i)
  {
    const double angle = std::numbers::pi * (-0.7 + 1.4 * i / 120);
    line.push_back({80 - 80 * std::cos(angle), 80 * std::sin(angle), 0});
  }
  auto bone = hand_made(calcar::anatomy::BoneKind::rib, side,
                        {{"dorsal_end", line.front()},
                         {"ventral_end", line.back()},
                         {"midpoint", line[60]},
                         {"lateral_point", line[60]}});
  add_tube(bone, line, 6);
  return bone;
}

inline HandMadeBone hand_made_skull()
{
  auto bone = hand_made(calcar::anatomy::BoneKind::skull, calcar::anatomy::Side::midline,
                        {{"cranial_centre", {0, 0, 0}},
                         {"vertex", {0, 0, 80}},
                         {"right_parietal", {80, 0, 0}},
                         {"left_parietal", {-80, 0, 0}},
                         {"frontal_point", {0, 80, 0}},
                         {"occipital_point", {0, -80, 0}},
                         {"piece_centre", {0, 0, 80}}});
  add_ball(bone, {0, 0, 0}, 80, false, 30000);
  add_ball(bone, {0, 0, 0}, 74, true, 30000);
  return bone;
}

inline HandMadeBone hand_made_femur(calcar::anatomy::Side side)
{
  const SyntheticFemur femur = synthetic_femur(side);
  return {femur.anatomy, femur.surface};
}

inline HandMadeBone hand_made(calcar::anatomy::BoneKind kind, calcar::anatomy::Side side)
{
  using calcar::anatomy::BoneKind;
  switch (kind)
  {
  case BoneKind::tibia:
    return hand_made_tibia(side);
  case BoneKind::humerus:
    return hand_made_humerus(side);
  case BoneKind::vertebra:
    return hand_made_vertebra();
  case BoneKind::pelvis:
    return hand_made_pelvis(side);
  case BoneKind::rib:
    return hand_made_rib(side);
  case BoneKind::skull:
    return hand_made_skull();
  case BoneKind::femur:
    break;
  }
  return hand_made_femur(side);
}

inline const calcar::load::Patient& test_patient()
{
  static const calcar::load::Patient patient{72, 1.66, std::nullopt, "case.toml:3"};
  return patient;
}
