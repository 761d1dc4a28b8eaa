#pragma once

#include "voxel/coarsest.hpp"
#include "voxel/level.hpp"

#include <optional>
#include <vector>

namespace calcar::voxel
{

/// Work vectors of one level for the V-cycle, single precision.
struct CycleVectors
{
  std::vector<float> x;
  std::vector<float> b;
  std::vector<float> d;
  std::vector<float> t;
};

/// Degree and interval of the Chebyshev smoother: [top / ratio, top] with top = 1.1 times the
/// estimated eigenvalue.
struct Smoothing
{
  int degree = 3;
  double ratio = 8;
};

/**
 * The multigrid preconditioner: one V-cycle in single precision, symmetric and positive. levels[0]
 * is the finest; each rank coarsens its own voxels.
 */
class Multigrid
{
public:
  /// Builds the coarser levels below `finest` (bricks, nodes and constraints filled in).
  /// Collective.
  Multigrid(Level finest, MPI_Comm comm, Smoothing smoothing = {});

  const Level& finest() const { return levels_.front(); }
  const std::vector<Level>& levels() const { return levels_; }

  /// The right-hand side of the next cycle on the finest level; zero at fixed components.
  std::vector<float>& right_side() { return vectors_.front().b; }

  /// One V-cycle for right_side() from a zero guess; the answer stays valid until the next call.
  /// Collective.
  const std::vector<float>& cycle();

private:
  void add_coarser();
  void finish(Level& level);
  void cycle(std::size_t level);

  MPI_Comm comm_;
  Smoothing smoothing_;
  std::vector<Level> levels_;
  std::vector<CycleVectors> vectors_;
  std::optional<Coarsest> coarsest_;
};

} // namespace calcar::voxel
