#pragma once

#include "load/layer.hpp"
#include "load/load_case.hpp"
#include "load/placement.hpp"

#include <map>
#include <optional>
#include <string>
#include <vector>

namespace calcar::load
{

/**
 * An area of a bone as a rig's file has it. With d the distance from its centre or axis, r its
 * radius, bell(t) = (1 - t^2)^2 and flat(t) = 1 up to t = 0.7 and from there falling like bell to 0
 * at t = 1, the weight of a surface point is
 *
 *   cap     bell(angle / half_angle) on a sphere about a landmark, the angle from its pole, up to
 *           1.35 radii out;
 *   cup     the same on the inside of a hollow sphere: the normal must face its centre;
 *   spot    bell(d / r) about a point of the surface, times the cosine between normal and `facing`
 *           when given;
 *   face    flat(angle / cone) of the angle between normal and the direction it faces, times
 *           flat(d / r) about its place (an ellipse when `across` is given) and flat(height /
 *           depth) along that direction. The direction is named (`normal`), points away from or
 *           towards the mean of landmarks (`normal_from`, `normal_towards`: at every point its
 *           own), or is that of a layer whose outer face it is (`layer`);
 *   slab    flat(height / depth) along `along` about its place (all nodes, also inside);
 *   beyond  1 farther than r from its place (all nodes, also inside): the rim of a piece;
 *   end     1 within a depth of the distal end (all nodes, also inside);
 *   axis    bell(d / r) about a line through the distal end (all nodes, also inside).
 *
 * `spread = true` marks an area over which a load is spread so widely that it leaves no mark of its
 * own: the bone beneath is judged like any other.
 */
struct Area
{
  enum class Kind
  {
    cap,
    cup,
    spot,
    face,
    slab,
    beyond,
    end,
    axis
  };

  std::string name;
  std::string words;
  Kind kind = Kind::spot;
  bool spread = false;
  std::string of;      ///< of a segment: on the "top" or "bottom" vertebra
  std::string line_to; ///< of a segment: forces on it are told in a frame whose cranial axis points
                       ///< away from the area of this name
  Place place;         ///< all but end and axis
  Size radius;         ///< cap, cup: of the sphere; spot, beyond, axis
  std::map<std::string, double> towards; ///< cap, cup: direction of its pole from the landmark
  std::string against;                   ///< cap: or "fall", the pole faces the fall's force
  double half_angle_deg = 0;             ///< cap, cup
  std::string facing;                    ///< spot: "fall" or empty

  std::map<std::string, double> normal;    ///< face
  std::vector<std::string> normal_from;    ///< face: landmarks
  std::vector<std::string> normal_towards; ///< face: landmarks
  std::optional<LayerPlan> layer;          ///< face: the layer it is the outer face of
  double cone_deg = 0;                     ///< face
  std::optional<Extent> extent;            ///< face; none: unbounded
  std::optional<Size> depth;               ///< face, slab

  double depth_mm = 0;       ///< end, of a bone that was cut
  double depth_whole_mm = 0; ///< end, of a whole bone
  std::string along;         ///< axis, slab: its direction
  double height_mm = 0;      ///< axis: above the distal end
};

/// Reads one [[area]] of a rig of this bone, or of a segment of several, with these layers;
/// problems are recorded in the table.
Area read_area(const Table& table, anatomy::BoneKind bone, const std::vector<LayerPlan>& layers,
               bool segment = false);

/// True when the place of the area is in the image; a spot must not reach below the distal end.
bool is_in_image(const Area& area, const anatomy::BoneAnatomy& bone);

/// Where a face looks at its place, LPS unit vector; zero of any other area. Throws InputError
/// (data) when a landmark it needs was not found.
Vec3 outward_of(const Area& area, const anatomy::BoneAnatomy& bone);

/**
 * The area on this bone. `fall` is the rig's direction of fall, zero when it has none. Throws
 * InputError (data) when a landmark or measure it needs was not found on the bone.
 */
Patch make_patch(const Area& area, const anatomy::BoneAnatomy& bone, Vec3 fall);

} // namespace calcar::load
