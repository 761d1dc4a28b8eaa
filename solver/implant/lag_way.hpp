#pragma once

#include "implant/build.hpp"

namespace calcar::implant
{

/// A way of a lag screw or blade into the head, at an angle of the maker's to a straight line: a
/// nail's proximal part or a hip plate.
struct LagWay
{
  double angle_deg = 0;
  double from_top_mm = 0; ///< of the line's point to where the way leaves the line
  Vec3 start;             ///< there
  Vec3 towards;           ///< unit, into the head
  double to_neck_mm = 0;  ///< from the way to the neck's centre
  double to_head_mm = 0;  ///< and to that of the head
};

/// Centres of neck and head. Throws InputError (data) when the image does not show them.
struct NeckAndHead
{
  Vec3 neck, head;
};
NeckAndHead neck_and_head(const Building& building);

/// The way at this angle to the line that meets it and crosses the neck's axis between both
/// centres.
LagWay way_at(double angle_deg, Vec3 top, Vec3 down, const NeckAndHead& to);

/// The angles that may be taken: the plan's, or the one chosen by hand.
std::vector<double> lag_angles(const Building& building);

/// The farther of the way's distances from the two centres.
inline double off_centre(const LagWay& way)
{
  return way.to_neck_mm > way.to_head_mm ? way.to_neck_mm : way.to_head_mm;
}

/// Where a lag screw of the plan's lengths lies.
struct LagPlace
{
  Vec3 lateral; ///< on the lateral cortex
  Vec3 tip;
  double length_mm = 0; ///< between them
};

/**
 * The screw along a way. Sets its measures. Throws InputError (data), with what was measured, when
 * no length ends as deep under the joint as it must, when the neck is too narrow for it, when its
 * tip nears the joint sideways and when the way is not wholly in the image.
 */
LagPlace place_along(const Building& building, const LagWay& way);

/// "lag screw" or "blade".
std::string lag_name(const LagPlan& plan);
std::string lag_size(const LagPlan& plan, const LagPlace& place, const LagWay& way);

} // namespace calcar::implant
