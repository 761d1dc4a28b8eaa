#pragma once

#include <cstdint>
#include <vector>

namespace calcar::voxel
{

/// Which coarse space the solver builds.
enum class CoarseSpace
{
  automatic, ///< aggregates for porous bodies and metal, else the V-cycle until CoarseChoice's rule
  geometric, ///< the V-cycle always
  aggregation ///< aggregates from the start
};

/// A body with fewer voxels a node is porous: a compact one has nearly 1, struts of radius 3 have
/// 0.70, of 1.6 0.57, of 1.2 0.47 (radii in voxels).
constexpr double porous_below = 0.75;

/// A body with a stiffer voxel has metal in it; no law of bone gives as much.
constexpr double metal_above_MPa = 40000;

/// Whether CoarseSpace::automatic begins with aggregates: for porous bodies, and for those with
/// metal, of 100 000 unknowns or more. Smaller ones look porous for their surface alone, and any
/// method serves them. With metal V-cycles only delay aggregates, or stay beyond 25 iterations: a
/// nailed tube of 0.35 M unknowns took 43 of them in bending, 20 with the change on the way and 14
/// with aggregates from the start.
bool begins_with_aggregates(std::uint64_t voxels, std::uint64_t nodes, double stiffest_MPa = 0);

/**
 * When aggregates should take over from the V-cycle, told from the residuals met so far.
 *
 * With f the mean factor of the last six residuals, r = ln(goal / residual) / ln(f) V-cycles remain
 * for this load, and n + r are needed for each later one. Aggregation costs about as much as 8
 * V-cycles to set up and 28 a load (measured on the hard cases, see README.md; 28 to 60 are even,
 * but r is promised too low by half). From the tenth
 * iteration on, with k loads left in all, it takes over when
 *   r + (k - 1) (n + r) > 8 + 28 k.
 * The factor is watched all the way: some bodies begin fast and stall.
 */
class CoarseChoice
{
public:
  CoarseChoice(double goal, int loads_left) : goal_(goal), loads_left_(loads_left) {}

  /// Takes note of the relative residual after an iteration; true when aggregates should take over.
  bool takes_over(double residual);

private:
  double goal_;
  int loads_left_;
  std::vector<double> residuals_;
};

} // namespace calcar::voxel
