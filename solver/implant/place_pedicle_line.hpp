#pragma once

#include "implant/build.hpp"

#include <string>

namespace calcar::implant
{

/// Which side of a vertebra, in the patient.
enum class PedicleSide
{
  right,
  left
};

std::string to_string(PedicleSide side);

/// The line a screw takes through a pedicle.
struct PedicleLine
{
  Vec3 entry;             ///< where it enters the bone, LPS mm
  Vec3 direction;         ///< unit, into the body
  double free_mm = 0;     ///< diameter that finds bone all around, least along the pedicle
  double to_canal_mm = 0; ///< from the line to the spinal canal, least
  double to_tip_mm = 0;   ///< from the entry to the share of the body's depth asked for
  double inwards_deg = 0; ///< towards the midline
  double upwards_deg = 0; ///< against the body's own anterior direction
};

/// How far and in which direction screws usually go.
struct PedicleAim
{
  double share_of_body = 0; ///< of the body's depth that the tip reaches
  double inwards_deg = 0;   ///< towards the midline
};

/**
 * The line a screw takes: of all that pass within 3 mm of the pedicle's centre, turned inwards by
 * -5 to 30 and up or down by up to 20 degrees, the one with most bone about it, where 10 degrees
 * off the usual direction count as 0.3 mm of bone. Bone about a line is the smooth least depth
 * below the surface, -t ln(mean of exp(-depth / t)), t = 1 mm, from 6 mm behind the pedicle's
 * centre to the tip. Throws InputError (data) at `place` without the landmarks of pedicle, canal
 * and body, and when the image ends behind the pedicle.
 */
PedicleLine pedicle_line(const Site& site, const anatomy::BoneAnatomy& vertebra, PedicleSide side,
                         const PedicleAim& aim, const std::string& place);

} // namespace calcar::implant
