#pragma once

#include "load/area.hpp"
#include "load/bones.hpp"
#include "load/load_case.hpp"
#include "load/needs.hpp"
#include "material/data_record.hpp"

#include <filesystem>
#include <map>
#include <optional>
#include <string>
#include <vector>

namespace calcar::load
{

/// Angles of a fall on the side.
struct FallAngles
{
  double shaft_from_horizontal_deg = 0;
  double internal_rotation_deg = 0;
};

/// A support as the rig's file has it.
struct SupportPlan
{
  std::string name;
  SupportKind kind = SupportKind::clamped;
  std::string area;
  std::vector<std::string> directions; ///< anatomical, "fall", or "across_fall": proximal x fall
  std::string of_bone;                 ///< "whole" or "cut": only of such a bone; "" of any
  double stiffness_N_per_mm = 0;
};

/// A rig as its file in cases/rigs has it, not yet on a bone: all areas that its activities load,
/// its layers and its supports.
struct RigPlan
{
  material::DataRecord record;
  anatomy::BoneKind bone = anatomy::BoneKind::femur;
  bool segment = false;    ///< of a spine segment (bone = "spine_segment")
  std::string in_place_of; ///< of a segment's: the rig of one vertebra whose activities it takes
  std::optional<FallAngles> fall;
  std::string inertia_relief; ///< "always", "whole" or "cut": only of such a bone; "" never
  std::vector<Need> needs;    ///< what a bone must have to be held by it
  std::vector<LayerPlan> layers;
  std::vector<Area> areas;
  std::vector<SupportPlan> supports;

  /// An area by name; nullptr when the rig has none of that name.
  const Area* area(const std::string& name) const;
};

/// Reads and checks a rig. Throws InputError naming file, line, key and remedy.
RigPlan read_rig(const std::filesystem::path& file);

/// A shipped rig by name; throws InputError at `place` with the known names.
RigPlan rig_plan(const std::string& name, const std::string& place);

/**
 * Direction in which the head is pushed in a fall on the side, LPS unit vector:
 *
 *   -( cos(s) (cos(i) n + sin(i) a) + sin(s) distal ),
 *
 * s the angle of the shaft from the horizontal (knee higher than hip), i the internal rotation, n
 * the neck from its centre to the head's without its part along the shaft, a the direction across
 * shaft and n that points anteriorly. Throws InputError (data) when head or neck centre was not
 * found.
 */
Vec3 fall_direction(const FallAngles& angles, const anatomy::BoneAnatomy& bone);

/// The rig's direction of fall on this bone, or the zero vector when it is not one of a fall.
Vec3 fall_of(const RigPlan& plan, const anatomy::BoneAnatomy& bone);

/// The shipped rigs of segments, by the name of the rig of a single vertebra whose place they take.
/// Only what says so is read of each file.
std::map<std::string, std::string> rigs_of_segments();

/// The rig on these bones. Throws InputError for a rig of other bones, or (data) when a landmark it
/// needs was not found.
Rig make_rig(const RigPlan& plan, Bones bones);
Rig make_rig(const std::string& name, Bones bones, const std::string& place = "");

/// On one bone.
Rig make_rig(const RigPlan& plan, const anatomy::BoneAnatomy& bone);
Rig make_rig(const std::string& name, const anatomy::BoneAnatomy& bone,
             const std::string& place = "");

} // namespace calcar::load
