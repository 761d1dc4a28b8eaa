#include "voxel/aggregate_surroundings.hpp"

#include <algorithm>

namespace calcar::voxel
{
namespace
{

float youngs_modulus(float lambda, float mu)
{
  return mu > 0 ? mu * (3 * lambda + 2 * mu) / (lambda + mu) : 0.0F;
}

/// The bricks at the sides of one, itself included.
std::array<std::int32_t, 27> bricks_around(const Bricks& bricks, const Brick& brick)
{
  std::array<std::int32_t, 27> around{};
  for (int n = 0; n < 27; ++n)
    around[static_cast<std::size_t>(n)] =
        find_brick(bricks, {brick.i + n % 3 - 1, brick.j + n / 3 % 3 - 1, brick.k + n / 9 - 1});
  return around;
}

} // namespace

Surroundings::Surroundings(const Level& level)
    : level_(level), around_(level.bricks.list.size()), youngs_(level.bricks.mu.size())
{
  for (std::size_t b = 0; b < around_.size(); ++b)
    around_[b] = bricks_around(level.bricks, level.bricks.list[b]);
  for (std::size_t v = 0; v < youngs_.size(); ++v)
    youngs_[v] = youngs_modulus(level.bricks.lambda[v], level.bricks.mu[v]);
}

void Surroundings::youngs(std::size_t brick, const Place& first, int edge, float* values) const
{
  constexpr std::size_t most = brick_edge;
  std::array<std::array<int, most>, 3> side{}, inside{};
  for (std::size_t d = 0; d < 3; ++d)
    for (int n = 0; n < edge; ++n)
    {
      const int at = first[d] + n;
      const auto s = static_cast<std::size_t>(n);
      side[d][s] = at < 0 ? -1 : at >= brick_edge ? 1 : 0;
      inside[d][s] = at - brick_edge * side[d][s];
    }
  const auto count = static_cast<std::size_t>(edge);
  const bool in_one = side[0][0] == side[0][count - 1];
  for (std::size_t k = 0; k < count; ++k)
    for (std::size_t j = 0; j < count; ++j)
      for (std::size_t i = 0; i < count; i += in_one ? count : 1)
      {
        const std::size_t run = in_one ? count : 1;
        const std::int32_t b = brick_at(brick, {side[0][i], side[1][j], side[2][k]});
        if (b < 0)
          std::fill_n(values, run, 0.0F);
        else
          std::copy_n(youngs_.data() + static_cast<std::size_t>(b) * brick_voxels +
                          voxel_position(inside[0][i], inside[1][j], inside[2][k]),
                      run, values);
        values += run;
      }
}

/// A node on a brick's surface that none of its own voxels touches may be another brick's.
std::int32_t Surroundings::node_beside(std::size_t brick, const Place& at) const
{
  Place low{}, high{};
  for (std::size_t d = 0; d < 3; ++d)
  {
    low[d] = at[d] <= 0 ? -1 : at[d] > brick_edge ? 1 : 0;
    high[d] = at[d] < 0 ? -1 : at[d] >= brick_edge ? 1 : 0;
  }
  for (int k = low[2]; k <= high[2]; ++k)
    for (int j = low[1]; j <= high[1]; ++j)
      for (int i = low[0]; i <= high[0]; ++i)
        if (const std::int32_t found = node_in(brick, {i, j, k}, at); found >= 0)
          return found;
  return -1;
}

/// Adds the moduli of a brick's voxels to their corners: along x, then y, then z.
void Surroundings::add_stiffness(std::size_t brick, std::vector<float>& sums) const
{
  std::array<float, brick_line * brick_edge * brick_edge> x{};
  std::array<float, brick_line * brick_line * brick_edge> y{};
  std::array<float, brick_nodes> z{};
  const float* youngs = youngs_.data() + brick * brick_voxels;
  for (std::size_t row = 0; row < brick_edge * brick_edge; ++row)
    for (std::size_t i = 0; i < brick_edge; ++i)
      for (std::size_t end = 0; end < 2; ++end)
        x[brick_line * row + i + end] += youngs[brick_edge * row + i];
  for (std::size_t k = 0; k < brick_edge; ++k)
    for (std::size_t j = 0; j < brick_edge; ++j)
      for (std::size_t end = 0; end < 2; ++end)
        for (std::size_t i = 0; i < brick_line; ++i)
          y[i + brick_line * (j + end + brick_line * k)] +=
              x[i + brick_line * (j + brick_edge * k)];
  constexpr std::size_t layer = brick_line * brick_line;
  for (std::size_t k = 0; k < brick_edge; ++k)
    for (std::size_t end = 0; end < 2; ++end)
      for (std::size_t n = 0; n < layer; ++n)
        z[n + layer * (k + end)] += y[n + layer * k];
  const std::int32_t* table = level_.nodes.table.data() + brick * brick_nodes;
  for (std::size_t p = 0; p < brick_nodes; ++p)
    sums[static_cast<std::size_t>(table[p])] += z[p];
}

void Surroundings::sum_over_ranks(std::vector<float>& sums) const
{
  const auto& shared = level_.nodes.exchange.shared_nodes();
  if (shared.empty())
    return;
  std::vector<float> vectors(level_.nodes.values(), 0);
  for (const std::int32_t n : shared)
    vectors[3 * static_cast<std::size_t>(n)] = sums[static_cast<std::size_t>(n)];
  level_.nodes.exchange.sum(vectors.data());
  for (const std::int32_t n : shared)
    sums[static_cast<std::size_t>(n)] = vectors[3 * static_cast<std::size_t>(n)];
}

std::vector<float> Surroundings::stiffness_around() const
{
  std::vector<float> sums(static_cast<std::size_t>(level_.nodes.count) + 1, 0.0F);
  for (std::size_t b = 0; b < around_.size(); ++b)
    add_stiffness(b, sums);
  sums.pop_back(); // the spare node
  sum_over_ranks(sums);
  return sums;
}

} // namespace calcar::voxel
