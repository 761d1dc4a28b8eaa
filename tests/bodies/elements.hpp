#pragma once

#include "mesh/mesh.hpp"
#include "mesh/nodes.hpp"

#include <array>
#include <cmath>
#include <cstdint>
#include <vector>

/// Finite elements of the tests' own, written without deal.II: shape functions and quadrature on
/// straight cells, with which loads are integrated and errors measured.
namespace test_bodies
{

using calcar::Vec3;
using calcar::mesh::CellShape;
using calcar::mesh::FaceOfCell;
using calcar::mesh::Mesh;

/// Values of the shape functions of a cell's nodes at a point, with their gradients.
struct Shape
{
  std::vector<double> value;
  std::vector<Vec3> gradient;
};

/// The corners of the reference cells: the unit simplex and [-1, 1]^3.
inline Vec3 reference_corner(CellShape shape, std::size_t corner)
{
  static constexpr std::array<Vec3, 4> simplex = {{{0, 0, 0}, {1, 0, 0}, {0, 1, 0}, {0, 0, 1}}};
  static constexpr std::array<Vec3, 8> cube = {{{-1, -1, -1},
                                                {1, -1, -1},
                                                {1, 1, -1},
                                                {-1, 1, -1},
                                                {-1, -1, 1},
                                                {1, -1, 1},
                                                {1, 1, 1},
                                                {-1, 1, 1}}};
  return shape == CellShape::tetrahedron ? simplex[corner] : cube[corner];
}

/// The nodes of a cell in its reference coordinates, in VTK's order.
inline std::vector<Vec3> reference_nodes(CellShape shape, int degree)
{
  std::vector<Vec3> nodes;
  const auto& cell = calcar::mesh::reference_cell(shape);
  for (std::size_t n = 0; n < static_cast<std::size_t>(cell.corners); ++n)
    nodes.push_back(reference_corner(shape, n));
  if (degree == 1)
    return nodes;
  for (const auto& edge : cell.edges)
    nodes.push_back(0.5 * (nodes[edge[0]] + nodes[edge[1]]));
  if (shape == CellShape::hexahedron)
    nodes.insert(nodes.end(),
                 {{-1, 0, 0}, {1, 0, 0}, {0, -1, 0}, {0, 1, 0}, {0, 0, -1}, {0, 0, 1}, {0, 0, 0}});
  return nodes;
}

inline Shape simplex_shape(int degree, Vec3 xi)
{
  const std::array<double, 4> l = {1 - xi.x - xi.y - xi.z, xi.x, xi.y, xi.z};
  const std::array<Vec3, 4> dl = {{{-1, -1, -1}, {1, 0, 0}, {0, 1, 0}, {0, 0, 1}}};
  Shape shape;
  for (std::size_t n = 0; n < 4; ++n)
  {
    shape.value.push_back(degree == 1 ? l[n] : l[n] * (2 * l[n] - 1));
    shape.gradient.push_back(degree == 1 ? dl[n] : (4 * l[n] - 1) * dl[n]);
  }
  if (degree == 2)
    for (const auto& [a, b] : calcar::mesh::reference_cell(CellShape::tetrahedron).edges)
    {
      shape.value.push_back(4 * l[a] * l[b]);
      shape.gradient.push_back(4 * (l[a] * dl[b] + l[b] * dl[a]));
    }
  return shape;
}

/// Lagrange's polynomial of a degree that is 1 at `node` (-1, 0 or 1), and its derivative.
inline std::array<double, 2> lagrange(int degree, double node, double x)
{
  if (degree == 1)
    return {0.5 * (1 + node * x), 0.5 * node};
  if (node == 0)
    return {1 - x * x, -2 * x};
  return {0.5 * x * (x + node), x + 0.5 * node};
}

/// Shape functions in reference coordinates, of the nodes in VTK's order.
inline Shape reference_shape(CellShape kind, int degree, Vec3 xi)
{
  if (kind == CellShape::tetrahedron)
    return simplex_shape(degree, xi);
  Shape shape;
  for (const Vec3& node : reference_nodes(kind, degree))
  {
    const auto [fx, dx] = lagrange(degree, node.x, xi.x);
    const auto [fy, dy] = lagrange(degree, node.y, xi.y);
    const auto [fz, dz] = lagrange(degree, node.z, xi.z);
    shape.value.push_back(fx * fy * fz);
    shape.gradient.push_back({dx * fy * fz, fx * dy * fz, fx * fy * dz});
  }
  return shape;
}

/// Gauss-Legendre points (x, weight) on [0, 1].
inline std::vector<std::array<double, 2>> gauss(int n)
{
  std::vector<std::array<double, 2>> points;
  for (int i = 0; i < n; ++i)
  {
    double x = std::cos(3.14159265358979 * (i + 0.75) / (n + 0.5));
    double slope = 1;
    for (int step = 0; step < 50; ++step)
    {
      double p = 1, before = 0;
      for (int k = 0; k < n; ++k)
      {
        const double next = ((2 * k + 1) * x * p - k * before) / (k + 1);
        before = p;
        p = next;
      }
      slope = n * (x * p - before) / (x * x - 1);
      x -= p / slope;
    }
    points.push_back({0.5 * (1 + x), 1 / ((1 - x * x) * slope * slope)});
  }
  return points;
}

struct QuadraturePoint
{
  Vec3 xi;
  double weight;
};

/// n^3 points, exact to degree 2n - 1 on the cube and at least 2n - 3 on the simplex (collapsed).
inline std::vector<QuadraturePoint> cell_quadrature(CellShape shape, int n)
{
  std::vector<QuadraturePoint> points;
  for (const auto& [a, wa] : gauss(n))
    for (const auto& [b, wb] : gauss(n))
      for (const auto& [c, wc] : gauss(n))
        if (shape == CellShape::hexahedron)
          points.push_back({{2 * a - 1, 2 * b - 1, 2 * c - 1}, 8 * wa * wb * wc});
        else
          points.push_back({{a, b * (1 - a), c * (1 - a) * (1 - b)},
                            wa * wb * wc * (1 - a) * (1 - a) * (1 - b)});
  return points;
}

/// A point of a cell: where it is (mm), the volume or area that belongs to it, the shape functions
/// with gradients in space, and on a face the outward normal.
struct PointInCell
{
  Vec3 x;
  double weight = 0;
  Shape shape;
  Vec3 normal;
};

/// dx/d(xi_a), three columns, and the position.
inline std::array<Vec3, 4> tangents(const Mesh& mesh, std::size_t cell, const Shape& geometry)
{
  std::array<Vec3, 4> g = {};
  const auto corners = mesh.cell(cell);
  for (std::size_t n = 0; n < corners.size(); ++n)
  {
    const Vec3& x = mesh.points[corners[n]];
    for (std::size_t a = 0; a < 3; ++a)
      g[a] += geometry.gradient[n][a] * x;
    g[3] += geometry.value[n] * x;
  }
  return g;
}

/// A point of a cell by its reference coordinates; its weight is the Jacobian.
inline PointInCell point_in_cell(const Mesh& mesh, std::size_t cell, Vec3 xi)
{
  const auto g = tangents(mesh, cell, reference_shape(mesh.shape, 1, xi));
  PointInCell point;
  point.x = g[3];
  point.weight = dot(g[0], cross(g[1], g[2]));
  point.shape = reference_shape(mesh.shape, mesh.degree, xi);
  for (Vec3& d : point.shape.gradient)
    d = (d.x * cross(g[1], g[2]) + d.y * cross(g[2], g[0]) + d.z * cross(g[0], g[1])) /
        point.weight;
  return point;
}

/// Calls visit(cell, PointInCell) at n^3 points of every cell.
template <class Visit>
void over_cells(const Mesh& mesh, int n, const Visit& visit)
{
  const auto rule = cell_quadrature(mesh.shape, n);
  for (std::size_t c = 0; c < mesh.cells(); ++c)
    for (const QuadraturePoint& q : rule)
    {
      PointInCell point = point_in_cell(mesh, c, q.xi);
      point.weight *= q.weight;
      visit(c, point);
    }
}

/// Calls visit(face, PointInCell) at n^2 points of every face.
template <class Visit>
void over_faces(const Mesh& mesh, const std::vector<FaceOfCell>& faces, int n, const Visit& visit)
{
  const auto& reference = calcar::mesh::reference_cell(mesh.shape);
  const bool triangle = reference.corners_of_face == 3;
  for (const FaceOfCell& face : faces)
  {
    std::array<Vec3, 4> x, xi;
    for (std::size_t k = 0; k < 4; ++k)
    {
      const std::uint8_t corner = reference.faces[face.face][k];
      x[k] = mesh.points[mesh.cell(face.cell)[corner]];
      xi[k] = reference_corner(mesh.shape, corner);
    }
    for (const auto& [s, ws] : gauss(n))
      for (const auto& [t, wt] : gauss(n))
      {
        // A triangle's fourth corner repeats its third: the square collapses onto it.
        const std::array<double, 4> f = {(1 - s) * (1 - t), s * (1 - t), s * t, (1 - s) * t};
        const Vec3 along_s = (1 - t) * (x[1] - x[0]) + t * (x[2] - x[3]);
        const Vec3 along_t = (1 - s) * (x[3] - x[0]) + s * (x[2] - x[1]);
        const Vec3 area =
            triangle ? (1 - t) * cross(x[1] - x[0], x[2] - x[0]) : cross(along_s, along_t);
        PointInCell point = point_in_cell(
            mesh, face.cell, f[0] * xi[0] + f[1] * xi[1] + f[2] * xi[2] + f[3] * xi[3]);
        point.weight = ws * wt * norm(area);
        point.normal = normalized(area);
        visit(face, point);
      }
  }
}

} // namespace test_bodies
