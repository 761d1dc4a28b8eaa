#include "solid/shape.hpp"

#include "mesh/nodes.hpp"

#include <array>

namespace calcar::solid
{
namespace
{

using mesh::CellShape;

std::vector<Vec3> make_nodes(CellShape shape, int degree)
{
  std::vector<Vec3> nodes;
  if (shape == CellShape::tetrahedron)
    nodes = {{0, 0, 0}, {1, 0, 0}, {0, 1, 0}, {0, 0, 1}};
  else
    nodes = {{0, 0, 0}, {1, 0, 0}, {1, 1, 0}, {0, 1, 0},
             {0, 0, 1}, {1, 0, 1}, {1, 1, 1}, {0, 1, 1}};
  if (degree == 1)
    return nodes;
  for (const mesh::CellEdge& edge : mesh::reference_cell(shape).edges)
    nodes.push_back((nodes[edge[0]] + nodes[edge[1]]) / 2);
  if (shape == CellShape::tetrahedron)
    return nodes;
  nodes.resize(27, {0.5, 0.5, 0.5});
  for (int f = 0; f < 6; ++f)
  {
    const auto of_face = mesh::nodes_of_face(shape, 2, f);
    Vec3 sum;
    for (std::size_t n = 0; n < 4; ++n)
      sum += nodes[of_face[n]];
    nodes[of_face[8]] = sum / 4;
  }
  return nodes;
}

/// The Lagrange polynomial on [0, 1] that is 1 at `node`, and its derivative.
std::array<double, 2> lagrange(int degree, double node, double x)
{
  if (degree == 1)
    return node == 0 ? std::array{1 - x, -1.0} : std::array{x, 1.0};
  if (node == 0)
    return {(1 - x) * (1 - 2 * x), 4 * x - 3};
  if (node == 1)
    return {x * (2 * x - 1), 4 * x - 1};
  return {4 * x * (1 - x), 4 - 8 * x};
}

constexpr std::array<Vec3, 4> barycentric_gradients = {Vec3{-1, -1, -1}, Vec3{1, 0, 0},
                                                       Vec3{0, 1, 0}, Vec3{0, 0, 1}};

} // namespace

std::span<const Vec3> reference_nodes(CellShape shape, int degree)
{
  static const auto p1 = make_nodes(CellShape::tetrahedron, 1);
  static const auto p2 = make_nodes(CellShape::tetrahedron, 2);
  static const auto q1 = make_nodes(CellShape::hexahedron, 1);
  static const auto q2 = make_nodes(CellShape::hexahedron, 2);
  if (shape == CellShape::tetrahedron)
    return degree == 1 ? p1 : p2;
  return degree == 1 ? q1 : q2;
}

std::vector<double> shape_values(CellShape shape, int degree, Vec3 xi)
{
  std::vector<double> values;
  if (shape == CellShape::hexahedron)
  {
    for (const Vec3& node : reference_nodes(shape, degree))
      values.push_back(lagrange(degree, node.x, xi.x)[0] * lagrange(degree, node.y, xi.y)[0] *
                       lagrange(degree, node.z, xi.z)[0]);
    return values;
  }
  const std::array<double, 4> l = {1 - xi.x - xi.y - xi.z, xi.x, xi.y, xi.z};
  for (const double value : l)
    values.push_back(degree == 1 ? value : value * (2 * value - 1));
  if (degree == 2)
    for (const mesh::CellEdge& edge : mesh::reference_cell(shape).edges)
      values.push_back(4 * l[edge[0]] * l[edge[1]]);
  return values;
}

std::vector<Vec3> shape_derivatives(CellShape shape, int degree, Vec3 xi)
{
  std::vector<Vec3> derivatives;
  if (shape == CellShape::hexahedron)
  {
    for (const Vec3& node : reference_nodes(shape, degree))
    {
      const auto x = lagrange(degree, node.x, xi.x);
      const auto y = lagrange(degree, node.y, xi.y);
      const auto z = lagrange(degree, node.z, xi.z);
      derivatives.push_back({x[1] * y[0] * z[0], x[0] * y[1] * z[0], x[0] * y[0] * z[1]});
    }
    return derivatives;
  }
  const std::array<double, 4> l = {1 - xi.x - xi.y - xi.z, xi.x, xi.y, xi.z};
  const auto& g = barycentric_gradients;
  for (std::size_t n = 0; n < 4; ++n)
    derivatives.push_back(degree == 1 ? g[n] : (4 * l[n] - 1) * g[n]);
  if (degree == 2)
    for (const mesh::CellEdge& edge : mesh::reference_cell(shape).edges)
      derivatives.push_back(4 * (l[edge[0]] * g[edge[1]] + l[edge[1]] * g[edge[0]]));
  return derivatives;
}

Vec3 place(const mesh::Mesh& mesh, std::size_t cell, std::span<const double> corner_values)
{
  Vec3 sum;
  const auto corners = mesh.cell(cell);
  for (std::size_t n = 0; n < corners.size(); ++n)
    sum += corner_values[n] * mesh.points[corners[n]];
  return sum;
}

Mat3 jacobian(const mesh::Mesh& mesh, std::size_t cell, std::span<const Vec3> corner_derivatives)
{
  Mat3 columns;
  const auto corners = mesh.cell(cell);
  for (std::size_t n = 0; n < corners.size(); ++n)
    for (std::size_t axis = 0; axis < 3; ++axis)
      columns[axis] += corner_derivatives[n][axis] * mesh.points[corners[n]];
  return columns;
}

} // namespace calcar::solid
