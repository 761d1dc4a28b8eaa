#pragma once

#include "anatomy/bone_shape.hpp"
#include "anatomy/find_anatomy.hpp"

#include <array>
#include <optional>
#include <string>
#include <vector>

namespace calcar::anatomy
{

/// A slice of a bone across its long axis, counted in voxels and so of any outline.
struct Slice
{
  double level = 0; ///< along the axis from its point, mm
  double area = 0;  ///< mm^2
  Vec3 centre;      ///< centroid of its voxels
  /// Standard deviations of its area along its two principal directions, mm, and the first of these
  /// directions.
  double wide = 0;
  double narrow = 0;
  Vec3 widest;

  double radius() const; ///< of the circle with this area, mm
};

/// An end of a long bone.
struct BoneEnd
{
  double level = 0; ///< of the outermost bone along the axis
  Vec3 outwards;    ///< unit, along the axis
  double flare = 1; ///< greatest radius of a slice beyond the shaft over that of the shaft
  double flat = 0;  ///< area of its flattest face over that of the slices at the end: 1 for a cut
  bool at_border = false; ///< the bone runs on beyond the image
  bool joint = false;     ///< it flares as towards a joint
};

/// A bone with a shaft, before it is known which bone it is and which end is up.
struct LongBone
{
  Vec3 point;                ///< on the axis, in the middle of the shaft
  Vec3 axis;                 ///< unit, of the shaft
  std::vector<Slice> slices; ///< every `step` mm in the direction of `axis`
  double step = 2;
  double radius = 0;           ///< of the shaft: a quarter of its slices are thinner, mm
  double from = 0, to = 0;     ///< levels of the shaft: radii of its slices within a factor of 1.35
  double deviation_deg = 0;    ///< how sure the axis is
  std::array<BoneEnd, 2> ends; ///< ends[0] at the lowest level, ends[1] at the highest

  Vec3 at(double level) const { return point + level * axis; }
  double level(Vec3 p) const { return dot(p - point, axis); }
};

/// Slices of a bone along a line: the volume of its voxels shared among slices `step` mm thick.
std::vector<Slice> slices_along(const BoneShape& shape, Vec3 point, Vec3 axis, double step);

/// The slice nearest to a level; nothing outside the bone.
const Slice* slice_at(const LongBone& bone, double level);

/**
 * Finds the shaft, the stretch of nearly equal slices that is longest for its radius: the axis
 * starts as the longest axis of inertia, then follows the line through the centroids of these
 * slices; where they span less than 4 radii it leans towards the direction along which the normals
 * of the walls point least. Nothing when the mask is no tube: the stretch is shorter than its
 * radius, or the whole bone than 4 radii of the cylinder with its volume.
 */
std::optional<LongBone> find_long_bone(const BoneShape& shape);

/// The bone turned so that its axis points the other way.
LongBone reversed(const LongBone& bone);

/// The surface points beyond a level, in the direction of the axis.
std::vector<SurfacePoint> points_beyond(const BoneShape& shape, const LongBone& bone, double level);
/// Their positions.
std::vector<Vec3> positions(const std::vector<SurfacePoint>& points);

/// Centres of the shaft's slices every 10 mm between two levels (either order: from the first on).
std::vector<Vec3> centres_between(const LongBone& bone, double from, double to);

/**
 * Centre of the thinnest part between two levels, the least of a parabola through 80 mm around the
 * least mean over 40 mm (less of a child's: 6.8 and 3.4 shaft radii): a shaft is nearly a tube, so
 * that single slices tell little. Nothing when that is at an end of the stretch.
 */
std::optional<Vec3> find_isthmus(const LongBone& bone, double from, double to);

/// Centre of the slice at a level, between the slices' own.
Vec3 centre_at(const LongBone& bone, double level);

/// Throws InputError (data) that the mask is not this bone, what it is instead and what to do.
[[noreturn]] void refuse_bone(const std::string& place, const std::string& given,
                              const std::string& allowed, const std::string& remedy);

/// The shape of the mask, refused when more than a fifth of it lies in other pieces; less is left
/// out with a warning added to `warnings`.
BoneShape single_bone(const image::Mask& mask, BoneKind kind, const std::string& place,
                      Warnings& warnings);

/// Heights of the lowest and the highest surface over the frame's origin, along its proximal axis.
struct Extent
{
  double bottom = 0;
  double top = 0;
};
Extent extent_of(const BoneShape& shape, const Frame& frame);

/// The shaft's centre at a height over the frame's origin.
Vec3 centre_at_height(const LongBone& bone, const Frame& frame, double height);

/// Puts landmarks given by hand in the place of those found.
void apply(const LandmarkOverrides& overrides, BoneAnatomy& bone);

/// Fills `absent` with the landmarks that were not found.
void list_absent(BoneAnatomy& bone);

/// 1 between the good bounds, falling to 0 at the bad ones.
double rating(double value, double bad_low, double good_low, double good_high, double bad_high);

/// Fills `confidence` from its parts. Throws InputError below 0.4, naming the least part.
void check_confidence(BoneAnatomy& bone, const std::string& place);

/// What the warning "short_shaft" says.
std::string short_shaft_text(const LongBone& bone);

} // namespace calcar::anatomy
