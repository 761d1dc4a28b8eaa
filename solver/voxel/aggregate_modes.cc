#include "voxel/aggregate_modes.hpp"

#include <cmath>

namespace calcar::voxel
{

Matrix6 operator*(const Matrix6& a, const Matrix6& b)
{
  Matrix6 c{};
  for (std::size_t i = 0; i < 6; ++i)
    for (std::size_t k = 0; k < 6; ++k)
      for (std::size_t j = 0; j < 6; ++j)
        c[6 * i + j] += a[6 * i + k] * b[6 * k + j];
  return c;
}

Matrix6 transposed(const Matrix6& a)
{
  Matrix6 t{};
  for (std::size_t i = 0; i < 6; ++i)
    for (std::size_t j = 0; j < 6; ++j)
      t[6 * i + j] = a[6 * j + i];
  return t;
}

Matrix6 sandwich(const Matrix6& a, const Matrix6& m, const Matrix6& b)
{
  Matrix6 c{};
  const Matrix6 right = m * b;
  for (std::size_t k = 0; k < 6; ++k)
    for (std::size_t i = 0; i < 6; ++i)
      for (std::size_t j = 0; j < 6; ++j)
        c[6 * i + j] += a[6 * k + i] * right[6 * k + j];
  return c;
}

Matrix6 moved(Vec3 d)
{
  Matrix6 m{};
  for (std::size_t i = 0; i < 6; ++i)
    m[7 * i] = 1;
  m[4] = d.z;
  m[5] = -d.y;
  m[6 + 3] = -d.z;
  m[6 + 5] = d.x;
  m[12 + 3] = d.y;
  m[12 + 4] = -d.x;
  return m;
}

namespace
{

/// gram = R^T R with R upper triangular; rows of left-out modes are zero. Returns the reciprocal
/// diagonal, zero for left-out modes.
std::array<double, 6> factor(const Matrix6& gram, double smallest, Matrix6& r)
{
  std::array<double, 6> reciprocal{};
  for (std::size_t i = 0; i < 6; ++i)
  {
    double pivot = gram[7 * i];
    for (std::size_t k = 0; k < i; ++k)
      pivot -= r[6 * k + i] * r[6 * k + i];
    if (!(pivot > smallest))
      continue;
    r[7 * i] = std::sqrt(pivot);
    reciprocal[i] = 1 / r[7 * i];
    for (std::size_t j = i + 1; j < 6; ++j)
    {
      double value = gram[6 * i + j];
      for (std::size_t k = 0; k < i; ++k)
        value -= r[6 * k + i] * r[6 * k + j];
      r[6 * i + j] = value * reciprocal[i];
    }
  }
  return reciprocal;
}

} // namespace

RigidModes rigid_modes(Vec3 centre, const Matrix6& gram, double smallest)
{
  RigidModes modes;
  modes.centre = centre;
  Matrix6& r = modes.to_modes;
  const std::array<double, 6> reciprocal = factor(gram, smallest, r);
  // The inverse on the kept modes, by columns; their rows and columns are zero for others.
  Matrix6& c = modes.from_modes;
  for (std::size_t j = 0; j < 6; ++j)
  {
    c[7 * j] = reciprocal[j];
    for (std::size_t i = j; reciprocal[j] != 0 && i-- > 0;)
    {
      double value = 0;
      for (std::size_t k = i + 1; k <= j; ++k)
        value -= r[6 * i + k] * c[6 * k + j];
      c[6 * i + j] = value * reciprocal[i];
    }
  }
  return modes;
}

Matrix6 gram_of_node(Vec3 r, std::array<bool, 3> is_free)
{
  const Matrix6 at_node = moved(r);
  Matrix6 gram{};
  for (std::size_t c = 0; c < 3; ++c)
    if (is_free[c])
      for (std::size_t i = 0; i < 6; ++i)
        for (std::size_t j = 0; j < 6; ++j)
          gram[6 * i + j] += at_node[6 * c + i] * at_node[6 * c + j];
  return gram;
}

} // namespace calcar::voxel
