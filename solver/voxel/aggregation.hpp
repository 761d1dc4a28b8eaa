#pragma once

#include "voxel/aggregates.hpp"
#include "voxel/aggregation_coarsest.hpp"
#include "voxel/aggregation_level.hpp"
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
  Smoothing smoothing = {2, 8}; ///< of the voxel level
};

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
 * reach across void or from metal to marrow. Voxel level: Chebyshev, a Jacobi step, the
 * correction, a Jacobi step, Chebyshev; the Jacobi steps smooth the piecewise rigid correction and
 * its rounding errors, and stand for smoothed aggregation without its matrix.
 */
class Aggregation final : public Preconditioner
{
public:
  /// `finest` must have its inverse diagonal and largest eigenvalue; it and the work vectors of
  /// this level, which are shared, must outlive this object. Collective.
  Aggregation(const Level& finest, CycleVectors& vectors, MPI_Comm comm,
              AggregationOptions options = {});

  const Level& finest() const { return finest_; }
  const AggregationReport& report() const { return report_; }

  /// The right-hand side of the next cycle; zero at fixed components.
  std::vector<float>& right_side() override;

  std::vector<double>& borrowed() override;

  /// One cycle for right_side() from a zero guess; the answer stays valid until the next call.
  /// Collective.
  const std::vector<float>& cycle() override;

private:
  void make_levels();
  void write_report(double seconds);
  void limit_over_correction();
  double largest_answer(std::size_t level);
  template <typename Visit>
  void for_members(Visit&& visit) const;
  void soften();
  void restrict_residual();
  void add_correction();
  void cycle_blocks(std::size_t level);

  const Level& finest_;
  MPI_Comm comm_;
  AggregationOptions options_;
  std::vector<std::int32_t> of_node_; ///< [owned node]
  std::vector<Vec3> centres_;         ///< [own aggregate] in mm
  std::vector<float> from_modes_;     ///< [own aggregate][36] rotations in 1/mm
  std::vector<AggregationLevel> levels_;
  std::vector<double> over_; ///< [level] factor of the correction from it
  std::optional<AggregationCoarsest> coarsest_;
  CycleVectors& vectors_;
  AggregationReport report_;
};

} // namespace calcar::voxel
