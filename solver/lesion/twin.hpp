#pragma once

#include "lesion/lesion.hpp"

namespace calcar::lesion
{

/// The density of a bone without the lesions that its CT shows.
struct FilledTwin
{
  image::Volume density;    ///< g/cm^3, that of the CT outside the filled voxels
  std::size_t filled = 0;   ///< voxels
  std::size_t mirrored = 0; ///< of them with the other side's density behind them
};

/**
 * Fills the lesions that the CT shows (`in_ct`, not those it cannot see; with margin, rim and a
 * voxel around, whose density the scanner blurs) from the bone around them: the density u of each
 * voxel is the weighted mean of its 26 neighbours in the bone,
 *
 *   sum_b w_ab (u_b - u_a + m_a - m_b) = 0,   w_ab = exp(-((D_a - D_b) / s)^2) / |a - b|^2,
 *
 * D the depth below the surface and s a third of a voxel near the surface, 0.03 D deeper: cortex is
 * continued by the cortex beside it at the same depth, and keeps its thickness, spongy bone by
 * spongy bone. m is the density of the mirrored other side where it is given and known (not NaN),
 * else 0: its pattern is taken over, its level is matched at the border. Solved by over-relaxation
 * to 1e-4 g/cm^3. The mask of the bone stays as it is.
 *
 * Throws InputError (data) when lesions leave no bone beside them.
 */
FilledTwin fill_lesions(const Ground& ground, const std::vector<PlacedLesion>& lesions,
                        const image::Volume* mirrored = nullptr);

/// How the strengths of two sides differ by nature (materials/lesions/side_difference.toml).
struct SideDifference
{
  double mean = 0; ///< of the difference over the larger
  double deviation = 0;
  double no_difference = 0; ///< a ratio this near to 1 is no difference
  std::string doubt;        ///< "unconfirmed ...", empty when the figures are confirmed
};
const SideDifference& side_difference();

/// "no difference between the sides (ratio 0.9; sides differ by 17 +- 12 % by nature)" or "weaker
/// than the other side: ...".
std::string side_words(double ratio);

} // namespace calcar::lesion
