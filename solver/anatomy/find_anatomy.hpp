#pragma once

#include "anatomy/bone_anatomy.hpp"
#include "anatomy/femur_side.hpp"
#include "base/table.hpp"

#include <map>
#include <optional>
#include <string>

namespace calcar::anatomy
{

/// Landmarks given by hand, LPS mm, by name; they replace the found ones, and the frame follows
/// them.
using LandmarkOverrides = std::map<std::string, Vec3>;

/// What is known of a bone beforehand.
struct AnatomyOptions
{
  std::optional<Side> side; ///< checked against the shape and the image when given
  Orientation orientation = Orientation::patient;
  LandmarkOverrides overrides;
  std::optional<double> age_years;   ///< below 18 the bone may be as small as a child's
  std::string level;                 ///< of a vertebra ("L3") or rib ("7"), when known
  std::string place = "[bone] mask"; ///< where errors say they come from
};

/**
 * Landmarks, frame and measures of a bone from its mask (the envelope: cortex and everything
 * inside), whole or in part, lying in the image in any way; the header of each bone says which
 * parts are known and what its landmarks and axes are. Throws InputError (data) when the mask is
 * not that bone or too little of it, when its side or direction cannot be told or is not the one
 * given, or when the confidence is below 0.4; (command) for an override of an unknown landmark.
 */
BoneAnatomy find_anatomy(BoneKind kind, const image::Mask& mask,
                         const AnatomyOptions& options = {});

/// Reads [bone.landmarks_lps_mm]-like tables, { femoral_head_centre = [x, y, z] }: unknown names
/// are problems of the table that list the known ones.
LandmarkOverrides read_overrides(const Table& table, BoneKind kind);

} // namespace calcar::anatomy
