#pragma once

#include "base/vec3.hpp"

#include <string>
#include <vector>

namespace calcar::anatomy
{

/// A landmark that is the point of the surface farthest along a direction, among those near where
/// it is expected; or of a ridge, along which that point is not sharp, the middle of what rises to
/// within `dome_mm` of it (`middle_of_top`).
struct ProminentLandmark
{
  std::string name;
  Vec3 direction;       ///< unit (medial, anterior, superior) in the frame
  double reach = 25;    ///< mm around where it is expected, of an adult
  double dome_mm = 1.5; ///< depth of the dome whose top it is, of an adult; of a ridge: of its top
  bool ridge = false;
};

/**
 * The prominent landmarks of the hip bone. The ends of the crest are its corners seen obliquely
 * from below (12 degrees), as a hand finds them; the crest is a flat arc between them; the lower
 * anterior spine is the corner of the front edge towards the acetabulum.
 */
const std::vector<ProminentLandmark>& prominent_landmarks();

constexpr double supraacetabular_mm = 10; ///< above the roof of the acetabulum

} // namespace calcar::anatomy
