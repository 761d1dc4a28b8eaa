#pragma once

#include "implant/build.hpp"

#include <vector>

namespace calcar::implant
{

/// The vertebral body, in coordinates of the bone's frame: right, anterior, cranial, mm from its
/// centre.
struct VertebralBody
{
  anatomy::Frame frame;
  double width = 0, depth = 0, height = 0;
  double posterior = 0, anterior = 0; ///< walls in the midline
  double inferior = 0, superior = 0;  ///< middles of the endplates
  std::vector<Vec3> points;           ///< every half millimetre
  std::vector<double> below;          ///< depth below the bone's surface of each

  Vec3 local(Vec3 p) const
  {
    const Vec3 d = p - frame.origin;
    return {dot(d, frame.medial), dot(d, frame.anterior), dot(d, frame.proximal)};
  }
  Vec3 lps(Vec3 p) const
  {
    return frame.origin + p.x * frame.medial + p.y * frame.anterior + p.z * frame.proximal;
  }
  static constexpr double step_mm = 0.5;
  static constexpr double point_ml = step_mm * step_mm * step_mm / 1000; ///< of each point
  static constexpr double over_rim_mm = 3; ///< of an endplate's rim above its middle

  double ml() const { return static_cast<double>(points.size()) * point_ml; }
};

/// Measures the body and finds its points: in one piece, so that a neighbour's rim is left out.
/// Throws InputError (data) without the landmarks of walls and endplates.
VertebralBody vertebral_body(const Building& building);

/// Whether a lesion holds a point.
bool in_lesion(const Site& site, Vec3 point);

/// What lesions have opened: shares of the area.
struct Openings
{
  double wall = 0;      ///< of the posterior wall, between the pedicles
  double endplates = 0; ///< of the one that is opened more
};

/// Feels for openings by lines from the body's middle outwards, those that leave the bone within a
/// lesion.
Openings look_for_openings(const Building& building, const VertebralBody& body);

} // namespace calcar::implant
