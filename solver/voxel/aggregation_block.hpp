#pragma once

#include "voxel/aggregate_modes.hpp"
#include "voxel/lanes.hpp"

#include <cstddef>
#include <cstring>

namespace calcar::voxel
{

/// A 6x6 matrix in single precision, one lane of eight a row; the last two values of a lane are
/// zero.
struct LaneBlock
{
  FloatLane row[6] = {};
};

[[gnu::always_inline]] inline void load_row(const float* from, FloatLane& to)
{
  std::memcpy(&to, from, sizeof(to));
}

/// From 36 values by rows with two more behind, which are not used.
inline void load_block(const float* from, LaneBlock& to)
{
  constexpr FloatLane six = {1, 1, 1, 1, 1, 1, 0, 0};
  for (std::size_t r = 0; r < 6; ++r)
  {
    load_row(from + 6 * r, to.row[r]);
    to.row[r] *= six;
  }
}

/// Adds to 36 values by rows; the two values behind stay as they are.
inline void add_block(const LaneBlock& block, float* to)
{
  for (std::size_t r = 0; r < 6; ++r)
  {
    FloatLane sum;
    load_row(to + 6 * r, sum);
    sum += block.row[r];
    std::memcpy(to + 6 * r, &sum, sizeof(sum));
  }
}

inline LaneBlock lane_block(const Matrix6& m)
{
  LaneBlock block;
  for (std::size_t r = 0; r < 6; ++r)
    for (std::size_t c = 0; c < 6; ++c)
      block.row[r][c] = static_cast<float>(m[6 * r + c]);
  return block;
}

inline LaneBlock transposed(const LaneBlock& m)
{
  LaneBlock t;
  for (std::size_t r = 0; r < 6; ++r)
    for (std::size_t c = 0; c < 6; ++c)
      t.row[r][c] = m.row[c][r];
  return t;
}

/// a^T m b.
inline LaneBlock sandwich(const LaneBlock& a, const LaneBlock& m, const LaneBlock& b)
{
  LaneBlock result;
  for (std::size_t k = 0; k < 6; ++k)
  {
    FloatLane right = {};
    for (std::size_t j = 0; j < 6; ++j)
      right += m.row[k][j] * b.row[j];
    for (std::size_t i = 0; i < 6; ++i)
      result.row[i] += a.row[k][i] * right;
  }
  return result;
}

} // namespace calcar::voxel
