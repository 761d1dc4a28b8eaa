#include "voxel/aggregation_kernels.hpp"

#include "voxel/aggregation_block.hpp"

#include <cmath>

namespace calcar::voxel
{
namespace
{

/// s becomes a^T s b for moved(a) and moved(b), without the multiplications by zero and one: with
/// moved(d) = [I X; 0 I], X w = w x d.
[[gnu::always_inline]] inline void move_both(const Offset& a, FloatLane* s, const Offset& b)
{
  // Columns: s [I X; 0 I] adds (left half of s) X to the right half.
  FloatLane plus, minus;
  load_row(b.plus, plus);
  load_row(b.minus, minus);
  for (std::size_t r = 0; r < 6; ++r)
    s[r] += __builtin_shufflevector(s[r], s[r], 0, 1, 2, 2, 0, 1, 6, 7) * plus -
            __builtin_shufflevector(s[r], s[r], 0, 1, 2, 1, 2, 0, 6, 7) * minus;
  s[3] += s[2] * a.y - s[1] * a.z;
  s[4] += s[0] * a.z - s[2] * a.x;
  s[5] += s[1] * a.x - s[0] * a.y;
}

[[gnu::always_inline]] inline void add_voxels_of(const VoxelPart* parts, std::size_t count)
{
  for (std::size_t n = 0; n < count; ++n)
  {
    const VoxelPart& part = parts[n];
    FloatLane s[6];
    for (std::size_t r = 0; r < 6; ++r)
    {
      FloatLane of_lambda, of_mu;
      load_row(part.couple->of_lambda[r], of_lambda);
      load_row(part.couple->of_mu[r], of_mu);
      s[r] = part.lambda * of_lambda + part.mu * of_mu;
    }
    move_both(*part.left, s, *part.right);
    add_lanes(s, part.to);
  }
}

/// Rows of block times right; the last two values of each are not used.
[[gnu::always_inline]] inline void times_right(const Sandwich& part, FloatLane* rows)
{
  FloatLane right[6];
  for (std::size_t j = 0; j < 6; ++j)
    load_row(part.right + 6 * j, right[j]);
  for (std::size_t k = 0; k < 6; ++k)
  {
    rows[k] = part.block[6 * k] * right[0];
    for (std::size_t j = 1; j < 6; ++j)
      rows[k] += part.block[6 * k + j] * right[j];
  }
}

/// left^T rows for an upper triangular left.
[[gnu::always_inline]] inline void left_times(const float* left, const FloatLane* rows,
                                              FloatLane* result)
{
  for (std::size_t i = 0; i < 6; ++i)
  {
    result[i] = left[i] * rows[0];
    for (std::size_t k = 1; k <= i; ++k)
      result[i] += left[6 * k + i] * rows[k];
  }
}

/// The transpose of left_times.
[[gnu::always_inline]] inline void left_times_mirrored(const float* left, const FloatLane* rows,
                                                       FloatLane* result)
{
  FloatLane from;
  load_row(left, from);
  for (std::size_t i = 0; i < 6; ++i)
    result[i] = rows[0][i] * from;
  for (std::size_t k = 1; k < 6; ++k)
  {
    load_row(left + 6 * k, from);
    for (std::size_t i = 0; i < 6; ++i)
      result[i] += rows[k][i] * from;
  }
}

[[gnu::always_inline]] inline void add_sandwiches_of(const Sandwich* parts, std::size_t count)
{
  for (std::size_t n = 0; n < count; ++n)
  {
    FloatLane rows[6], result[6];
    times_right(parts[n], rows);
    if (parts[n].direct)
    {
      left_times(parts[n].left, rows, result);
      add_lanes(result, parts[n].to);
    }
    if (parts[n].mirrored)
    {
      left_times_mirrored(parts[n].left, rows, result);
      add_lanes(result, parts[n].to);
    }
  }
}

[[gnu::always_inline]] inline void set_sandwiches_of(const Sandwich* parts, std::size_t count)
{
  for (std::size_t n = 0; n < count; ++n)
  {
    FloatLane rows[6], result[6];
    times_right(parts[n], rows);
    left_times(parts[n].left, rows, result);
    for (std::size_t r = 0; r < 6; ++r)
      store_row(result[r], parts[n].to + 6 * r);
  }
}

[[gnu::always_inline]] inline void sizes_of(const float* blocks, std::size_t count, float* norms)
{
  for (std::size_t n = 0; n < count; ++n)
  {
    const float* block = blocks + 36 * n;
    FloatLane squares = {};
    for (std::size_t q = 0; q < 32; q += 8)
    {
      FloatLane values;
      load_row(block + q, values);
      squares += values * values;
    }
    float sum = 0;
    for (std::size_t q = 32; q < 36; ++q)
      sum += block[q] * block[q];
    for (std::size_t q = 0; q < 8; ++q)
      sum += squares[q];
    norms[n] = std::sqrt(sum);
  }
}

void add_voxels_sse2(const VoxelPart* parts, std::size_t count)
{
  add_voxels_of(parts, count);
}

[[gnu::target("arch=x86-64-v3")]] void add_voxels_avx2(const VoxelPart* parts, std::size_t count)
{
  add_voxels_of(parts, count);
}

[[gnu::target("arch=x86-64-v4")]] void add_voxels_avx512(const VoxelPart* parts, std::size_t count)
{
  add_voxels_of(parts, count);
}

void add_sandwiches_sse2(const Sandwich* parts, std::size_t count)
{
  add_sandwiches_of(parts, count);
}

[[gnu::target("arch=x86-64-v3")]] void add_sandwiches_avx2(const Sandwich* parts, std::size_t count)
{
  add_sandwiches_of(parts, count);
}

[[gnu::target("arch=x86-64-v4")]] void add_sandwiches_avx512(const Sandwich* parts,
                                                             std::size_t count)
{
  add_sandwiches_of(parts, count);
}

void set_sandwiches_sse2(const Sandwich* parts, std::size_t count)
{
  set_sandwiches_of(parts, count);
}

[[gnu::target("arch=x86-64-v3")]] void set_sandwiches_avx2(const Sandwich* parts, std::size_t count)
{
  set_sandwiches_of(parts, count);
}

[[gnu::target("arch=x86-64-v4")]] void set_sandwiches_avx512(const Sandwich* parts,
                                                             std::size_t count)
{
  set_sandwiches_of(parts, count);
}

void sizes_sse2(const float* blocks, std::size_t count, float* norms)
{
  sizes_of(blocks, count, norms);
}

[[gnu::target("arch=x86-64-v3")]] void sizes_avx2(const float* blocks, std::size_t count,
                                                  float* norms)
{
  sizes_of(blocks, count, norms);
}

[[gnu::target("arch=x86-64-v4")]] void sizes_avx512(const float* blocks, std::size_t count,
                                                    float* norms)
{
  sizes_of(blocks, count, norms);
}

constexpr AggregationKernels of_sse2 = {add_voxels_sse2, add_sandwiches_sse2, set_sandwiches_sse2,
                                        sizes_sse2};
constexpr AggregationKernels of_avx2 = {add_voxels_avx2, add_sandwiches_avx2, set_sandwiches_avx2,
                                        sizes_avx2};
constexpr AggregationKernels of_avx512 = {add_voxels_avx512, add_sandwiches_avx512,
                                          set_sandwiches_avx512, sizes_avx512};

} // namespace

const AggregationKernels& aggregation_kernels(InstructionSet set)
{
  return set == InstructionSet::avx512 ? of_avx512
         : set == InstructionSet::avx2 ? of_avx2
                                       : of_sse2;
}

const AggregationKernels& aggregation_kernels()
{
  static const AggregationKernels& chosen = aggregation_kernels(instruction_set());
  return chosen;
}

} // namespace calcar::voxel
