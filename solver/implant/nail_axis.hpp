#pragma once

#include "implant/build.hpp"
#include "implant/canal.hpp"

namespace calcar::implant
{

/// Unit direction out of the bone's end at which the nail goes in: proximal, or distal of a
/// retrograde nail.
Vec3 nail_way_in(const Building& building);

/**
 * The nail's axis from its entry into the canal and along its smooth axis as far as the canal's
 * wall guides a nail, then straight on to where bone or image ends. Sets nail_bend_deg, warns
 * "bend". Throws InputError (data) for an entry that is not in the image or not on the bone, and
 * when the image shows too little of the canal.
 */
Path nail_axis(const Building& building, const Canal& canal);

/// What room a nail has along its axis.
struct Room
{
  double length = 0;         ///< to where it must end, mm
  bool beyond_image = false; ///< the canal goes on where the image ends
};
Room room_along(const Building& building, const Path& axis, const Canal& canal);

} // namespace calcar::implant
