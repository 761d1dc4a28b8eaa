#pragma once

#include "implant/site.hpp"

#include <string>
#include <vector>

namespace calcar::implant
{

/// The medullary canal at one level: the largest circle that fits in it across its axis.
struct CanalPoint
{
  Vec3 centre;               ///< LPS mm
  double free_radius_mm = 0; ///< to the cortex
};

/**
 * The medullary canal of a long bone: every 5 mm, from below the trochanters or tubercles to where
 * the bone or the image ends, proximal to distal. Its wall is where density first reaches that of
 * cortex (materials/lesions/cortex.toml), or the bone's surface where no cortex is met.
 */
struct Canal
{
  std::vector<CanalPoint> points;
  std::size_t isthmus = 0; ///< the narrowest of the shaft
  bool at_border = false;  ///< it ends where the image does

  double isthmus_mm() const { return 2 * points[isthmus].free_radius_mm; } ///< diameter
};

/// Throws InputError (data) at `place` for a bone without a canal and when no shaft is seen.
Canal find_canal(const Site& site, const std::string& place);

/// Distance from a point to the canal's wall across `axis`, the least of 72 directions, mm.
double free_radius(const Site& site, Vec3 point, Vec3 axis);

/// Direction across an axis that is as near as possible to a named one: (lateral, ...).
Vec3 across(Vec3 axis, Vec3 wanted);

} // namespace calcar::implant
