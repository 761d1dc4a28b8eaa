#include "implant/joint.hpp"

#include "geometry/rotation.hpp"

#include <cmath>

namespace calcar::implant
{
namespace
{
constexpr double ball = 1.2;          ///< radii of a head, in which a surface is that of the joint
constexpr double behind = -0.3;       ///< cosine to the head's direction, below: neck
constexpr double sideways = 0.7;      ///< cosine to medial or lateral, above: no joint
constexpr double knee_above_mm = 15;  ///< the condyles' most posterior points
constexpr double plateau_mm = 10;     ///< distal of the plateau
constexpr double plafond_mm = 10;     ///< proximal of the plafond
constexpr double elbow_above_mm = 12; ///< the line of the epicondyles

/// What the rules look at.
struct Place
{
  const anatomy::BoneAnatomy& bone;
  Vec3 at;
  Vec3 outwards;

  const Vec3* mark(const std::string& name) const
  {
    const auto found = bone.landmarks.find(name);
    return found == bone.landmarks.end() ? nullptr : &found->second;
  }
  double above(Vec3 point) const { return dot(at - point, bone.frame.proximal); }
  bool faces_sideways() const { return std::abs(dot(outwards, bone.frame.medial)) > sideways; }
};

bool on_ball(const Place& p, Vec3 centre, Vec3 direction)
{
  const auto radius = p.bone.measures.find("head_radius_mm");
  const Vec3 off = p.at - centre;
  return radius != p.bone.measures.end() && norm(off) > 0 &&
         norm(off) < ball * radius->second.value &&
         dot(off, direction) > behind * norm(off) * norm(direction);
}

std::string of_femur(const Place& p)
{
  const Vec3* head = p.mark("femoral_head_centre");
  const Vec3* neck = p.mark("femoral_neck_centre");
  if (head && neck && on_ball(p, *head, *head - *neck))
    return "hip";
  const Vec3* condyle = p.mark("lateral_condyle");
  if (condyle && p.above(*condyle) < knee_above_mm && !p.faces_sideways())
    return "knee";
  return "";
}

std::string of_tibia(const Place& p)
{
  const Vec3* knee = p.mark("knee_centre");
  if (knee && p.above(*knee) > -plateau_mm && dot(p.outwards, p.bone.frame.proximal) > 1 - sideways)
    return "knee";
  const Vec3* ankle = p.mark("ankle_centre");
  if (ankle && p.above(*ankle) < plafond_mm && dot(p.outwards, p.bone.frame.medial) < sideways)
    return "ankle"; // the malleolus faces it laterally
  return "";
}

std::string of_humerus(const Place& p)
{
  const Vec3* head = p.mark("humeral_head_centre");
  if (head && on_ball(p, *head, p.bone.frame.medial + p.bone.frame.proximal))
    return "shoulder";
  const Vec3* elbow = p.mark("elbow_centre");
  if (elbow && p.above(*elbow) < elbow_above_mm && !p.faces_sideways())
    return "elbow";
  return "";
}
} // namespace

Vec3 outwards_at(const Site& site, Vec3 place)
{
  constexpr double step_mm = 2;
  const auto slope = [&](Vec3 along)
  { return depth_at(site, place - step_mm * along) - depth_at(site, place + step_mm * along); };
  const Vec3 normal{slope({1, 0, 0}), slope({0, 1, 0}), slope({0, 0, 1})};
  return norm(normal) > 0 ? normalized(normal) : normal;
}

std::string joint_at(const Site& site, Vec3 place)
{
  const Place p{site.bone(), place, outwards_at(site, place)};
  switch (site.bone().kind)
  {
  case anatomy::BoneKind::femur:
    return of_femur(p);
  case anatomy::BoneKind::tibia:
    return of_tibia(p);
  case anatomy::BoneKind::humerus:
    return of_humerus(p);
  default:
    return "";
  }
}

} // namespace calcar::implant
