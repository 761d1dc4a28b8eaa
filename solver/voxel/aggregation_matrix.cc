#include "voxel/aggregation_matrix.hpp"

#include "voxel/aggregation_block.hpp"
#include "voxel/instruction_set.hpp"

#include <algorithm>
#include <cstring>

namespace calcar::voxel
{
namespace
{

/// Each block is read once: its rows times x_column add up in six lanes that are summed at the end
/// of the row, and its rows scaled by x_row are the mirror image's part of y_column.
[[gnu::always_inline]] inline void multiply_rows(const BlockMatrix& matrix, const float* x,
                                                 float* y)
{
  constexpr FloatLane six = {1, 1, 1, 1, 1, 1, 0, 0};
  for (std::int32_t row = 0; row < matrix.rows; ++row)
  {
    const auto own = static_cast<std::size_t>(row) * block_stride;
    FloatLane sums[6] = {};
    for (std::size_t b = matrix.start[static_cast<std::size_t>(row)];
         b < matrix.start[static_cast<std::size_t>(row) + 1]; ++b)
    {
      const float* block = matrix.block(b);
      const auto other = static_cast<std::size_t>(matrix.column[b]) * block_stride;
      FloatLane there, mirror = {};
      load_row(x + other, there);
      for (std::size_t r = 0; r < 6; ++r)
      {
        FloatLane values;
        load_row(block + 6 * r, values);
        sums[r] += values * there;
        mirror += values * x[own + r];
      }
      if (matrix.column[b] != row && matrix.column[b] < matrix.rows)
      {
        FloatLane sum;
        load_row(y + other, sum);
        sum += mirror * six;
        std::memcpy(y + other, &sum, sizeof(sum));
      }
    }
    for (std::size_t r = 0; r < 6; ++r)
    {
      float sum = 0;
      for (int c = 0; c < 6; ++c)
        sum += sums[r][c];
      y[own + r] += sum;
    }
  }
}

/// The lanes beyond the sixth gather what belongs to the next row of the block; it goes to the two
/// values of the stride that nobody uses, unless `six` clears it.
[[gnu::always_inline]] inline void add_rows(const float* blocks, std::size_t rows, float factor,
                                            const float* x, float* y)
{
  constexpr FloatLane six = {1, 1, 1, 1, 1, 1, 0, 0};
  for (std::size_t row = 0; row < rows; ++row)
  {
    FloatLane sum = {};
    for (std::size_t r = 0; r < 6; ++r)
    {
      FloatLane values;
      load_row(blocks + 36 * row + 6 * r, values);
      sum += values * x[block_stride * row + r];
    }
    FloatLane all;
    load_row(y + block_stride * row, all);
    all += factor * six * sum;
    std::memcpy(y + block_stride * row, &all, sizeof(all));
  }
}

void multiply_sse2(const BlockMatrix& matrix, const float* x, float* y)
{
  multiply_rows(matrix, x, y);
}

[[gnu::target("arch=x86-64-v3")]] void multiply_avx2(const BlockMatrix& matrix, const float* x,
                                                     float* y)
{
  multiply_rows(matrix, x, y);
}

[[gnu::target("arch=x86-64-v4")]] void multiply_avx512(const BlockMatrix& matrix, const float* x,
                                                       float* y)
{
  multiply_rows(matrix, x, y);
}

void add_sse2(const float* blocks, std::size_t rows, float factor, const float* x, float* y)
{
  add_rows(blocks, rows, factor, x, y);
}

[[gnu::target("arch=x86-64-v3")]] void add_avx2(const float* blocks, std::size_t rows, float factor,
                                                const float* x, float* y)
{
  add_rows(blocks, rows, factor, x, y);
}

[[gnu::target("arch=x86-64-v4")]] void add_avx512(const float* blocks, std::size_t rows,
                                                  float factor, const float* x, float* y)
{
  add_rows(blocks, rows, factor, x, y);
}

/// The inner loops, compiled once per instruction set.
struct BlockKernels
{
  void (*multiply)(const BlockMatrix&, const float* x, float* y);
  void (*add)(const float* blocks, std::size_t rows, float factor, const float* x, float* y);
};

const BlockKernels& block_kernels()
{
  static const BlockKernels chosen = []
  {
    const InstructionSet set = instruction_set();
    return set == InstructionSet::avx512 ? BlockKernels{multiply_avx512, add_avx512}
           : set == InstructionSet::avx2 ? BlockKernels{multiply_avx2, add_avx2}
                                         : BlockKernels{multiply_sse2, add_sse2};
  }();
  return chosen;
}

} // namespace

void multiply(const BlockMatrix& matrix, const std::vector<float>& x, std::vector<float>& y)
{
  std::fill(y.begin(), y.end(), 0.0F);
  block_kernels().multiply(matrix, x.data(), y.data());
}

void add_blockwise(const std::vector<float>& blocks, float factor, const std::vector<float>& x,
                   std::vector<float>& y)
{
  block_kernels().add(blocks.data(), blocks.size() / 36, factor, x.data(), y.data());
}

} // namespace calcar::voxel
