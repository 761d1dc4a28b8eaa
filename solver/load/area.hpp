#pragma once

#include "base/table.hpp"
#include "load/load_case.hpp"

#include <map>
#include <optional>
#include <string>

namespace calcar::load
{

/**
 * An area of a bone as a rig's file has it. With d the distance from its centre or axis and r its
 * radius, the weight of a surface point is cap:  (1 - (t / half_angle)^2)^2 on a sphere about a
 * landmark, t the angle from its pole, up to 1.35 radii out; spot: (1 - (d / r)^2)^2 about a point
 * of the surface, times the cosine between normal and `facing` when given; end:  1 within a depth
 * of the distal end (all nodes, also inside); axis: (1 - (d / r)^2)^2 about a line through the
 * distal end (all nodes, also inside).
 */
struct Area
{
  enum class Kind
  {
    cap,
    spot,
    end,
    axis
  };

  std::string name;
  std::string words;
  Kind kind = Kind::spot;
  std::string landmark;                    ///< cap, spot
  std::map<std::string, double> offset_mm; ///< spot: from the landmark, by named directions
  double radius_mm = 0;                    ///< spot, axis
  std::string radius_measure; ///< cap: name of the bone's measure that holds the sphere's radius
  std::map<std::string, double> towards; ///< cap: direction of its pole from the landmark
  std::string against;                   ///< cap: or "fall", the pole faces the fall's force
  double half_angle_deg = 0;             ///< cap
  std::string facing;                    ///< spot: "fall" or empty
  double depth_mm = 0;                   ///< end, of a bone that was cut
  double depth_whole_mm = 0;             ///< end, of a whole bone
  std::string along;                     ///< axis: its direction
  double height_mm = 0;                  ///< axis: above the distal end
};

/// Reads one [[area]]; problems are recorded in the table.
Area read_area(const Table& table);

/// Where a spot lies on this bone, or nothing when its landmark is not in the image or it reaches
/// below the distal end.
std::optional<Vec3> place_of_spot(const Area& area, const anatomy::BoneAnatomy& bone);

/**
 * The area on this bone. `fall` is the rig's direction of fall, zero when it has none. Throws
 * InputError (data) when a landmark or measure it needs was not found on the bone.
 */
Patch make_patch(const Area& area, const anatomy::BoneAnatomy& bone, Vec3 fall);

/// A landmark of the bone. Throws InputError (data) naming `needed_for` when it was not found.
Vec3 landmark(const anatomy::BoneAnatomy& bone, const std::string& name,
              const std::string& needed_for);

} // namespace calcar::load
