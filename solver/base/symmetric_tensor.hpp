#pragma once

#include "base/vec3.hpp"

#include <array>

namespace calcar
{

/**
 * A symmetric second-order tensor (strain, stress, inertia) in components
 * xx, yy, zz, yz, zx, xy. Shear components are tensor components, not engineering strains.
 */
struct SymTensor
{
  double xx = 0;
  double yy = 0;
  double zz = 0;
  double yz = 0;
  double zx = 0;
  double xy = 0;
};

constexpr SymTensor operator+(SymTensor a, SymTensor b)
{
  return {a.xx + b.xx, a.yy + b.yy, a.zz + b.zz, a.yz + b.yz, a.zx + b.zx, a.xy + b.xy};
}
constexpr SymTensor operator*(double s, SymTensor a)
{
  return {s * a.xx, s * a.yy, s * a.zz, s * a.yz, s * a.zx, s * a.xy};
}
constexpr double trace(SymTensor a)
{
  return a.xx + a.yy + a.zz;
}
/// Double contraction a:b, each off-diagonal pair counted twice.
constexpr double contract(SymTensor a, SymTensor b)
{
  return a.xx * b.xx + a.yy * b.yy + a.zz * b.zz + 2 * (a.yz * b.yz + a.zx * b.zx + a.xy * b.xy);
}
/// The product of the tensor with a vector.
constexpr Vec3 operator*(SymTensor a, Vec3 v)
{
  return {a.xx * v.x + a.xy * v.y + a.zx * v.z, a.xy * v.x + a.yy * v.y + a.yz * v.z,
          a.zx * v.x + a.yz * v.y + a.zz * v.z};
}

/// Eigenvalues in descending order: values[0] >= values[1] >= values[2].
std::array<double, 3> eigenvalues(const SymTensor& tensor);

/// An eigenvalue with its unit eigenvector.
struct EigenPair
{
  double value;
  Vec3 direction;
};

/// Eigenpairs in descending order of the eigenvalue; the directions are orthonormal.
std::array<EigenPair, 3> eigenpairs(const SymTensor& tensor);

} // namespace calcar
