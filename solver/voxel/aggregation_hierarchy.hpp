#pragma once

#include "voxel/aggregation_coarsest.hpp"
#include "voxel/aggregation_level.hpp"

#include <mpi.h>

#include <cstddef>
#include <optional>
#include <vector>

namespace calcar::voxel
{

/**
 * The levels of aggregates and how the first one is solved: by a few cycles with Chebyshev's
 * factors. A cycle M smooths, corrects from the next level, which is solved in the same way, and
 * smooths again. With [low, high] around the eigenvalues of M A and T the Chebyshev polynomial of
 * as many degrees as there are cycles, the answer is p(M A) M b with 1 - x p(x) = T((high + low - 2
 * x) / (high - low)) / T((high + low) / (high - low)), a fixed symmetric positive operator, unlike
 * a Krylov method inside. A level takes as many cycles as leave at most AggregationCycle::accuracy
 * of the error: shells and thin struts need more than compact bodies.
 */
class AggregationHierarchy
{
public:
  /// Builds the levels below `first` (numbers, matrix and modes filled in). Collective.
  AggregationHierarchy(AggregationLevel first, const AggregationCycle& cycle, MPI_Comm comm);

  const std::vector<AggregationLevel>& levels() const { return levels_; }
  AggregationLevel& first() { return levels_.front(); }

  /// Factor of the correction from a level; with it the correction stays positive.
  double over(std::size_t level) const;

  /// x of the first level from its b. Collective.
  void solve() { solve(0); }

  std::size_t bytes() const;
  void log() const;

private:
  /// How a level is solved.
  struct Inner
  {
    double low = 1, high = 1; ///< of the cycle times the matrix
    int cycles = 1;
    double error = 0; ///< what they leave at most
    std::vector<float> side, answer, change;
  };

  void add_levels();
  void choose_cycles(std::size_t level);
  void cycle(std::size_t level);
  void solve(std::size_t level);

  MPI_Comm comm_;
  AggregationCycle cycle_;
  std::vector<AggregationLevel> levels_;
  std::vector<Inner> inner_; ///< of each level but the last
  std::optional<AggregationCoarsest> coarsest_;
};

} // namespace calcar::voxel
