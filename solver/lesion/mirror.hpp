#pragma once

#include "lesion/wall.hpp"

namespace calcar::lesion
{

/// Where the places of a bone lie on the same bone of the other side: q = turn p + shift, turn a
/// rotation with a mirror image.
struct Mirror
{
  Mat3 turn = identity();
  Vec3 shift;
  double rms_mm = 0;        ///< of the surfaces' distance where they lie on each other
  double matched_share = 0; ///< of the surface points that do, within 5 mm

  Vec3 operator()(Vec3 point) const { return turn * point + shift; }
};

/**
 * Lays a bone mirrored on that of the other side: first by the frames of both, whose axes carry
 * names, then by the rotation and translation that bring its surface onto the other's (Gauss-Newton
 * on the distances below the other's surface, those beyond 5 mm left out). Throws InputError (data)
 * at `place` for bones of different kinds or of one side, and when less than 60 % of the surface
 * lies within 5 mm of the other.
 */
Mirror mirror_onto(const Ground& bone, const Ground& other, const std::string& place);

/// The other side's density on the grid of the bone, at the mirrored places; NaN outside either.
image::Volume mirrored_density(const Ground& bone, const Ground& other, const Mirror& mirror);

} // namespace calcar::lesion
