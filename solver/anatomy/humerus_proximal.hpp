#pragma once

#include "anatomy/femoral_head.hpp"
#include "anatomy/long_bone.hpp"

#include <optional>

namespace calcar::anatomy
{

/// The head of a humerus.
struct HumeralHead
{
  Vec3 centre;
  double radius = 0;
  double rms = 0; ///< distance of its surface points from the sphere, mm
  Vec3 axis;      ///< unit: the middle of the directions in which the sphere is the surface
  /// Unit, across the shaft: the head's side, told by its cap and by how it stands off the shaft.
  Vec3 towards;
  double covered = 0; ///< share of all directions in which it is
  double dome = 0;    ///< share of those within 45 degrees of the axis: 1 for a head seen whole
  double offset = 0;  ///< from the shaft's axis, mm
};

/// The ball at the upper end (towards `bone.axis`). Nothing when there is none of the size and
/// place of a humeral head.
std::optional<HumeralHead> find_humeral_head(const BoneShape& shape, const LongBone& bone);

/**
 * The level of the surgical neck on the axis: where, from the shaft upwards, the slices have become
 * a fifth wider than they are on average 3 to 4.5 head radii below the head's centre (of a shorter
 * piece: in what is seen below 2.4). Nothing when no shaft is seen there.
 */
std::optional<double> surgical_neck_level(const LongBone& bone, const HumeralHead& head);

/// The tubercles and the groove between them, found without knowing the side.
struct Tubercles
{
  Vec3 anterior;         ///< unit, across the shaft: the side of the groove, across the head's axis
  Vec3 lesser;           ///< most prominent point of the lesser tubercle
  double groove = 0;     ///< depth of the bicipital groove, mm, on that side
  double opposite = 0;   ///< the same on the other side; negative where it bulges everywhere
  double prominence = 0; ///< of the lesser tubercle, mm
};

/**
 * On the map of the surface's distance from the shaft's axis over level and azimuth: the groove is
 * the furrow, 85 to 168 degrees off the head's side, that lies deepest below the chords over it on
 * average of the levels of the tubercles; the lesser tubercle stands between it and the head. (On a
 * real bone the groove lay 163 and the lesser tubercle 125 degrees off the head's side.)
 */
Tubercles find_tubercles(const BoneShape& shape, const LongBone& bone, const HumeralHead& head);

} // namespace calcar::anatomy
