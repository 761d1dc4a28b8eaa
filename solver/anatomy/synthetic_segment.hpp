#pragma once

#include "anatomy/synthetic_bone.hpp"

namespace calcar::anatomy
{

/// Where one set of coordinates lies in another.
struct Placement
{
  Mat3 axes = identity(); ///< turns directions of the one into those of the other
  Vec3 at;                ///< where the zero of the one lies in the other

  Vec3 apply(Vec3 p) const { return at + axes * p; }
  Vec3 back(Vec3 p) const { return transpose(axes) * (p - at); }
};

/// The first placement, then the second.
Placement compose(const Placement& first, const Placement& second);
Placement inverse(const Placement& placement);

/**
 * Neighbouring synthetic bones in one scan, each a whole bone with its own densities, landmarks and
 * labels. Their common coordinates are those of one of them, the index.
 */
struct SyntheticSegment
{
  struct Part
  {
    SyntheticBody body;
    Placement in_index; ///< its coordinates in those of the index
  };
  /// What lies between a part and the next.
  struct Disc
  {
    double height_mm = 0; ///< between the middles of the rims
    double wedge_deg = 0; ///< positive when higher in front
  };
  std::vector<Part> parts; ///< cranial to caudal
  std::vector<Disc> discs; ///< one less than parts
  std::size_t index = 0;
  double lordosis_deg = 0; ///< between the uppermost and the lowest rim, positive when they open
                           ///< in front

  const SyntheticBody& index_body() const { return parts[index].body; }
};

/// The box that holds a whole segment, in the coordinates of its index.
struct SegmentBox
{
  Vec3 low, high;
};
SegmentBox box_of(const SyntheticSegment& segment);

/// The scan of several bones; see `make_scan` of one. The settings' position is that of the index's
/// frame and the crop is in its coordinates; something of every part must be left.
SyntheticScan make_scan(const SyntheticSegment& segment, const ScanSettings& settings);

/// The levels of a spine segment from words: "L2:L4" or "L2,L3,L4". Throws InputError (command)
/// unless they are two to five neighbours, written from cranial to caudal.
std::vector<std::string> segment_levels(const std::string& words);

/**
 * Neighbouring vertebrae of one person (materials/anatomy/synthetic_vertebra.toml and
 * vertebra_levels.toml), labelled 11, 12, ... from cranial to caudal, a child's growth plates 21,
 * 22, ... Each stands below the one above by the height and the wedge of the disc between them; its
 * inferior joint surfaces are those that the superior ones of the vertebra below ask for, across
 * the gap of the joint, and nothing of it comes nearer to that vertebra. The person's level is the
 * index's; empty: the middle one, of an even number the upper of the two. `given` are dimensions of
 * an L3; see `at_level`. Throws InputError (command) for an index that is none of the levels, and
 * as `segment_levels` and `dimensions_with`.
 */
SyntheticSegment spine_segment(const SyntheticPerson& person,
                               const std::vector<std::string>& levels,
                               const Dimensions& given = {});

} // namespace calcar::anatomy
