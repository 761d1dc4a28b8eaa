#pragma once

#include "voxel/aggregation_level.hpp"

#include <mpi.h>

#include <memory>

namespace calcar::voxel
{

/// Solves the smallest level of aggregates exactly: every rank gathers it and factors it with
/// PETSc.
class AggregationCoarsest
{
public:
  /// Collective. Throws SolveError when it cannot be factored.
  AggregationCoarsest(const AggregationLevel& level, MPI_Comm comm);
  ~AggregationCoarsest();
  AggregationCoarsest(AggregationCoarsest&&) noexcept;
  AggregationCoarsest& operator=(AggregationCoarsest&&) noexcept;

  /// level.x = A^-1 level.b. Collective.
  void solve(AggregationLevel& level) const;

private:
  struct System;
  std::unique_ptr<System> system_;
};

} // namespace calcar::voxel
