#include "solid/interpolation.hpp"

#include "solid/reference_points.hpp"

#include <array>

namespace calcar::solid
{
namespace
{

/// Each point of the rule lies on the line from the centre to its corner; its coordinate there
/// takes the place of the corner's.
SymTensor in_tetrahedron(std::span<const ReferencePoint> rule, Vec3 xi,
                         std::span<const SymTensor> at_points)
{
  const double a = rule[0].xi.x; // small and large barycentric coordinate of the points
  const double b = rule[1].xi.x;
  const std::array<double, 4> barycentric = {1 - xi.x - xi.y - xi.z, xi.x, xi.y, xi.z};
  SymTensor sum;
  for (std::size_t n = 0; n < 4; ++n)
    sum = sum + (barycentric[n] - a) / (b - a) * at_points[n];
  return sum;
}

/// Lagrange's polynomials through `count` coordinates, at x.
std::array<double, 3> lagrange(const std::array<double, 3>& nodes, std::size_t count, double x)
{
  std::array<double, 3> values = {1, 1, 1};
  for (std::size_t n = 0; n < count; ++n)
    for (std::size_t m = 0; m < count; ++m)
      if (m != n)
        values[n] *= (x - nodes[m]) / (nodes[n] - nodes[m]);
  return values;
}

SymTensor in_hexahedron(std::span<const ReferencePoint> rule, std::size_t count, Vec3 xi,
                        std::span<const SymTensor> at_points)
{
  std::array<double, 3> nodes{};
  for (std::size_t n = 0; n < count; ++n)
    nodes[n] = rule[n].xi.x;
  const auto x = lagrange(nodes, count, xi.x), y = lagrange(nodes, count, xi.y),
             z = lagrange(nodes, count, xi.z);
  SymTensor sum;
  for (std::size_t q = 0; q < at_points.size(); ++q)
    sum = sum + x[q % count] * y[q / count % count] * z[q / (count * count)] * at_points[q];
  return sum;
}

} // namespace

SymTensor strain_at(mesh::CellShape shape, int degree, Vec3 xi,
                    std::span<const SymTensor> at_points)
{
  const auto rule = reference_points(shape, degree);
  if (shape == mesh::CellShape::hexahedron)
    return in_hexahedron(rule, degree == 1 ? 2 : 3, xi, at_points);
  return degree == 1 ? at_points[0] : in_tetrahedron(rule, xi, at_points);
}

} // namespace calcar::solid
