#pragma once

#include "base/offset_set.hpp"
#include "model/voxel_body.hpp"

#include <array>
#include <cstdint>
#include <vector>

namespace calcar::voxel
{

/// Active voxels that follow each other along i: `first` to `last` in row (j, k).
struct Run
{
  int first;
  int last;
  int j;
  int k;
  std::uint64_t voxel; ///< index of the first one in VoxelBody
};

/// Number of voxels in a run.
inline std::uint64_t length(const Run& run)
{
  return static_cast<std::uint64_t>(run.last - run.first + 1);
}

/// All runs of a body, in the order of its voxels.
std::vector<Run> runs_of(const model::VoxelBody& body);

/**
 * Calls visit(r, n) for every run r and those runs n of the row at (dj, dk) from its own that
 * overlap it when one of them is made longer by `reach` voxels at both ends: with 0 they share
 * faces (or edges, when both dj and dk are not 0), with 1 at least a corner. One sweep.
 */
template <typename Visit>
void for_near_runs(const std::vector<Run>& runs, int dj, int dk, int reach, const Visit& visit)
{
  const auto row_before = [](const Run& run, int j, int k)
  { return run.k != k ? run.k < k : run.j < j; };
  std::size_t other = 0; // both lists ascend
  for (std::size_t r = 0; r < runs.size(); ++r)
  {
    const Run& run = runs[r];
    const int j = run.j + dj, k = run.k + dk;
    const auto is_there = [&](std::size_t n)
    { return n < runs.size() && runs[n].j == j && runs[n].k == k; };
    while (other < runs.size() && row_before(runs[other], j, k))
      ++other;
    while (is_there(other) && runs[other].last + reach < run.first)
      ++other;
    for (std::size_t n = other; is_there(n) && runs[n].first <= run.last + reach; ++n)
      visit(static_cast<std::uint32_t>(r), static_cast<std::uint32_t>(n));
  }
}

/// The active voxels as offsets in the grid; the place of one is its index in VoxelBody.
OffsetSet voxel_set(const model::VoxelBody& body);

/// The nodes of the active voxels as lattice numbers; the place of one is its index among all,
/// ascending.
OffsetSet node_set(const model::VoxelBody& body);

/// The node with a lattice number.
model::NodeIndex lattice_node(const std::array<int, 3>& grid_size, std::uint64_t id);

} // namespace calcar::voxel
