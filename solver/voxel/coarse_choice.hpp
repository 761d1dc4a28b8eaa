#pragma once

#include <vector>

namespace calcar::voxel
{

/// Which coarse space the solver builds.
enum class CoarseSpace
{
  automatic,  ///< the V-cycle first; aggregates take over by CoarseChoice's rule
  geometric,  ///< the V-cycle always
  aggregation ///< aggregates from the start
};

/**
 * When aggregates should take over from the V-cycle, told from the residuals met so far.
 *
 * With f the mean factor of the last six residuals, r = ln(goal / residual) / ln(f) V-cycles remain
 * for this load, and n + r are needed for each later one. Aggregation costs about as much as 25
 * V-cycles to set up and 40 a load (measured on the hard cases, see README.md). From the tenth
 * iteration on, with k loads left in all, it takes over when
 *   r + (k - 1) (n + r) > 25 + 40 k.
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
