#include "voxel/kernel.hpp"

#include "voxel/brick.hpp"

#include <type_traits>

namespace calcar::voxel
{
namespace
{

constexpr int lines = brick_line * brick_line;

// Eight voxels along x. Vectors of the compiler, because it then uses whatever the clone's
// instruction set has.
using FloatLane [[gnu::vector_size(8 * sizeof(float))]] = float;
using DoubleLane [[gnu::vector_size(8 * sizeof(double))]] = double;
template <typename T>
using Lane = std::conditional_t<std::is_same_v<T, float>, FloatLane, DoubleLane>;

/// One brick's node values, transformed along x: sum and difference of the two ends of each voxel,
/// for all node lines.
template <typename T>
struct Lines
{
  Lane<T> sum[3][lines];
  Lane<T> difference[3][lines];
};

/// Coefficients of the modes of one component: 0-2 xi, eta, zeta; 3-5 the pairs, named by the
/// absent axis; 6 the triple.
template <typename T>
using Modes = Lane<T>[3][7];

/// Which node lines of a brick touch an active row.
struct Needed
{
  bool line[lines] = {};
};

template <typename T>
struct Scale
{
  T gradient[3]; ///< from Hadamard sums to derivatives: 2/h / 8
  T force[3];    ///< the same times the volume
};

template <typename T>
Scale<T> scale_of(const Vec3& h)
{
  Scale<T> scale{};
  for (std::size_t d = 0; d < 3; ++d)
  {
    scale.gradient[d] = static_cast<T>(0.25 / h[d]);
    scale.force[d] = static_cast<T>(0.25 / h[d] * h.x * h.y * h.z);
  }
  return scale;
}

/// The node lines beside the active rows; the others need neither values nor results.
Needed needed_lines(std::uint64_t rows)
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

template <typename T>
[[gnu::always_inline]] inline void gather(const std::int32_t* table, const Needed& needed,
                                          const T* u, Lines<T>& in)
{
  for (std::size_t line = 0; line < lines; ++line)
  {
    if (!needed.line[line])
      continue;
    T ends[3][brick_line];
    const std::int32_t* node = table + line * brick_line;
    for (int i = 0; i < brick_line; ++i)
      for (int c = 0; c < 3; ++c)
        ends[c][i] = u[3 * static_cast<std::ptrdiff_t>(node[i]) + c];
    for (std::size_t c = 0; c < 3; ++c)
      for (int i = 0; i < brick_edge; ++i)
      {
        in.sum[c][line][i] = ends[c][i + 1] + ends[c][i];
        in.difference[c][line][i] = ends[c][i + 1] - ends[c][i];
      }
  }
}

template <typename T>
[[gnu::always_inline]] inline void scatter(const std::int32_t* table, const Needed& needed,
                                           const Lines<T>& out, T* f)
{
  for (std::size_t line = 0; line < lines; ++line)
  {
    if (!needed.line[line])
      continue;
    T ends[3][brick_line] = {};
    for (std::size_t c = 0; c < 3; ++c)
    {
      for (int i = 0; i < brick_edge; ++i)
        ends[c][i] = out.sum[c][line][i] - out.difference[c][line][i];
      for (int i = 0; i < brick_edge; ++i)
        ends[c][i + 1] += out.sum[c][line][i] + out.difference[c][line][i];
    }
    const std::int32_t* node = table + line * brick_line;
    for (int i = 0; i < brick_line; ++i)
      for (int c = 0; c < 3; ++c)
        f[3 * static_cast<std::ptrdiff_t>(node[i]) + c] += ends[c][i];
  }
}

template <typename T>
[[gnu::always_inline]] inline void clear(const Needed& needed, Lines<T>& out)
{
  for (std::size_t line = 0; line < lines; ++line)
    if (needed.line[line])
      for (std::size_t c = 0; c < 3; ++c)
        out.sum[c][line] = out.difference[c][line] = Lane<T>{};
}

/// Transforms along y and z for the row of voxels whose first node line is `line`.
template <typename T>
[[gnu::always_inline]] inline void to_modes(const Lines<T>& in, std::size_t line, Modes<T>& m)
{
  for (std::size_t c = 0; c < 3; ++c)
  {
    const Lane<T>* s = &in.sum[c][line];
    const Lane<T>* d = &in.difference[c][line];
    const Lane<T> s_low = s[1] - s[0], s_high = s[brick_line + 1] - s[brick_line];
    m[c][1] = s_low + s_high;
    m[c][2] = (s[brick_line] + s[brick_line + 1]) - (s[0] + s[1]);
    m[c][3] = s_high - s_low;
    const Lane<T> d_low = d[0] + d[1], d_high = d[brick_line] + d[brick_line + 1];
    const Lane<T> dy_low = d[1] - d[0], dy_high = d[brick_line + 1] - d[brick_line];
    m[c][0] = d_low + d_high;
    m[c][4] = d_high - d_low;
    m[c][5] = dy_low + dy_high;
    m[c][6] = dy_high - dy_low;
  }
}

/// The transpose of to_modes, added.
template <typename T>
[[gnu::always_inline]] inline void from_modes(const Modes<T>& m, std::size_t line, Lines<T>& out)
{
  for (std::size_t c = 0; c < 3; ++c)
  {
    Lane<T>* s = &out.sum[c][line];
    Lane<T>* d = &out.difference[c][line];
    const Lane<T> plus = m[c][1] + m[c][2], minus = m[c][1] - m[c][2];
    s[0] += m[c][3] - plus;
    s[1] += minus - m[c][3];
    s[brick_line] -= minus + m[c][3];
    s[brick_line + 1] += plus + m[c][3];
    const Lane<T> low = m[c][0] - m[c][4], high = m[c][0] + m[c][4];
    const Lane<T> y_low = m[c][5] - m[c][6], y_high = m[c][5] + m[c][6];
    d[0] += low - y_low;
    d[1] += low + y_low;
    d[brick_line] += high - y_high;
    d[brick_line + 1] += high + y_high;
  }
}

/// The mean gradient: weight 1.
template <typename T>
[[gnu::always_inline]] inline void mean_stress(const Modes<T>& m, const Lane<T>& lambda,
                                               const Lane<T>& mu, const Scale<T>& scale,
                                               Modes<T>& r)
{
  const T* a = scale.gradient;
  const T* b = scale.force;
  const Lane<T> xx = a[0] * m[0][0], yy = a[1] * m[1][1], zz = a[2] * m[2][2];
  const Lane<T> pressure = lambda * (xx + yy + zz), twice = mu + mu;
  const Lane<T> yz = mu * (a[2] * m[1][2] + a[1] * m[2][1]);
  const Lane<T> zx = mu * (a[0] * m[2][0] + a[2] * m[0][2]);
  const Lane<T> xy = mu * (a[1] * m[0][1] + a[0] * m[1][0]);
  r[0][0] = b[0] * (pressure + twice * xx);
  r[1][1] = b[1] * (pressure + twice * yy);
  r[2][2] = b[2] * (pressure + twice * zz);
  r[0][1] = b[1] * xy;
  r[0][2] = b[2] * zx;
  r[1][0] = b[0] * xy;
  r[1][2] = b[2] * yz;
  r[2][0] = b[0] * zx;
  r[2][1] = b[1] * yz;
}

/// The part of the gradient linear in coordinate `o`: derivatives along the other two axes p and q.
/// The moduli come with their weight 1/3. The pair mode (o, p) is number 3 + q.
template <std::size_t o, typename T>
[[gnu::always_inline]] inline void linear_stress(const Modes<T>& m, const Lane<T>& lambda,
                                                 const Lane<T>& mu, const Scale<T>& scale,
                                                 Modes<T>& r)
{
  constexpr std::size_t p = (o + 1) % 3, q = (o + 2) % 3;
  const T ap = scale.gradient[p], aq = scale.gradient[q];
  const T bp = scale.force[p], bq = scale.force[q];
  const Lane<T> pp = ap * m[p][3 + q], qq = aq * m[q][3 + p];
  const Lane<T> pressure = lambda * (pp + qq), twice = mu + mu;
  const Lane<T> shear = mu * (aq * m[p][3 + p] + ap * m[q][3 + q]);
  r[p][3 + q] += bp * (pressure + twice * pp);
  r[q][3 + p] += bq * (pressure + twice * qq);
  r[p][3 + p] += bq * shear;
  r[q][3 + q] += bp * shear;
  r[o][3 + q] += (bp * ap) * (mu * m[o][3 + q]);
  r[o][3 + p] += (bq * aq) * (mu * m[o][3 + p]);
}

/// All modes of a row: r = dE/dm.
template <typename T>
[[gnu::always_inline]] inline void stress(const Modes<T>& m, const Lane<T>& lambda,
                                          const Lane<T>& mu, const Scale<T>& scale, Modes<T>& r)
{
  mean_stress(m, lambda, mu, scale, r);
  constexpr T third = static_cast<T>(1.0 / 3.0);
  const Lane<T> lambda_3 = third * lambda, mu_3 = third * mu;
  for (std::size_t c = 0; c < 3; ++c)
    r[c][3] = r[c][4] = r[c][5] = Lane<T>{};
  linear_stress<0>(m, lambda_3, mu_3, scale, r);
  linear_stress<1>(m, lambda_3, mu_3, scale, r);
  linear_stress<2>(m, lambda_3, mu_3, scale, r);
  const T* a = scale.gradient;
  const T* b = scale.force;
  const Lane<T> isotropic = (third * (a[0] * b[0] + a[1] * b[1] + a[2] * b[2])) * mu_3;
  const Lane<T> own = third * (lambda_3 + mu_3);
  for (std::size_t c = 0; c < 3; ++c)
    r[c][6] = (isotropic + (a[c] * b[c]) * own) * m[c][6];
}

template <typename T>
[[gnu::always_inline]] inline void load_lane(const float* from, Lane<T>& lane)
{
  for (int i = 0; i < brick_edge; ++i)
    lane[i] = static_cast<T>(from[i]);
}

template <typename T>
[[gnu::always_inline]] inline void multiply_bricks(const BrickView& bricks, const T* u, T* f)
{
  const Scale<T> scale = scale_of<T>(bricks.spacing);
  Lines<T> in, out;
  for (std::size_t b = 0; b < bricks.count; ++b)
  {
    const std::uint64_t rows = bricks.rows[b];
    const Needed needed = needed_lines(rows);
    const std::int32_t* table = bricks.table + b * brick_nodes;
    gather(table, needed, u, in);
    clear(needed, out);
    for (std::size_t row = 0; row < brick_edge * brick_edge; ++row)
    {
      if (!(rows >> row & 1))
        continue;
      const std::size_t line = row % brick_edge + brick_line * (row / brick_edge);
      const std::size_t first = b * brick_voxels + row * brick_edge;
      Lane<T> lambda, mu;
      load_lane<T>(bricks.lambda + first, lambda);
      load_lane<T>(bricks.mu + first, mu);
      Modes<T> modes, forces;
      to_modes(in, line, modes);
      stress(modes, lambda, mu, scale, forces);
      from_modes(forces, line, out);
    }
    scatter(table, needed, out, f);
  }
}

} // namespace

[[gnu::target_clones("arch=x86-64-v4", "arch=x86-64-v3", "default")]] void
multiply(const BrickView& bricks, const float* u, float* f)
{
  multiply_bricks(bricks, u, f);
}

[[gnu::target_clones("arch=x86-64-v4", "arch=x86-64-v3", "default")]] void
multiply(const BrickView& bricks, const double* u, double* f)
{
  multiply_bricks(bricks, u, f);
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
