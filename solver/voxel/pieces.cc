#include "voxel/pieces.hpp"

#include "base/disjoint_sets.hpp"
#include "voxel/runs.hpp"

#include <algorithm>

namespace calcar::voxel
{

std::vector<Piece> pieces(const model::VoxelBody& body, Joint joint)
{
  const std::vector<Run> runs = runs_of(body);
  DisjointSets sets(runs.size());
  const int reach = joint == Joint::node ? 1 : 0;
  const auto join = [&](std::uint32_t a, std::uint32_t b) { sets.join(a, b); };
  for_near_runs(runs, 1, 0, reach, join);
  for (int dj = -reach; dj <= reach; ++dj)
    for_near_runs(runs, dj, 1, reach, join);

  std::uint32_t count = 0;
  const std::vector<std::uint32_t> piece_of = sets.number(count);
  std::vector<Piece> result(count);
  for (std::size_t r = 0; r < runs.size(); ++r)
    result[piece_of[r]].voxels.append(runs[r].voxel, runs[r].voxel + length(runs[r]));
  std::stable_sort(result.begin(), result.end(),
                   [](const Piece& a, const Piece& b)
                   { return a.voxels.size() > b.voxels.size(); });
  return result;
}

} // namespace calcar::voxel
