#include "voxel/contact_galerkin.hpp"

#include "voxel/aggregate_modes.hpp"

#include <array>

namespace calcar::voxel
{
namespace
{
/// What a voxel does along the rigid motions of one aggregate.
struct Share
{
  std::int32_t aggregate = -1;
  std::array<double, 6> motion{};
};

/// The aggregates that a voxel touches, at most eight.
struct Shares
{
  std::array<Share, 8> list;
  std::size_t count = 0;

  Share& of(std::int32_t aggregate)
  {
    for (std::size_t n = 0; n < count; ++n)
      if (list[n].aggregate == aggregate)
        return list[n];
    list[count].aggregate = aggregate;
    return list[count++];
  }
};

/// Of a local node, in mean voxel edges.
Vec3 place_of(const Level& level, std::int32_t node)
{
  const auto home = static_cast<std::size_t>(home_brick(level.nodes, node));
  const Brick& brick = level.bricks.list[home];
  const auto at = node_indices(level.nodes.position[static_cast<std::size_t>(node)]);
  const Vec3 edges = level.bricks.spacing / mean_edge(level.bricks);
  return {(brick_edge * brick.i + at[0]) * edges.x, (brick_edge * brick.j + at[1]) * edges.y,
          (brick_edge * brick.k + at[2]) * edges.z};
}

Shares shares_of(const Level& level, const Aggregates& aggregates,
                 const std::vector<std::uint8_t>& free, const PressedVoxel& voxel)
{
  Shares shares;
  for (std::size_t c = 0; c < 8; ++c)
  {
    const auto node = static_cast<std::size_t>(voxel.nodes[c]);
    const std::int32_t a = aggregates.of_node[node];
    if (a < 0)
      continue;
    const Matrix6 rigid = moved(place_of(level, voxel.nodes[c]) -
                                aggregates.modes[static_cast<std::size_t>(a)].centre);
    Share& share = shares.of(a);
    for (std::size_t axis = 0; axis < 3; ++axis)
      if (free[node] >> axis & 1)
        for (std::size_t i = 0; i < 6; ++i)
          share.motion[i] += voxel.weights[c] * voxel.normal[axis] * rigid[6 * axis + i];
  }
  return shares;
}

void add_block(double stiffness, const Share& row, const Share& column, BlockSums& sums)
{
  float* to = sums.values(sums.index(row.aggregate, column.aggregate));
  for (std::size_t i = 0; i < 6; ++i)
    for (std::size_t j = 0; j < 6; ++j)
      to[6 * i + j] += static_cast<float>(stiffness * row.motion[i] * column.motion[j]);
}

/// A voxel inside one aggregate, none of whose corners are held, is not strained by its motions.
bool is_strained(const std::vector<std::uint8_t>& free, const PressedVoxel& voxel,
                 const Shares& shares)
{
  constexpr std::uint8_t all_components = 7;
  bool held = false;
  for (const std::int32_t node : voxel.nodes)
    held = held || free[static_cast<std::size_t>(node)] != all_components;
  return shares.count > 1 || (shares.count == 1 && held);
}
} // namespace

void add_pressed(const Level& level, const Aggregates& aggregates,
                 const std::vector<std::uint8_t>& free, BlockSums& sums)
{
  for (const PressedVoxel& voxel : level.pressed)
  {
    const Shares shares = shares_of(level, aggregates, free, voxel);
    if (!is_strained(free, voxel, shares))
      continue;
    for (std::size_t g = 0; g < shares.count; ++g)
      for (std::size_t h = 0; h < shares.count; ++h)
        if (shares.list[g].aggregate <= shares.list[h].aggregate)
          add_block(voxel.stiffness, shares.list[g], shares.list[h], sums);
  }
}

} // namespace calcar::voxel
