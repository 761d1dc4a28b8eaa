#pragma once

#include "base/warning.hpp"
#include "implant/component.hpp"

#include <map>
#include <string>
#include <vector>

namespace calcar::implant
{

/// Bone that the operation takes away: a reamed canal, a curetted lesion. What a component does not
/// fill of it is empty.
struct Removal
{
  std::string name; ///< "reamed canal"
  geometry::Solid solid;
  Vec3 centre;           ///< of a ball that holds it
  double reach_mm = 0;   ///< radius of the ball
  bool resected = false; ///< taken out of the body with its cortex, not only emptied
};

/// An implant in place: plain values.
struct Fixation
{
  std::string name;          ///< as the case calls it
  std::string template_name; ///< cases/fixations
  std::string words;         ///< "cephalomedullary nail, long"
  std::vector<Component> components;
  std::vector<Removal> removed;
  /// By name and unit: canal_fill (1), isthmus_mm, nail_diameter_mm, nail_length_mm,
  /// tip_to_joint_mm, screws, ...
  std::map<std::string, double> measures;
  std::vector<std::string> doubts; ///< "nail: unconfirmed: quoted from memory ...", for the report
  Warnings warnings;
};

} // namespace calcar::implant
