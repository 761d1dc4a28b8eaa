#include "voxel/runs.hpp"

#include "voxel/level.hpp"

namespace calcar::voxel
{

namespace
{
/// Calls visit(run) for all runs, in the order of the voxels.
template <typename Visit>
void for_runs(const model::VoxelBody& body, const Visit& visit)
{
  const auto nx = static_cast<std::uint64_t>(body.grid.size[0]);
  const auto ny = static_cast<std::uint64_t>(body.grid.size[1]);
  const std::vector<std::uint64_t>& voxels = body.voxels;
  std::uint64_t row = 0;
  for (std::size_t v = 0; v < voxels.size();)
  {
    if (voxels[v] >= (row + 1) * nx)
      row = voxels[v] / nx;
    std::size_t end = v + 1;
    while (end < voxels.size() && voxels[end] == voxels[end - 1] + 1 &&
           voxels[end] < (row + 1) * nx)
      ++end;
    const int first = static_cast<int>(voxels[v] - row * nx);
    visit(Run{first, first + static_cast<int>(end - v) - 1, static_cast<int>(row % ny),
              static_cast<int>(row / ny), v});
    v = end;
  }
}
} // namespace

std::vector<Run> runs_of(const model::VoxelBody& body)
{
  std::size_t count = 0;
  for_runs(body, [&](const Run&) { ++count; });
  std::vector<Run> runs;
  runs.reserve(count); // growing would take up to twice the memory
  for_runs(body, [&](const Run& run) { runs.push_back(run); });
  return runs;
}

OffsetSet voxel_set(const model::VoxelBody& body)
{
  OffsetSet set(body.grid.voxels());
  for (const std::uint64_t offset : body.voxels)
    set.insert(offset);
  set.count();
  return set;
}

OffsetSet node_set(const model::VoxelBody& body)
{
  const auto& size = body.grid.size;
  OffsetSet set(lattice_id(size, 0, 0, size[2] + 1));
  for_runs(body,
           [&](const Run& run)
           {
             for (int dk = 0; dk < 2; ++dk)
               for (int dj = 0; dj < 2; ++dj)
                 set.insert_range(lattice_id(size, run.first, run.j + dj, run.k + dk),
                                  lattice_id(size, run.last + 1, run.j + dj, run.k + dk));
           });
  set.count();
  return set;
}

model::NodeIndex lattice_node(const std::array<int, 3>& grid_size, std::uint64_t id)
{
  const auto nx = static_cast<std::uint64_t>(grid_size[0]) + 1;
  const auto ny = static_cast<std::uint64_t>(grid_size[1]) + 1;
  return {static_cast<int>(id % nx), static_cast<int>(id / nx % ny),
          static_cast<int>(id / (nx * ny))};
}

} // namespace calcar::voxel
