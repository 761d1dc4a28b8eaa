#pragma once

#include "voxel/coarsest.hpp"
#include "voxel/cycle_vectors.hpp"
#include "voxel/level.hpp"
#include "voxel/preconditioner.hpp"

#include <optional>
#include <vector>

namespace calcar::voxel
{

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
class Multigrid final : public Preconditioner
{
public:
  /// Builds the coarser levels below `finest` (bricks, nodes and constraints filled in).
  /// Collective.
  Multigrid(Level finest, MPI_Comm comm, Smoothing smoothing = {});

  const Level& finest() const { return levels_.front(); }
  /// The finest level, whose moduli may change; the cycle stays that of the old ones until renew().
  Level& finest() { return levels_.front(); }

  /// Builds all coarser levels again for the moduli that the finest one has now. Collective.
  void renew();

  const std::vector<Level>& levels() const { return levels_; }

  /// The right-hand side of the next cycle on the finest level; zero at fixed components.
  std::vector<float>& right_side() override { return fine_vectors().b; }

  std::vector<double>& borrowed() override { return fine_vectors().block; }

  /// The work vectors of the finest level, ready for use; another cycle on this level may share
  /// them.
  CycleVectors& fine_vectors();

  /// Gives back the memory of the work vectors; the next use takes it again.
  void release();

  /// Gives up all levels but the finest and with them cycle(), for good.
  void keep_finest_only();

  /// One V-cycle for right_side() from a zero guess; the answer stays valid until the next call.
  /// Collective.
  const std::vector<float>& cycle() override;

private:
  void build_levels();
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
