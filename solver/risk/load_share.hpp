#pragma once

#include "risk/fixation.hpp"

namespace calcar::risk
{

/// The plane where bone and implant share the load.
struct ShareLevel
{
  Vec3 point;  ///< LPS mm
  Vec3 across; ///< unit normal: the bone's local axis
  std::string words;
};

/**
 * The level of the largest lesion, or of the middle of the implant where there is none. Its normal
 * is the bone's own axis there (lesion::local_axis): of the neck in head and neck of a femur, of
 * the line of the shaft's centres, or the proximal direction of the bone's frame.
 */
ShareLevel share_level(const FixedBody& fixed);

/// The hardware's shares of force and moment by their sizes, |hardware| / (|hardware| + |bone|), so
/// that they lie between 0 and 1 where both pull against each other, too; 0 where nothing is borne.
struct LoadShare
{
  double force = 0;
  double moment = 0;
};
LoadShare load_share(const analysis::SharedLoad& load);

} // namespace calcar::risk
