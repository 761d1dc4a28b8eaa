#pragma once

#include "image/volume.hpp"

#include <string>
#include <vector>

namespace calcar::anatomy
{

/// A ray from inside the head and what of the bone it meets last.
struct VaultRay
{
  Vec3 direction; ///< unit, LPS
  bool hit = false;
  Vec3 outer;          ///< where it leaves the bone for good
  double outer_mm = 0; ///< from the start
  double inner_mm = 0; ///< where it entered the bone it leaves there
};

/// A shell of bone as seen from inside.
struct VaultSurface
{
  image::Mask mask;           ///< largest piece, cut to its box, voxels of 1 mm or more
  Vec3 start;                 ///< of all rays
  double radius_mm = 0;       ///< of the sphere fitted to the bone
  std::vector<VaultRay> rays; ///< directions evenly over the sphere
  double hit = 0;             ///< share of rays that meet bone
  double left_out = 0;        ///< share of the mask outside the largest piece
};

/**
 * The outer surface of a cranial vault or of a piece of it, along rays from the centre of the
 * sphere fitted to its bone. Throws InputError when the mask is not a thin shell of the size of a
 * head.
 */
VaultSurface vault_surface(const image::Mask& mask, const std::string& place);

/// The outer points of all rays that hit.
std::vector<Vec3> outer_points(const VaultSurface& surface);

/// Directions evenly over the sphere.
const std::vector<Vec3>& even_directions();

/// Rays from a point; bone farther than `reach_mm` is not seen.
std::vector<VaultRay> cast_rays(const image::Mask& mask, Vec3 start, double reach_mm,
                                const std::vector<Vec3>& directions);

} // namespace calcar::anatomy
