#include "voxel/transfer.hpp"

#include "voxel/operator.hpp"

#include <algorithm>

namespace calcar::voxel
{
namespace
{

constexpr int half_line = 5; ///< coarse nodes along the edge of a fine brick

/// Values at the nodes of a fine brick, [k][j][i][component].
using Dense = std::array<float, 3 * static_cast<std::size_t>(brick_nodes)>;

/// Strides in values between neighbours along i, j, k in a block with `brick_line` nodes per line.
constexpr std::array<std::size_t, 3> stride = {3, 3 * brick_line, 3 * brick_line* brick_line};

/// Calls visit(offset of the line's first value) for the lines along axis d with even other indices
/// when coarse there. Axes before d are already fine (or not yet coarse), axes after d hold only
/// even indices.
template <typename Visit>
void for_lines(std::size_t d, Visit&& visit)
{
  const std::size_t p = d == 0 ? 1 : 0, q = d == 2 ? 1 : 2;
  const std::size_t step_p = p < d ? 1 : 2, step_q = q < d ? 1 : 2;
  for (std::size_t b = 0; b < brick_line; b += step_q)
    for (std::size_t a = 0; a < brick_line; a += step_p)
      for (std::size_t c = 0; c < 3; ++c)
        visit(a * stride[p] + b * stride[q] + c);
}

/// Fills the odd nodes from the even ones.
void interpolate(Dense& values)
{
  for (std::size_t d = 0; d < 3; ++d)
    for_lines(d,
              [&](std::size_t first)
              {
                float* line = values.data() + first;
                for (std::size_t i = 1; i < brick_line; i += 2)
                  line[i * stride[d]] =
                      0.5F * (line[(i - 1) * stride[d]] + line[(i + 1) * stride[d]]);
              });
}

/// The transpose: adds half of each odd node to its even neighbours.
void collect(Dense& values)
{
  for (std::size_t d = 3; d-- > 0;)
    for_lines(d,
              [&](std::size_t first)
              {
                float* line = values.data() + first;
                for (std::size_t i = 1; i < brick_line; i += 2)
                {
                  const float half = 0.5F * line[i * stride[d]];
                  line[(i - 1) * stride[d]] += half;
                  line[(i + 1) * stride[d]] += half;
                }
              });
}

/// Calls visit(coarse node, offset of its values in the dense block) for the coarse nodes of a fine
/// brick.
template <typename Visit>
void for_coarse_nodes(const Level& fine, const Level& coarse, std::size_t brick, Visit&& visit)
{
  const auto corner = octant(fine.bricks.list[brick]);
  const std::int32_t* table =
      coarse.nodes.table.data() + static_cast<std::size_t>(fine.parent[brick]) * brick_nodes;
  for (int k = 0; k < half_line; ++k)
    for (int j = 0; j < half_line; ++j)
      for (int i = 0; i < half_line; ++i)
        visit(table[node_position(corner[0] + i, corner[1] + j, corner[2] + k)],
              3 * static_cast<std::size_t>(node_position(2 * i, 2 * j, 2 * k)));
}

/// Adds the dense block to the home nodes from `first` to `last`.
void add_block(const Nodes& nodes, std::int32_t first, std::int32_t last, const Dense& block,
               std::vector<float>& values)
{
  for (auto n = static_cast<std::size_t>(first); n < static_cast<std::size_t>(last); ++n)
    for (std::size_t c = 0; c < 3; ++c)
      values[3 * n + c] += block[3 * static_cast<std::size_t>(nodes.position[n]) + c];
}

} // namespace

Bricks coarsen(const Bricks& fine, std::vector<std::int32_t>& parent)
{
  Bricks coarse;
  for (std::size_t d = 0; d < 3; ++d)
  {
    coarse.size[d] = (fine.size[d] + 1) / 2;
    coarse.spacing[d] = 2 * fine.spacing[d];
  }
  parent.clear();
  for (const Brick& brick : fine.list)
  {
    const Brick enclosing{brick.i / 2, brick.j / 2, brick.k / 2};
    if (coarse.list.empty() || !(coarse.list.back() == enclosing))
      coarse.list.push_back(enclosing);
    parent.push_back(static_cast<std::int32_t>(coarse.list.size()) - 1);
  }
  coarse.lambda.assign(coarse.list.size() * brick_voxels, 0);
  coarse.mu.assign(coarse.list.size() * brick_voxels, 0);
  for (std::size_t b = 0; b < fine.list.size(); ++b)
  {
    const auto corner = octant(fine.list[b]);
    for (int v = 0; v < brick_voxels; ++v)
    {
      const auto at = voxel_indices(v);
      const std::size_t from = b * brick_voxels + static_cast<std::size_t>(v);
      const std::size_t to =
          static_cast<std::size_t>(parent[b]) * brick_voxels +
          static_cast<std::size_t>(
              voxel_position(corner[0] + at[0] / 2, corner[1] + at[1] / 2, corner[2] + at[2] / 2));
      coarse.lambda[to] += 0.125F * fine.lambda[from];
      coarse.mu[to] += 0.125F * fine.mu[from];
    }
  }
  mark_rows(coarse);
  // What the other ranks hold is not known here, only that nothing is missing among eight children.
  std::vector<int> whole_children(coarse.list.size(), 0);
  for (std::size_t b = 0; b < fine.list.size(); ++b)
    whole_children[static_cast<std::size_t>(parent[b])] += fine.parted.empty() || !fine.parted[b];
  for (const int children : whole_children)
    coarse.parted.push_back(children < 8);
  return coarse;
}

Parents parents_of(const Level& fine, const Level& coarse, std::int32_t node)
{
  const auto brick = static_cast<std::size_t>(home_brick(fine.nodes, node));
  const auto at = node_indices(fine.nodes.position[static_cast<std::size_t>(node)]);
  const auto corner = octant(fine.bricks.list[brick]);
  const std::int32_t* table =
      coarse.nodes.table.data() + static_cast<std::size_t>(fine.parent[brick]) * brick_nodes;
  Parents parents;
  for (int k = 0; k <= at[2] % 2; ++k)
    for (int j = 0; j <= at[1] % 2; ++j)
      for (int i = 0; i <= at[0] % 2; ++i)
        parents.list[static_cast<std::size_t>(parents.count++)].node = table[node_position(
            corner[0] + at[0] / 2 + i, corner[1] + at[1] / 2 + j, corner[2] + at[2] / 2 + k)];
  for (Parent& parent : parents.list)
    parent.weight = 1.0F / static_cast<float>(parents.count);
  return parents;
}

void restrict_to(const Level& fine, const Level& coarse, const float* fine_values,
                 std::vector<float>& coarse_values)
{
  coarse_values.assign(coarse.nodes.values(), 0);
  Dense block;
  for (std::size_t b = 0; b < fine.bricks.list.size(); ++b)
  {
    block.fill(0);
    const auto last = static_cast<std::size_t>(fine.nodes.first_owned[b + 1]);
    for (auto n = static_cast<std::size_t>(fine.nodes.first_owned[b]); n < last; ++n)
      std::copy_n(fine_values + 3 * n, 3,
                  block.data() + 3 * static_cast<std::size_t>(fine.nodes.position[n]));
    collect(block);
    for_coarse_nodes(fine, coarse, b,
                     [&](std::int32_t node, std::size_t at)
                     {
                       if (node < coarse.nodes.count)
                         for (std::size_t c = 0; c < 3; ++c)
                           coarse_values[3 * static_cast<std::size_t>(node) + c] += block[at + c];
                     });
  }
  coarse.nodes.exchange.sum(coarse_values.data());
  mask(coarse.constraints, coarse_values);
}

void add_prolonged(const Level& fine, const Level& coarse, const std::vector<float>& coarse_values,
                   std::vector<float>& fine_values)
{
  Dense block;
  for (std::size_t b = 0; b < fine.bricks.list.size(); ++b)
  {
    for_coarse_nodes(fine, coarse, b,
                     [&](std::int32_t node, std::size_t at) {
                       std::copy_n(coarse_values.data() + 3 * static_cast<std::size_t>(node), 3,
                                   block.data() + at);
                     });
    interpolate(block);
    add_block(fine.nodes, fine.nodes.first_owned[b], fine.nodes.first_owned[b + 1], block,
              fine_values);
    add_block(fine.nodes, fine.nodes.first_copy[b], fine.nodes.first_copy[b + 1], block,
              fine_values);
  }
  mask(fine.constraints, fine_values);
}

} // namespace calcar::voxel
