#pragma once

#include "voxel/aggregate_modes.hpp"
#include "voxel/aggregation_exchange.hpp"
#include "voxel/aggregation_matrix.hpp"
#include "voxel/lanczos.hpp"

#include <mpi.h>

#include <cstdint>
#include <functional>
#include <vector>

namespace calcar::voxel
{

/// How the levels of aggregates are smoothed and visited.
struct AggregationCycle
{
  int degree = 2;         ///< of the Chebyshev smoother on the levels of aggregates
  double ratio = 10;      ///< its interval is [top / ratio, top]
  double accuracy = 0.25; ///< part of the error that solving a level may leave
  int most_cycles = 4;    ///< of a level
  double over = 1.4;      ///< factor of the correction from aggregates
  double strength = 0.1;  ///< aggregates are joined above this part of their own stiffness
  int coarsest = 2400;    ///< unknowns that are solved exactly
};

/// One level of aggregates on one rank.
struct AggregationLevel
{
  std::vector<std::uint64_t> first; ///< [rank + 1] global numbers
  BlockMatrix matrix;
  BlockExchange exchange;
  std::vector<RigidModes> modes;    ///< of own aggregates; only while the levels are built
  std::vector<float> inverse;       ///< [row][36] of the diagonal blocks
  double largest_eigenvalue = 0;    ///< of inverse times matrix
  std::vector<std::int32_t> parent; ///< [row] own aggregate of the next level
  std::vector<float> to_parent;     ///< [row][36] its modes in those of this level
  std::vector<float> x, b, d, t;    ///< block_stride values an aggregate, ghosts behind

  std::size_t values() const
  {
    return block_stride * (static_cast<std::size_t>(matrix.rows) + matrix.ghosts.size());
  }
  std::size_t bytes() const;
};

/// Inverses of the diagonal blocks, largest eigenvalue, vectors. Collective.
void finish_level(AggregationLevel& level, MPI_Comm comm);

/// The next level: neighbours that hold each other strongly are joined, own ones only. Collective.
AggregationLevel coarser_level(AggregationLevel& fine, double strength, MPI_Comm comm);

/// Lanczos' method on M A, for M given by `precondition`, which makes x = M b. Collective.
LanczosMatrix lanczos_steps(AggregationLevel& level, int steps, MPI_Comm comm,
                            const std::function<void()>& precondition);

/// t = b - A x.
void residual_blocks(AggregationLevel& level);

/// x = x + q(D^-1 A) D^-1 (b - A x), D the diagonal blocks, q as in the voxel smoother.
void smooth_blocks(AggregationLevel& level, const AggregationCycle& cycle, bool from_zero);

/// coarse.b = T^T (b - A x).
void restrict_blocks(AggregationLevel& fine, AggregationLevel& coarse);

/// x += over T coarse.x.
void add_prolonged_blocks(AggregationLevel& fine, const AggregationLevel& coarse, double over);

} // namespace calcar::voxel
