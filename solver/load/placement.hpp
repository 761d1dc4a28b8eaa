#pragma once

#include "anatomy/bone_anatomy.hpp"
#include "base/table.hpp"

#include <array>
#include <map>
#include <optional>
#include <string>
#include <vector>

namespace calcar::load
{

/**
 * A length in millimetres as a data file has it: `radius_mm = 12`, or in proportion to the bone
 * `radius = { measure = "head_radius_mm", times = 0.8 }`, or
 * `radius = { between = ["anterior_wall", "posterior_wall"], times = 0.5 }`, the distance of two
 * landmarks.
 */
struct Size
{
  double mm = 0;
  std::string measure;
  std::string from, to; ///< landmarks
  double times = 1;
};

/// Reads KEY_mm or the table KEY; problems are recorded in the table.
Size read_size(const Table& table, const std::string& key);

/// True when the table says how large: KEY_mm or KEY.
bool has_size(const Table& table, const std::string& key);

/// On this bone, mm. Throws InputError (data) when a landmark or measure it needs was not found.
double size_on(const Size& size, const anatomy::BoneAnatomy& bone, const std::string& needed_for);

/// A point of a bone as a data file has it: a landmark or the mean of several, moved by named
/// directions. The landmark "distal_end" of a limb bone is the centre of its distal end or cut.
struct Place
{
  std::vector<std::string> landmarks;
  std::vector<std::string> of_cut; ///< landmarks to take instead when the bone is not whole
  std::map<std::string, double> offset_mm;
};

/// Reads landmark or landmarks, landmark_of_cut and offset_mm; problems are recorded in the table.
Place read_place(const Table& table, anatomy::BoneKind bone);

/// Reads one landmark under another key.
Place read_place(const Table& table, anatomy::BoneKind bone, const std::string& key);

/// On this bone, or nothing when one of its landmarks is not in the image.
std::optional<Vec3> find_place(const Place& place, const anatomy::BoneAnatomy& bone);

/// The same, but throws InputError (data) naming `needed_for` when a landmark was not found.
Vec3 place_on(const Place& place, const anatomy::BoneAnatomy& bone, const std::string& needed_for);

/**
 * An ellipse across a direction: `radius` along every direction in its plane, or only along the one
 * across `across` when that is given, with `radius_across` along it.
 */
struct Extent
{
  Size radius;
  std::string across; ///< a named direction; empty: a circle
  Size radius_across;
};

/// Reads radius, across and radius_across; problems are recorded in the table.
Extent read_extent(const Table& table, anatomy::BoneKind bone);

/// An ellipse on a bone, ready to be asked how far out a point lies.
struct Ellipse
{
  Vec3 centre;
  Vec3 axis; ///< LPS unit vector across its plane
  Vec3 wide; ///< LPS unit vector in its plane
  double radius = 0;
  double radius_wide = 0;

  /// Distance from the axis as a share of the ellipse's radius there: 1 on its edge.
  double share(Vec3 point) const;
  double height(Vec3 point) const { return dot(point - centre, axis); }
};

/// Throws InputError (data) when a landmark or measure it needs was not found.
Ellipse ellipse_on(const Extent& extent, Vec3 centre, Vec3 axis, const anatomy::BoneAnatomy& bone,
                   const std::string& needed_for);

/// Reads named components, { lateral = 67.7, anterior = -23.6 }; a direction that this bone does
/// not have is a problem of the table.
std::map<std::string, double> read_directions(const Table& table, const std::string& key,
                                              anatomy::BoneKind bone);

/// Length of named components of any bone, in their own unit.
double length_of(const std::map<std::string, double>& components);

/// LPS unit vector along named components.
Vec3 unit_vector(const anatomy::Frame& frame, const std::map<std::string, double>& components);

/// A landmark of the bone. Throws InputError (data) naming `needed_for` when it was not found.
Vec3 landmark(const anatomy::BoneAnatomy& bone, const std::string& name,
              const std::string& needed_for);

/// True for bones with a shaft, which end distally in an end or a cut.
bool has_distal_end(anatomy::BoneKind bone);

} // namespace calcar::load
