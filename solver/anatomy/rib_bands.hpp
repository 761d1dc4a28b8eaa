#pragma once

#include "image/volume.hpp"

#include <vector>

namespace calcar::anatomy
{

/// A long bone cut into bands of equal distance from one of its ends, measured inside the bone.
struct RibBands
{
  std::vector<Vec3> centres; ///< of each band's largest part, LPS mm, from end to end
  double length_mm = 0;      ///< from end to end inside the bone
  double branched = 0;       ///< share of bands whose second part is not small
};

/// Bands `width_mm` wide of the one piece in the mask.
RibBands rib_bands(const image::Mask& mask, double width_mm);

} // namespace calcar::anatomy
