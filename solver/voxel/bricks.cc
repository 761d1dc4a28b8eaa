#include "voxel/level.hpp"

#include <algorithm>

namespace calcar::voxel
{

void mark_rows(Bricks& bricks)
{
  bricks.rows.assign(bricks.list.size(), 0);
  for (std::size_t v = 0; v < bricks.mu.size(); ++v)
    if (bricks.mu[v] > 0)
      bricks.rows[v / brick_voxels] |= std::uint64_t{1} << v % brick_voxels / brick_edge;
}

std::int32_t find_brick(const Bricks& bricks, const Brick& brick)
{
  if (brick.i < 0 || brick.j < 0 || brick.k < 0)
    return -1;
  const auto& list = bricks.list;
  const std::uint64_t key = morton(brick);
  const auto found = std::lower_bound(
      list.begin(), list.end(), key, [](const Brick& b, std::uint64_t k) { return morton(b) < k; });
  return found != list.end() && *found == brick ? static_cast<std::int32_t>(found - list.begin())
                                                : -1;
}

std::uint64_t lattice_id(const std::array<int, 3>& grid_size, int i, int j, int k)
{
  const auto nx = static_cast<std::uint64_t>(grid_size[0]) + 1;
  const auto ny = static_cast<std::uint64_t>(grid_size[1]) + 1;
  return static_cast<std::uint64_t>(i) +
         nx * (static_cast<std::uint64_t>(j) + ny * static_cast<std::uint64_t>(k));
}

std::uint64_t lattice_id(const Bricks& bricks, const Brick& brick, int position)
{
  const auto at = node_indices(position);
  return lattice_id(bricks.size, brick_edge * brick.i + at[0], brick_edge * brick.j + at[1],
                    brick_edge * brick.k + at[2]);
}

std::uint64_t lattice_id(const Level& level, std::int32_t node)
{
  const auto brick = static_cast<std::size_t>(home_brick(level.nodes, node));
  return lattice_id(level.bricks, level.bricks.list[brick],
                    level.nodes.position[static_cast<std::size_t>(node)]);
}

std::int32_t find_node(const Bricks& bricks, const Nodes& nodes, int i, int j, int k)
{
  // A node on a brick's low faces is also on the high faces of its lower neighbours.
  for (int dk = 0; dk <= (k % brick_edge == 0); ++dk)
    for (int dj = 0; dj <= (j % brick_edge == 0); ++dj)
      for (int di = 0; di <= (i % brick_edge == 0); ++di)
      {
        const Brick brick{i / brick_edge - di, j / brick_edge - dj, k / brick_edge - dk};
        const std::int32_t b = find_brick(bricks, brick);
        if (b < 0)
          continue;
        const int position = node_position(i - brick_edge * brick.i, j - brick_edge * brick.j,
                                           k - brick_edge * brick.k);
        const std::int32_t node = nodes.table[static_cast<std::size_t>(b) * brick_nodes +
                                              static_cast<std::size_t>(position)];
        if (node < nodes.count)
          return node;
      }
  return -1;
}

} // namespace calcar::voxel
