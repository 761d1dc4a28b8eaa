#pragma once

#include "voxel/level.hpp"

#include <array>
#include <cstdint>
#include <vector>

namespace calcar::voxel
{

/// Indices of a node or voxel, counted from a brick's first one; negative or above the brick's edge
/// in the bricks beside it.
using Place = std::array<int, 3>;

/// What lies around each brick of a rank, without searching: nodes and voxels up to eight beyond
/// its faces.
class Surroundings
{
public:
  explicit Surroundings(const Level& level);

  /// Young's modulus of the voxels from `first` on, `edge` along each axis, i fastest, MPa; zero
  /// outside the body.
  void youngs(std::size_t brick, const Place& first, int edge, float* values) const;

  /// Local number of a node, or -1.
  std::int32_t node(std::size_t brick, const Place& at) const
  {
    Place side{};
    for (std::size_t d = 0; d < 3; ++d)
      side[d] = at[d] < 0 ? -1 : at[d] > brick_edge ? 1 : 0;
    const std::int32_t found = node_in(brick, side, at);
    return found >= 0 ? found : node_beside(brick, at);
  }

  /// Sum of Young's moduli of the voxels around each local node, over all ranks, MPa. Collective
  /// over the sharers.
  std::vector<float> stiffness_around() const;

private:
  std::int32_t brick_at(std::size_t brick, const Place& side) const
  {
    return around_[brick]
                  [static_cast<std::size_t>(side[0] + 1 + 3 * (side[1] + 1) + 9 * (side[2] + 1))];
  }
  /// The node according to the table of the brick at `side`, or -1.
  std::int32_t node_in(std::size_t brick, const Place& side, const Place& at) const
  {
    const std::int32_t b = brick_at(brick, side);
    if (b < 0)
      return -1;
    const std::int32_t found =
        level_.nodes.table[static_cast<std::size_t>(b) * brick_nodes +
                           static_cast<std::size_t>(node_position(at[0] - brick_edge * side[0],
                                                                  at[1] - brick_edge * side[1],
                                                                  at[2] - brick_edge * side[2]))];
    return found < level_.nodes.count ? found : -1;
  }
  std::int32_t node_beside(std::size_t brick, const Place& at) const;
  void add_stiffness(std::size_t brick, std::vector<float>& sums) const;
  void sum_over_ranks(std::vector<float>& sums) const;

  const Level& level_;
  std::vector<std::array<std::int32_t, 27>> around_; ///< [brick] those at its sides, -1 for none
  std::vector<float> youngs_;                        ///< [brick][512] MPa
};

} // namespace calcar::voxel
