#pragma once

#include "voxel/aggregates.hpp"
#include "voxel/aggregation_hierarchy.hpp"
#include "voxel/multigrid.hpp"

#include <mpi.h>

#include <cstdint>
#include <optional>
#include <vector>

namespace calcar::voxel
{

/// What the preconditioner is made of; the defaults are what the measurements in README.md chose.
struct AggregationOptions
{
  AggregateRule aggregates;
  AggregationCycle cycle;
  Smoothing smoothing = {5, 16}; ///< of the voxel level
};

/// What a body is made of, on all ranks.
struct Filling
{
  std::uint64_t voxels; ///< active ones
  std::uint64_t nodes;
};
Filling filling_of(const Level& level, MPI_Comm comm); ///< collective

/// Smaller aggregates for porous bodies (`porous_below`); for those of thin struts, below 0.5
/// voxels a node, also more smoothing and a better answer on the aggregates. Collective.
AggregationOptions aggregation_for(const Level& finest, MPI_Comm comm);

/// What an aggregation preconditioner is and took, of the whole body.
struct AggregationReport
{
  int levels = 0;               ///< with the voxel level
  std::uint64_t aggregates = 0; ///< of the first level
  std::uint64_t bytes = 0;      ///< all levels of aggregates with their vectors
  double seconds = 0;           ///< set-up
};

/**
 * The connectivity-aware preconditioner, for bodies with voids and metal: a symmetric positive
 * cycle in single precision whose coarse space are the rigid motions of aggregates that do not
 * reach across void or from metal to marrow. Voxel level: Chebyshev, the correction, Chebyshev,
 * which also smooths the piecewise rigid correction and its rounding errors: smoothed aggregation
 * without its matrix.
 */
class Aggregation final : public Preconditioner
{
public:
  /// `finest` must have its inverse diagonal and largest eigenvalue; it and the work vectors of
  /// this level, which are shared, must outlive this object. Collective.
  Aggregation(const Level& finest, CycleVectors& vectors, MPI_Comm comm);
  Aggregation(const Level& finest, CycleVectors& vectors, MPI_Comm comm,
              const AggregationOptions& options);

  const Level& finest() const { return finest_; }
  const AggregationReport& report() const { return report_; }

  /// The right-hand side of the next cycle; zero at fixed components.
  std::vector<float>& right_side() override;

  std::vector<double>& borrowed() override;

  /// One cycle for right_side() from a zero guess; the answer stays valid until the next call.
  /// Collective.
  const std::vector<float>& cycle() override;

private:
  void write_report(double seconds);
  template <typename Visit>
  void for_members(Visit&& visit) const;
  void restrict_residual();
  void add_correction();

  const Level& finest_;
  MPI_Comm comm_;
  AggregationOptions options_;
  std::vector<std::int32_t> of_node_; ///< [owned node]
  std::vector<Vec3> centres_;         ///< [own aggregate] in mm
  std::vector<float> from_modes_;     ///< [own aggregate][36] rotations in 1/mm
  std::optional<AggregationHierarchy> hierarchy_;
  CycleVectors& vectors_;
  AggregationReport report_;
};

} // namespace calcar::voxel
