#pragma once

#include "implant/build.hpp"

#include <vector>

namespace calcar::implant
{

/// The canal's axis from the entry's level to that of the tips.
struct NailCourse
{
  static constexpr double step_mm = 5;

  Path axis;
  std::vector<double> room; ///< free radius about it, every 5 mm
  double isthmus_mm = 0;
};

/**
 * The course of a child's flexible nails between its growth plates: from the template's distance
 * beside the plate next to the entry to its distance before the other one. Throws InputError (data)
 * when no plate is labelled, or none at the entry's end; warns "beyond_image" when none is at the
 * other.
 */
NailCourse nail_course(const Building& building);

} // namespace calcar::implant
