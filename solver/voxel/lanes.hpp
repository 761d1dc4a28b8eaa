#pragma once

#include "voxel/brick.hpp"

#include <cstddef>
#include <cstdint>
#include <cstring>

/// Inner part of the kernels: a brick's node values as vectors of eight along x. Everything is
/// inlined into the clones of kernel.cc, which is what decides the instructions.
namespace calcar::voxel
{

constexpr int node_lines = brick_line * brick_line;

/// Eight values along x. Vectors of the compiler, because it then uses whatever the clone's
/// instruction set has.
using FloatLane [[gnu::vector_size(8 * sizeof(float))]] = float;
using DoubleLane [[gnu::vector_size(8 * sizeof(double))]] = double;

template <typename T>
struct LaneOf;
template <>
struct LaneOf<float>
{
  using Type = FloatLane;
};
template <>
struct LaneOf<double>
{
  using Type = DoubleLane;
};
template <typename T>
using Lane = typename LaneOf<T>::Type;

/// One brick's node values, transformed along x: sum and difference of the two ends of each voxel,
/// for all node lines.
template <typename T>
struct Lines
{
  Lane<T> sum[3][node_lines];
  Lane<T> difference[3][node_lines];
};

/// Which node lines of a brick touch an active row.
struct Needed
{
  bool line[node_lines] = {};
};

/// The node lines beside the active rows; the others need neither values nor results.
inline Needed needed_lines(std::uint64_t rows)
{
  Needed needed{};
  for (int row = 0; row < brick_edge * brick_edge; ++row)
    if (rows >> row & 1)
    {
      const auto first =
          static_cast<std::size_t>(row % brick_edge + brick_line * (row / brick_edge));
      needed.line[first] = needed.line[first + 1] = true;
      needed.line[first + brick_line] = needed.line[first + brick_line + 1] = true;
    }
  return needed;
}

/// Eight values from memory of any alignment.
template <typename In, typename T>
[[gnu::always_inline]] inline void load(const In* from, Lane<T>& to)
{
  Lane<In> values;
  std::memcpy(&values, from, sizeof(values));
  to = __builtin_convertvector(values, Lane<T>);
}

/// Whether the first eight nodes of a line follow each other in the vectors: in full bricks they
/// do.
[[gnu::always_inline]] inline bool is_run(const std::int32_t* node)
{
  bool run = true;
  for (int i = 1; i < brick_edge; ++i)
    run &= node[i] == node[0] + i;
  return run;
}

/// 24 values x0 y0 z0 x1 ... z7 to one lane per component.
template <typename T>
[[gnu::always_inline]] inline void split(const T* from, Lane<T>* to)
{
  Lane<T> a, b, c;
  load<T, T>(from, a);
  load<T, T>(from + 8, b);
  load<T, T>(from + 16, c);
  to[0] = __builtin_shufflevector(__builtin_shufflevector(a, b, 0, 3, 6, 9, 12, 15, -1, -1), c, 0,
                                  1, 2, 3, 4, 5, 10, 13);
  to[1] = __builtin_shufflevector(__builtin_shufflevector(a, b, 1, 4, 7, 10, 13, -1, -1, -1), c, 0,
                                  1, 2, 3, 4, 8, 11, 14);
  to[2] = __builtin_shufflevector(__builtin_shufflevector(a, b, 2, 5, 8, 11, 14, -1, -1, -1), c, 0,
                                  1, 2, 3, 4, 9, 12, 15);
}

/// The inverse of split, added to what is there.
template <typename T>
[[gnu::always_inline]] inline void add_joined(const Lane<T>* from, T* to)
{
  const Lane<T>&x = from[0], &y = from[1], &z = from[2];
  Lane<T> a, b, c;
  load<T, T>(to, a);
  load<T, T>(to + 8, b);
  load<T, T>(to + 16, c);
  a += __builtin_shufflevector(__builtin_shufflevector(x, y, 0, 8, -1, 1, 9, -1, 2, 10), z, 0, 1, 8,
                               3, 4, 9, 6, 7);
  b += __builtin_shufflevector(__builtin_shufflevector(x, y, -1, 3, 11, -1, 4, 12, -1, 5), z, 10, 1,
                               2, 11, 4, 5, 12, 7);
  c += __builtin_shufflevector(__builtin_shufflevector(x, y, 13, -1, 6, 14, -1, 7, 15, -1), z, 0,
                               13, 2, 3, 14, 5, 6, 15);
  std::memcpy(to, &a, sizeof(a));
  std::memcpy(to + 8, &b, sizeof(b));
  std::memcpy(to + 16, &c, sizeof(c));
}

/// The left and right ends of eight voxels along a line of nodes, by component. `wide`: the
/// instruction set permutes whole lanes; without, plain copies are faster.
template <bool wide, typename In>
[[gnu::always_inline]] inline void ends_of(const std::int32_t* node, const In* u, Lane<In>* left,
                                           Lane<In>* right)
{
  if (wide && is_run(node))
  {
    split(u + 3 * static_cast<std::ptrdiff_t>(node[0]), left);
    const In* last = u + 3 * static_cast<std::ptrdiff_t>(node[brick_edge]);
    for (std::size_t c = 0; c < 3; ++c)
    {
      const Lane<In> end = Lane<In>{} + last[c];
      right[c] = __builtin_shufflevector(left[c], end, 1, 2, 3, 4, 5, 6, 7, 8);
    }
    return;
  }
  In values[3][brick_line];
  for (int i = 0; i < brick_line; ++i)
    for (int c = 0; c < 3; ++c)
      values[c][i] = u[3 * static_cast<std::ptrdiff_t>(node[i]) + c];
  for (int c = 0; c < 3; ++c)
  {
    load<In, In>(values[c], left[c]);
    load<In, In>(values[c] + 1, right[c]);
  }
}

/// Reads the needed node lines of a brick.
template <bool wide, typename In, typename T>
[[gnu::always_inline]] inline void gather(const std::int32_t* table, const Needed& needed,
                                          const In* u, Lines<T>& in)
{
  for (std::size_t line = 0; line < node_lines; ++line)
  {
    if (!needed.line[line])
      continue;
    Lane<In> left[3], right[3];
    ends_of<wide>(table + line * brick_line, u, left, right);
    for (std::size_t c = 0; c < 3; ++c)
    {
      const Lane<T> a = __builtin_convertvector(left[c], Lane<T>);
      const Lane<T> b = __builtin_convertvector(right[c], Lane<T>);
      in.sum[c][line] = b + a;
      in.difference[c][line] = b - a;
    }
  }
}

/// Adds to the nodes of a line what acts on the left and right ends of its eight voxels.
template <bool wide, typename T>
[[gnu::always_inline]] inline void add_ends(const std::int32_t* node, const Lane<T>* left,
                                            const Lane<T>* right, T* f)
{
  if (wide && is_run(node))
  {
    T* last = f + 3 * static_cast<std::ptrdiff_t>(node[brick_edge]);
    Lane<T> whole[3];
    for (std::size_t c = 0; c < 3; ++c)
    {
      whole[c] = left[c] + __builtin_shufflevector(right[c], Lane<T>{}, 8, 0, 1, 2, 3, 4, 5, 6);
      last[c] += right[c][brick_edge - 1];
    }
    return add_joined<T>(whole, f + 3 * static_cast<std::ptrdiff_t>(node[0]));
  }
  T values[3][brick_line] = {};
  for (std::size_t c = 0; c < 3; ++c)
  {
    for (int i = 0; i < brick_edge; ++i)
      values[c][i] = left[c][i];
    for (int i = 0; i < brick_edge; ++i)
      values[c][i + 1] += right[c][i];
  }
  for (int i = 0; i < brick_line; ++i)
    for (int c = 0; c < 3; ++c)
      f[3 * static_cast<std::ptrdiff_t>(node[i]) + c] += values[c][i];
}

/// Adds the needed node lines of a brick to the vector: the transpose of gather.
template <bool wide, typename T>
[[gnu::always_inline]] inline void scatter(const std::int32_t* table, const Needed& needed,
                                           const Lines<T>& out, T* f)
{
  for (std::size_t line = 0; line < node_lines; ++line)
  {
    if (!needed.line[line])
      continue;
    Lane<T> left[3], right[3];
    for (std::size_t c = 0; c < 3; ++c)
    {
      left[c] = out.sum[c][line] - out.difference[c][line];
      right[c] = out.sum[c][line] + out.difference[c][line];
    }
    add_ends<wide, T>(table + line * brick_line, left, right, f);
  }
}

template <typename T>
[[gnu::always_inline]] inline void clear(const Needed& needed, Lines<T>& out)
{
  for (std::size_t line = 0; line < node_lines; ++line)
    if (needed.line[line])
      for (std::size_t c = 0; c < 3; ++c)
        out.sum[c][line] = out.difference[c][line] = Lane<T>{};
}

/// Asks for the values of a node line that a later brick will gather and scatter. A brick's nodes
/// lie in several places that no hardware prefetcher guesses: without this, half of the time is
/// spent waiting for memory.
template <typename In, typename T>
[[gnu::always_inline]] inline void prefetch_line(const std::int32_t* node, const In* u, const T* f)
{
  constexpr std::size_t cache_line = 64;
  const std::ptrdiff_t first = 3 * static_cast<std::ptrdiff_t>(node[0]);
  const std::ptrdiff_t last = 3 * static_cast<std::ptrdiff_t>(node[brick_edge]);
  for (std::size_t n = 0; n < 24; n += cache_line / sizeof(In))
    __builtin_prefetch(u + first + n, 0);
  for (std::size_t n = 0; n < 24; n += cache_line / sizeof(T))
    __builtin_prefetch(f + first + n, 1);
  __builtin_prefetch(u + last, 0);
  __builtin_prefetch(f + last, 1);
}

} // namespace calcar::voxel
