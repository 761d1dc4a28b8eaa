#include "model/lattice.hpp"

#include <algorithm>

namespace calcar::model
{

Lattice::Lattice(const VoxelBody& body) : grid_(body.grid), active_(body.grid.voxels(), 0)
{
  for (const std::uint64_t voxel : body.voxels)
    active_[voxel] = 1;
}

bool Lattice::on_surface(int i, int j, int k) const
{
  return !active(i - 1, j, k) || !active(i + 1, j, k) || !active(i, j - 1, k) ||
         !active(i, j + 1, k) || !active(i, j, k - 1) || !active(i, j, k + 1);
}

bool Lattice::node_active(const NodeIndex& node) const
{
  for (int corner = 0; corner < 8; ++corner)
    if (active(node.i - (corner & 1), node.j - ((corner >> 1) & 1), node.k - (corner >> 2)))
      return true;
  return false;
}

std::array<int, 3> voxel_index(const image::Grid& grid, std::uint64_t offset)
{
  const auto nx = static_cast<std::uint64_t>(grid.size[0]);
  const auto ny = static_cast<std::uint64_t>(grid.size[1]);
  return {static_cast<int>(offset % nx), static_cast<int>(offset / nx % ny),
          static_cast<int>(offset / (nx * ny))};
}

Vec3 voxel_centre(const image::Grid& grid, std::uint64_t offset)
{
  const auto [i, j, k] = voxel_index(grid, offset);
  return grid.point({static_cast<double>(i), static_cast<double>(j), static_cast<double>(k)});
}

Vec3 node_position(const image::Grid& grid, const NodeIndex& node)
{
  return grid.point({node.i - 0.5, node.j - 0.5, node.k - 0.5});
}

std::vector<NodeIndex> nodes_of(const image::Grid& grid, std::span<const std::uint64_t> voxels)
{
  const auto nx = static_cast<std::uint64_t>(grid.size[0]) + 1;
  const auto ny = static_cast<std::uint64_t>(grid.size[1]) + 1;
  std::vector<std::uint64_t> offsets;
  offsets.reserve(8 * voxels.size());
  for (const std::uint64_t voxel : voxels)
  {
    const auto [i, j, k] = voxel_index(grid, voxel);
    for (std::uint64_t corner = 0; corner < 8; ++corner)
      offsets.push_back(static_cast<std::uint64_t>(i) + (corner & 1) +
                        nx * (static_cast<std::uint64_t>(j) + ((corner >> 1) & 1) +
                              ny * (static_cast<std::uint64_t>(k) + (corner >> 2))));
  }
  std::sort(offsets.begin(), offsets.end());
  offsets.erase(std::unique(offsets.begin(), offsets.end()), offsets.end());
  std::vector<NodeIndex> nodes(offsets.size());
  std::transform(offsets.begin(), offsets.end(), nodes.begin(),
                 [&](std::uint64_t offset)
                 {
                   return NodeIndex{static_cast<int>(offset % nx),
                                    static_cast<int>(offset / nx % ny),
                                    static_cast<int>(offset / (nx * ny))};
                 });
  return nodes;
}

std::vector<int> voxels_around(const VoxelBody& body, const std::vector<NodeIndex>& nodes)
{
  const auto nx = static_cast<std::size_t>(body.grid.size[0]) + 1;
  const auto ny = static_cast<std::size_t>(body.grid.size[1]) + 1;
  const auto offset = [&](int i, int j, int k)
  {
    return static_cast<std::size_t>(i) +
           nx * (static_cast<std::size_t>(j) + ny * static_cast<std::size_t>(k));
  };
  std::vector<std::uint8_t> count(offset(0, 0, body.grid.size[2] + 1), 0);
  for (const std::uint64_t voxel : body.voxels)
  {
    const auto [i, j, k] = voxel_index(body.grid, voxel);
    for (int corner = 0; corner < 8; ++corner)
      ++count[offset(i + (corner & 1), j + ((corner >> 1) & 1), k + (corner >> 2))];
  }
  std::vector<int> around;
  around.reserve(nodes.size());
  for (const NodeIndex& node : nodes)
    around.push_back(count[offset(node.i, node.j, node.k)]);
  return around;
}

} // namespace calcar::model
