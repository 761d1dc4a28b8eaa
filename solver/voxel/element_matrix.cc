#include "voxel/element_matrix.hpp"

#include <cmath>
#include <cstddef>

namespace calcar::voxel
{
namespace
{

/// Strain (xx, yy, zz, and the engineering shears xy, yz, zx) by corner displacements: 6 rows of
/// 24.
using StrainMatrix = std::array<std::array<double, 24>, 6>;

/// Sign of the natural coordinate of a corner along an axis.
double side(std::size_t corner, std::size_t axis)
{
  return (corner >> axis & 1) != 0 ? 1 : -1;
}

/// Derivatives of the shape function N = (1 + s0 p0) (1 + s1 p1) (1 + s2 p2) / 8 of a corner with
/// signs s, at the natural coordinates p.
Vec3 shape_gradient(const Vec3& spacing, std::size_t corner, const Vec3& point)
{
  Vec3 gradient;
  for (std::size_t axis = 0; axis < 3; ++axis)
  {
    const std::size_t b = (axis + 1) % 3, c = (axis + 2) % 3;
    gradient[axis] = 2 / spacing[axis] * side(corner, axis) / 8 * (1 + side(corner, b) * point[b]) *
                     (1 + side(corner, c) * point[c]);
  }
  return gradient;
}

StrainMatrix strain_matrix(const Vec3& spacing, const Vec3& point)
{
  StrainMatrix b{};
  for (std::size_t corner = 0; corner < 8; ++corner)
  {
    const Vec3 d = shape_gradient(spacing, corner, point);
    const std::size_t u = 3 * corner, v = u + 1, w = u + 2;
    b[0][u] = d.x;
    b[1][v] = d.y;
    b[2][w] = d.z;
    b[3][u] = d.y;
    b[3][v] = d.x;
    b[4][v] = d.z;
    b[4][w] = d.y;
    b[5][u] = d.z;
    b[5][w] = d.x;
  }
  return b;
}

void add_point(const StrainMatrix& b, double lambda, double mu, double weight,
               ElementMatrix& matrix)
{
  for (std::size_t p = 0; p < 24; ++p)
    for (std::size_t q = 0; q < 24; ++q)
    {
      double entry =
          lambda * (b[0][p] + b[1][p] + b[2][p]) * (b[0][q] + b[1][q] + b[2][q]); // m m^T
      for (std::size_t e = 0; e < 6; ++e)
        entry += (e < 3 ? 2 : 1) * mu * b[e][p] * b[e][q];
      matrix[24 * p + q] += weight * entry;
    }
}

} // namespace

ElementMatrix element_matrix(const Vec3& spacing, double lambda, double mu)
{
  ElementMatrix matrix{};
  const double coordinate = 1 / std::sqrt(3.0);
  const double weight = spacing.x * spacing.y * spacing.z / 8;
  for (std::size_t g = 0; g < 8; ++g)
  {
    const Vec3 point{side(g, 0) * coordinate, side(g, 1) * coordinate, side(g, 2) * coordinate};
    add_point(strain_matrix(spacing, point), lambda, mu, weight, matrix);
  }
  return matrix;
}

} // namespace calcar::voxel
