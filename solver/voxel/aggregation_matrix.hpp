#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

namespace calcar::voxel
{

/// Values that a vector keeps for each aggregate: six and two zeros, so that the products work on
/// whole lanes.
constexpr std::size_t block_stride = 8;

/**
 * A symmetric matrix of 6x6 blocks in single precision, the rows of one rank. Of two own aggregates
 * only the block right of the diagonal is stored; blocks towards other ranks' aggregates ("ghosts",
 * columns from `rows` on) are stored on both ranks. The first block of a row is the diagonal one.
 */
struct BlockMatrix
{
  std::int32_t rows = 0;
  std::vector<std::size_t> start;    ///< [row + 1]
  std::vector<std::int32_t> column;  ///< [block]
  std::vector<float> values;         ///< [block][36] by rows, two spare ones at the end
  std::vector<std::uint64_t> ghosts; ///< their global numbers, ascending

  const float* block(std::size_t b) const { return values.data() + 36 * b; }
  std::size_t bytes() const
  {
    return values.size() * sizeof(float) + column.size() * sizeof(std::int32_t) +
           start.size() * sizeof(std::size_t);
  }
};

/// y = A x on the own rows; x with ghosts filled in, both with block_stride values an aggregate.
void multiply(const BlockMatrix& matrix, const std::vector<float>& x, std::vector<float>& y);

/// y += factor times a symmetric 6x6 block times x for each own row: blocks[row][36], two spare
/// values behind.
void add_blockwise(const std::vector<float>& blocks, float factor, const std::vector<float>& x,
                   std::vector<float>& y);

} // namespace calcar::voxel
