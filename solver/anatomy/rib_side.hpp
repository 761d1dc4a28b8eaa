#pragma once

#include "anatomy/find_anatomy.hpp"
#include "anatomy/rib_line.hpp"

#include <array>
#include <vector>

namespace calcar::anatomy
{

/// What one end of the line looks like.
struct RibEnd
{
  bool at_border = false; ///< the bone runs on past the image
  double bump_mm = 0;     ///< how far a tubercle stands out on the convex side behind it
  double height = 1;      ///< of the section 10 to 22 mm from it, over the median of the rib
};

struct RibEnds
{
  std::array<RibEnd, 2> end;
  double half_turn = 0.5; ///< fraction of the length at which half of the turn is made
};
RibEnds rib_ends(const RibLine& line);

/**
 * Which end is the head, by shape: positive weights speak for the first end of the line. A head has
 * a tubercle behind it, a neck lower than the shaft, and the sharpest bend nearer to it.
 */
std::vector<SideSign> head_signs(const RibEnds& ends);

/// The rib with names for its directions.
struct RibDirections
{
  RibCurve curve; ///< dorsal to ventral
  RibEnd dorsal, ventral;
  Vec3 superior;
  Vec3 outward; ///< mean direction of the convex side
  Side side = Side::left;
  bool bent = false;       ///< enough to tell the convex side
  double head_weight = 0;  ///< how clearly the shape tells the head, 0 to 3; negative: against what
                           ///< was decided
  double image_weight = 0; ///< how clearly the image tells the side, 0 to 1
};

/**
 * Names the directions. In a patient the image tells which normal of the rib's plane is superior
 * and, from the convex side, left or right; the end found to be the head must then lie dorsally. A
 * rib looks nearly the same upside down: of a specimen the side must be given, and the head be seen
 * or given. Throws InputError when the side cannot be told, when shape and image disagree, and when
 * the side is not the expected one.
 */
RibDirections rib_directions(const RibLine& line, const AnatomyOptions& options);

} // namespace calcar::anatomy
