#pragma once

#include "voxel/level.hpp"

#include <vector>

namespace calcar::voxel
{

/**
 * The local voxels of a level in order: number n is at places[n] of the bricks' arrays, brick by
 * brick, ascending.
 */
std::vector<std::uint32_t> active_places(const Bricks& bricks);

/**
 * Averages values of voxels over their neighbourhood, along the material only: what void parts does
 * not mix. A pass takes each value to the corners of its voxel, where the voxels that meet are
 * averaged, and back; inside the material that is the weight (1/4, 1/2, 1/4) along each axis, of
 * variance h^2 / 2. As many passes are made, the last one in part, as give the variance of a
 * Gaussian of full width `width_mm` at half maximum. A uniform field stays as it is. h^2 is the
 * mean over the axes. The same on any number of ranks. Collective.
 */
class Neighbourhood
{
public:
  Neighbourhood(const Level& level, const std::vector<std::uint32_t>& places, double width_mm);

  /// False when the width is too small against the voxels to change anything.
  bool averages() const { return passes_ > 0; }

  /// One value per local voxel, in the order of `places`.
  void average(const Level& level, std::vector<double>& values) const;

private:
  const std::vector<std::uint32_t>& places_;
  double passes_ = 0;
  std::vector<float> share_; ///< [node] one over the voxels that meet there, of all ranks
};

} // namespace calcar::voxel
