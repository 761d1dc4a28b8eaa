#include "voxel/neighbourhood.hpp"

#include <cmath>

namespace calcar::voxel
{
namespace
{
/// Calls visit(node) for the eight corners of a voxel.
template <typename Visit>
void for_corners(const Level& level, std::uint32_t place, Visit&& visit)
{
  const std::int32_t* table =
      level.nodes.table.data() + std::size_t{place / brick_voxels} * brick_nodes;
  const auto at = voxel_indices(static_cast<int>(place % brick_voxels));
  for (int corner = 0; corner < 8; ++corner)
    visit(static_cast<std::size_t>(table[node_position(
        at[0] + (corner & 1), at[1] + (corner >> 1 & 1), at[2] + (corner >> 2))]));
}

/// Sum over the voxels at each node of all ranks. The exchange carries three values a node; the
/// other two are zero.
std::vector<double> sums_at_nodes(const Level& level, const std::vector<std::uint32_t>& places,
                                  const double* values)
{
  std::vector<double> sums(level.nodes.values(), 0);
  for (std::size_t n = 0; n < places.size(); ++n)
    for_corners(level, places[n],
                [&](std::size_t node) { sums[3 * node] += values ? values[n] : 1; });
  level.nodes.exchange.sum(sums.data());
  return sums;
}
} // namespace

std::vector<std::uint32_t> active_places(const Bricks& bricks)
{
  std::vector<std::uint32_t> places;
  for (std::size_t v = 0; v < bricks.mu.size(); ++v)
    if (bricks.mu[v] > 0)
      places.push_back(static_cast<std::uint32_t>(v));
  return places;
}

Neighbourhood::Neighbourhood(const Level& level, const std::vector<std::uint32_t>& places,
                             double width_mm)
    : places_(places)
{
  const Vec3& h = level.bricks.spacing;
  const double mean_square = dot(h, h) / 3;
  const double deviation = width_mm / (2 * std::sqrt(2 * std::log(2.0)));
  passes_ = 2 * deviation * deviation / mean_square;
  const std::vector<double> counts = sums_at_nodes(level, places, nullptr);
  share_.resize(static_cast<std::size_t>(level.nodes.count) + 1, 0);
  for (std::size_t node = 0; node + 1 < share_.size(); ++node)
    share_[node] = static_cast<float>(1 / counts[3 * node]);
}

void Neighbourhood::average(const Level& level, std::vector<double>& values) const
{
  for (double left = passes_; left > 0; left -= 1)
  {
    const double part = std::min(left, 1.0);
    const std::vector<double> sums = sums_at_nodes(level, places_, values.data());
    for (std::size_t n = 0; n < places_.size(); ++n)
    {
      double mean = 0;
      for_corners(level, places_[n],
                  [&](std::size_t node)
                  { mean += sums[3 * node] * static_cast<double>(share_[node]); });
      values[n] += part * (mean / 8 - values[n]);
    }
  }
}

} // namespace calcar::voxel
