#pragma once

#include "base/vec3.hpp"
#include "voxel/lanes.hpp"

/// Inner part of the kernels: the modes of a row of eight voxels and their stiffness. Inlined into
/// the clones of kernel.cc.
namespace calcar::voxel
{

/// Coefficients of the modes of one component: 0-2 xi, eta, zeta; 3-5 the pairs, named by the
/// absent axis; 6 the triple.
template <typename T>
using Modes = Lane<T>[3][7];

/// Factors that carry the voxel's size.
template <typename T>
struct Scale
{
  T gradient[3]; ///< from Hadamard sums to derivatives: 2/h / 8
  T force[3];    ///< the same times the volume
};

template <typename T>
[[gnu::always_inline]] inline Scale<T> scale_of(const Vec3& h)
{
  Scale<T> scale{};
  for (std::size_t d = 0; d < 3; ++d)
  {
    scale.gradient[d] = static_cast<T>(0.25 / h[d]);
    scale.force[d] = static_cast<T>(0.25 / h[d] * h.x * h.y * h.z);
  }
  return scale;
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

} // namespace calcar::voxel
