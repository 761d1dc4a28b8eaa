#pragma once

#include "load/bones.hpp"
#include "load/load_case.hpp"
#include "load/placement.hpp"

#include <map>
#include <optional>
#include <string>
#include <vector>

namespace calcar::load
{

/**
 * A layer as a rig's file has it: material between the bone and where a load or a support acts.
 * About its place, along `outward`, its zone reaches from `below_mm` on the bone's side to
 * `thickness` beyond; across that it is an ellipse ("cylinder") or its bounding box ("box"). A
 * "shell" surrounds a sphere about its place, from its radius to its thickness beyond it, within
 * half_angle_deg of `outward`.
 *
 * A layer between two neighbouring vertebrae of a segment (`of = "joints"`) has its place half way
 * between `landmark` of the upper and `landmark_below` of the lower one, and its sizes are the
 * means of both. A cylinder reaches `below_mm` past either landmark; a "ball" is within `radius` of
 * its place. It fills what is not bone and lies over the bones as `over_bone_mm` and `gap_mm` say.
 */
struct LayerPlan
{
  enum class Shape
  {
    cylinder,
    box,
    shell,
    ball
  };

  /// Of a layer between two vertebrae.
  struct Joint
  {
    Place below; ///< on the lower vertebra
    double gap_mm = 0;
    bool may_be_absent = false;
  };

  std::string name;
  std::string words;
  std::string tissue;  ///< a file in materials/tissues
  std::string of_bone; ///< "whole" or "cut": only of such a bone; "" of any
  std::string of;      ///< of a segment: on the "top" or "bottom" vertebra, or of all "joints"
  Shape shape = Shape::cylinder;
  Place place;
  std::map<std::string, double> outward; ///< named components
  Extent extent;
  Size thickness;
  double below_mm = 0;
  double over_bone_mm = 0;
  double half_angle_deg = 0; ///< shell
  std::optional<Joint> joint;
};

/// Reads one [[layer]] of a rig of this bone, or of a segment of several; problems are recorded in
/// the table.
LayerPlan read_layer(const Table& table, anatomy::BoneKind bone, bool segment = false);

/// The layer on this bone. Throws InputError (data) when a landmark or measure was not found.
Layer make_layer(const LayerPlan& plan, const anatomy::BoneAnatomy& bone);

/// The layers of a plan on these bones: one, or one for each joint of a segment. Those that may be
/// absent and miss a landmark are left out with the warning "joint_absent".
std::vector<Layer> make_layers(const LayerPlan& plan, Bones bones, Warnings& warnings);

} // namespace calcar::load
