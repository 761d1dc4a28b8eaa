#pragma once

#include <array>
#include <cstddef>
#include <cstdint>

namespace calcar::voxel
{

constexpr int brick_edge = 8;     ///< voxels along an edge of a brick
constexpr int brick_voxels = 512; ///< 8^3
constexpr int brick_line = 9;     ///< nodes along an edge
constexpr int brick_nodes = 729;  ///< 9^3

/// A cube of 8^3 voxels of the grid; the first one is (8 i, 8 j, 8 k).
struct Brick
{
  int i = 0;
  int j = 0;
  int k = 0;
  bool operator==(const Brick&) const = default;
};

/// Number of a voxel inside its brick, indices 0 to 7.
constexpr int voxel_position(int i, int j, int k)
{
  return i + brick_edge * (j + brick_edge * k);
}

/// Number of a node inside a brick, indices 0 to 8.
constexpr int node_position(int i, int j, int k)
{
  return i + brick_line * (j + brick_line * k);
}

/// The three indices of a node inside a brick.
constexpr std::array<int, 3> node_indices(int position)
{
  return {position % brick_line, position / brick_line % brick_line,
          position / (brick_line * brick_line)};
}

/// The three indices of a voxel inside a brick.
constexpr std::array<int, 3> voxel_indices(int position)
{
  return {position % brick_edge, position / brick_edge % brick_edge,
          position / (brick_edge * brick_edge)};
}

/// Spreads the lowest 21 bits of a number over every third bit.
constexpr std::uint64_t spread_bits(std::uint64_t value)
{
  value &= 0x1fffff;
  value = (value | value << 32) & 0x1f00000000ffff;
  value = (value | value << 16) & 0x1f0000ff0000ff;
  value = (value | value << 8) & 0x100f00f00f00f00f;
  value = (value | value << 4) & 0x10c30c30c30c30c3;
  return (value | value << 2) & 0x1249249249249249;
}

/// Place of a brick on the Morton curve; that of the enclosing coarser brick is the same shifted by
/// three bits.
constexpr std::uint64_t morton(const Brick& brick)
{
  return spread_bits(static_cast<std::uint64_t>(brick.i)) |
         spread_bits(static_cast<std::uint64_t>(brick.j)) << 1 |
         spread_bits(static_cast<std::uint64_t>(brick.k)) << 2;
}

} // namespace calcar::voxel
