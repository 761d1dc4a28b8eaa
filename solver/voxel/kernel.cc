#include "voxel/kernel.hpp"

#include "voxel/lanes.hpp"
#include "voxel/modes.hpp"

namespace calcar::voxel
{
namespace
{

/// Number of the brick at a turn.
[[gnu::always_inline]] inline std::size_t brick_at(const BrickView& bricks, std::size_t turn)
{
  return bricks.turn ? static_cast<std::size_t>(bricks.turn[turn]) : turn;
}

/// Asks for a share of what the brick two turns on needs, while row `row` of this one is worked on.
template <typename In, typename T>
[[gnu::always_inline]] inline void prefetch_share(const BrickView& bricks, std::size_t brick,
                                                  std::size_t row, const In* u, const T* f)
{
  constexpr std::size_t rows = brick_edge * brick_edge;
  const std::int32_t* table = bricks.table + brick * brick_nodes;
  prefetch_line(table + row * brick_line, u, f);
  if (rows + row < node_lines)
    prefetch_line(table + (rows + row) * brick_line, u, f);
  if (row % 2 == 0) // a cache line holds two rows
  {
    const std::size_t first = brick * brick_voxels + row * brick_edge;
    __builtin_prefetch(bricks.lambda + first);
    __builtin_prefetch(bricks.mu + first);
  }
}

/// The table of the brick three turns on, of which a share is asked for at each row.
[[gnu::always_inline]] inline void prefetch_table(const BrickView& bricks, std::size_t brick,
                                                  std::size_t row)
{
  constexpr std::size_t share = brick_nodes / (brick_edge * brick_edge) + 1;
  __builtin_prefetch(bricks.table + brick * brick_nodes + share * row);
}

template <typename In, typename T>
[[gnu::always_inline]] inline void multiply_row(const BrickView& bricks, std::size_t brick,
                                                std::size_t row, const Scale<T>& scale,
                                                const Lines<T>& in, Lines<T>& out)
{
  const std::size_t line = row % brick_edge + brick_line * (row / brick_edge);
  const std::size_t first = brick * brick_voxels + row * brick_edge;
  Lane<T> lambda, mu;
  load<float, T>(bricks.lambda + first, lambda);
  load<float, T>(bricks.mu + first, mu);
  Modes<T> modes, forces;
  to_modes(in, line, modes);
  stress(modes, lambda, mu, scale, forces);
  from_modes(forces, line, out);
}

/// u comes in precision In, the product is computed and added in precision T.
template <bool wide, typename In, typename T>
[[gnu::always_inline]] inline void multiply_bricks(const BrickView& bricks, std::size_t first,
                                                   std::size_t last, const In* u, T* f)
{
  const Scale<T> scale = scale_of<T>(bricks.spacing);
  Lines<T> in, out;
  for (std::size_t turn = first; turn < last; ++turn)
  {
    const std::size_t brick = brick_at(bricks, turn);
    const bool ahead = turn + 3 < bricks.count;
    const std::size_t second = ahead ? brick_at(bricks, turn + 2) : brick;
    const std::size_t third = ahead ? brick_at(bricks, turn + 3) : brick;
    const std::uint64_t rows = bricks.rows[brick];
    const Needed needed = needed_lines(rows);
    const std::int32_t* table = bricks.table + brick * brick_nodes;
    gather<wide, In, T>(table, needed, u, in);
    clear(needed, out);
    for (std::size_t row = 0; row < brick_edge * brick_edge; ++row)
    {
      if (ahead)
      {
        prefetch_share(bricks, second, row, u, f);
        prefetch_table(bricks, third, row);
      }
      if (rows >> row & 1)
        multiply_row<In, T>(bricks, brick, row, scale, in, out);
    }
    scatter<wide>(table, needed, out, f);
  }
}

/// Strains at the centres of one brick's voxels, [component][voxel].
template <bool wide>
[[gnu::always_inline]] inline void strains_in(const BrickView& bricks, std::size_t brick,
                                              const double* u, double* strains)
{
  const Scale<double> scale = scale_of<double>(bricks.spacing);
  const double* a = scale.gradient;
  const std::uint64_t rows = bricks.rows[brick];
  Lines<double> in;
  gather<wide, double, double>(bricks.table + brick * brick_nodes, needed_lines(rows), u, in);
  for (std::size_t row = 0; row < brick_edge * brick_edge; ++row)
  {
    if (!(rows >> row & 1))
      continue;
    Modes<double> m;
    to_modes(in, row % brick_edge + brick_line * (row / brick_edge), m);
    const DoubleLane strain[6] = {a[0] * m[0][0],
                                  a[1] * m[1][1],
                                  a[2] * m[2][2],
                                  0.5 * (a[2] * m[1][2] + a[1] * m[2][1]),
                                  0.5 * (a[0] * m[2][0] + a[2] * m[0][2]),
                                  0.5 * (a[1] * m[0][1] + a[0] * m[1][0])};
    for (std::size_t c = 0; c < 6; ++c)
      std::memcpy(strains + c * brick_voxels + row * brick_edge, &strain[c], sizeof(strain[c]));
  }
}

[[gnu::always_inline]] inline void relax_range(const Relaxation& r, std::size_t first,
                                               std::size_t last)
{
  const float old_part = r.old_part, new_part = r.new_part;
  const float* inverse = r.inverse;
  const float* b = r.b;
  float* t = r.t;
  float* d = r.d;
  float* x = r.x;
#pragma GCC ivdep
  for (std::size_t n = first; n < last; ++n)
  {
    d[n] = old_part * d[n] + new_part * inverse[n] * (b[n] - t[n]);
    x[n] += d[n];
    t[n] = 0;
  }
}

// One clone of everything per instruction set. The clones are written out, not left to the loader:
// CALCAR_ISA chooses, and the tests compare them.

template <typename In, typename T>
void multiply_sse2(const BrickView& bricks, std::size_t first, std::size_t last, const In* u, T* f)
{
  multiply_bricks<false, In, T>(bricks, first, last, u, f);
}

template <typename In, typename T>
[[gnu::target("arch=x86-64-v3")]] void multiply_avx2(const BrickView& bricks, std::size_t first,
                                                     std::size_t last, const In* u, T* f)
{
  multiply_bricks<sizeof(T) == sizeof(float), In, T>(bricks, first, last, u, f);
}

template <typename In, typename T>
[[gnu::target("arch=x86-64-v4")]] void multiply_avx512(const BrickView& bricks, std::size_t first,
                                                       std::size_t last, const In* u, T* f)
{
  multiply_bricks<true, In, T>(bricks, first, last, u, f);
}

void relax_sse2(const Relaxation& relaxation, std::size_t first, std::size_t last)
{
  relax_range(relaxation, first, last);
}

[[gnu::target("arch=x86-64-v3")]] void relax_avx2(const Relaxation& relaxation, std::size_t first,
                                                  std::size_t last)
{
  relax_range(relaxation, first, last);
}

[[gnu::target("arch=x86-64-v4")]] void relax_avx512(const Relaxation& relaxation, std::size_t first,
                                                    std::size_t last)
{
  relax_range(relaxation, first, last);
}

void strains_sse2(const BrickView& bricks, std::size_t brick, const double* u, double* strains)
{
  strains_in<false>(bricks, brick, u, strains);
}

[[gnu::target("arch=x86-64-v3")]] void strains_avx2(const BrickView& bricks, std::size_t brick,
                                                    const double* u, double* strains)
{
  strains_in<false>(bricks, brick, u, strains);
}

[[gnu::target("arch=x86-64-v4")]] void strains_avx512(const BrickView& bricks, std::size_t brick,
                                                      const double* u, double* strains)
{
  strains_in<true>(bricks, brick, u, strains);
}

constexpr Kernels of_sse2 = {multiply_sse2, multiply_sse2, multiply_sse2, relax_sse2, strains_sse2};
constexpr Kernels of_avx2 = {multiply_avx2, multiply_avx2, multiply_avx2, relax_avx2, strains_avx2};
constexpr Kernels of_avx512 = {multiply_avx512, multiply_avx512, multiply_avx512, relax_avx512,
                               strains_avx512};

} // namespace

const Kernels& kernels(InstructionSet set)
{
  return set == InstructionSet::avx512 ? of_avx512
         : set == InstructionSet::avx2 ? of_avx2
                                       : of_sse2;
}

const Kernels& kernels()
{
  static const Kernels& chosen = kernels(instruction_set());
  return chosen;
}

void multiply(const BrickView& bricks, const float* u, float* f)
{
  kernels().single(bricks, 0, bricks.count, u, f);
}

void multiply(const BrickView& bricks, const double* u, double* f)
{
  kernels().full(bricks, 0, bricks.count, u, f);
}

void multiply(const BrickView& bricks, const float* u, double* f)
{
  kernels().mixed(bricks, 0, bricks.count, u, f);
}

DiagonalFactor diagonal_factor(const Vec3& spacing, int axis)
{
  // Each derivative meets the modes of its two other axes: (1 + 1/3)^2 in all.
  const double modes = 16.0 / 9.0 * spacing.x * spacing.y * spacing.z / 16.0;
  DiagonalFactor factor{0, 0};
  for (std::size_t d = 0; d < 3; ++d)
  {
    const double entry = modes / (spacing[d] * spacing[d]);
    factor.of_mu += entry;
    if (static_cast<int>(d) == axis)
    {
      factor.of_lambda += entry;
      factor.of_mu += entry;
    }
  }
  return factor;
}

} // namespace calcar::voxel
