#pragma once

#include "bodies.hpp"
#include "solid/reference_points.hpp"

/// A smooth solution with a bump in the cube [0, 1]^3, at rest where z = 0, and the body force that
/// it takes.
namespace bump_solution
{

using namespace bodies;

constexpr double mu = 400;
constexpr double lambda = 600;
constexpr double youngs = mu * (3 * lambda + 2 * mu) / (lambda + mu);
constexpr double poisson = lambda / (2 * (lambda + mu));
constexpr double sharpness = 20;
constexpr Vec3 peak = {0.3, 0.3, 0.5};

/// u = (0, 0, z g), g = exp(-sharpness |x - peak|^2): a bump, at rest where z = 0.
inline double bump(Vec3 x)
{
  return std::exp(-sharpness * dot(x - peak, x - peak));
}

inline Vec3 slope(Vec3 x)
{
  const double g = bump(x);
  return -2 * sharpness * g * x.z * (x - peak) + Vec3{0, 0, g};
}

/// Second derivatives of z g along i and j.
inline double curvature(Vec3 x, std::size_t i, std::size_t j)
{
  const Vec3 d = x - peak;
  const double g = bump(x);
  const auto first = [&](std::size_t n) { return -2 * sharpness * d[n] * g; };
  double value = x.z * (4 * sharpness * sharpness * d[i] * d[j] - (i == j ? 2 * sharpness : 0)) * g;
  if (i == 2)
    value += first(j);
  if (j == 2)
    value += first(i);
  return value;
}

inline SymTensor exact_strain(Vec3 x)
{
  const Vec3 s = slope(x);
  return {0, 0, s.z, 0.5 * s.y, 0.5 * s.x, 0};
}

inline SymTensor exact_stress(Vec3 x)
{
  const SymTensor e = exact_strain(x);
  const double p = lambda * trace(e);
  return 2 * mu * e + SymTensor{p, p, p, 0, 0, 0};
}

inline Vec3 body_force(Vec3 x)
{
  Vec3 force;
  for (std::size_t i = 0; i < 3; ++i)
    force[i] = -(lambda + mu) * curvature(x, i, 2);
  force.z -= mu * (curvature(x, 0, 0) + curvature(x, 1, 1) + curvature(x, 2, 2));
  return force;
}

/// 1/2 integral of stress : strain of the exact solution.
inline double exact_energy()
{
  constexpr int n = 16;
  double sum = 0;
  for (int k = 0; k < n; ++k)
    for (int j = 0; j < n; ++j)
      for (int i = 0; i < n; ++i)
        for (const auto& [xi, weight] : calcar::solid::fine_reference_points(CellShape::hexahedron))
        {
          const Vec3 x = {(i + xi.x) / n, (j + xi.y) / n, (k + xi.z) / n};
          sum += weight / (n * n * n) * 0.5 * contract(exact_stress(x), exact_strain(x));
        }
  return sum;
}

} // namespace bump_solution
