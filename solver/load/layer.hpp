#pragma once

#include "load/load_case.hpp"
#include "load/placement.hpp"

#include <map>
#include <string>

namespace calcar::load
{

/**
 * A layer as a rig's file has it: material between the bone and where a load or a support acts.
 * About its place, along `outward`, its zone reaches from `below_mm` on the bone's side to
 * `thickness` beyond; across that it is an ellipse ("cylinder") or its bounding box ("box"). A
 * "shell" surrounds a sphere about its place, from its radius to its thickness beyond it, within
 * half_angle_deg of `outward`.
 */
struct LayerPlan
{
  enum class Shape
  {
    cylinder,
    box,
    shell
  };

  std::string name;
  std::string words;
  std::string tissue;  ///< a file in materials/tissues
  std::string of_bone; ///< "whole" or "cut": only of such a bone; "" of any
  Shape shape = Shape::cylinder;
  Place place;
  std::map<std::string, double> outward; ///< named components
  Extent extent;
  Size thickness;
  double below_mm = 0;
  double over_bone_mm = 0;
  double half_angle_deg = 0; ///< shell
};

/// Reads one [[layer]] of a rig of this bone; problems are recorded in the table.
LayerPlan read_layer(const Table& table, anatomy::BoneKind bone);

/// The layer on this bone. Throws InputError (data) when a landmark or measure was not found.
Layer make_layer(const LayerPlan& plan, const anatomy::BoneAnatomy& bone);

} // namespace calcar::load
