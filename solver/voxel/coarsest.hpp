#pragma once

#include "voxel/level.hpp"

#include <memory>
#include <vector>

namespace calcar::voxel
{

/**
 * Exact solver of the coarsest level. Every rank gathers the whole level (a few thousand unknowns
 * at most), assembles it in the same order and factors it with PETSc: the answers are equal to the
 * last bit and nobody waits for a broadcast. Construct and call collectively.
 */
class Coarsest
{
public:
  Coarsest(const Level& level, MPI_Comm comm);
  ~Coarsest();
  Coarsest(Coarsest&&) noexcept;
  Coarsest& operator=(Coarsest&&) noexcept;

  /// x = K^-1 b in the free components, 0 in fixed ones. b must be consistent on sharing ranks.
  void solve(const std::vector<float>& b, std::vector<float>& x) const;

private:
  struct System;
  std::unique_ptr<System> system_;
};

} // namespace calcar::voxel
