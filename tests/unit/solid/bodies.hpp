#pragma once

#include "base/error.hpp"
#include "mesh/nodes.hpp"
#include "solid/body.hpp"
#include "solid/engine.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdint>
#include <functional>
#include <random>
#include <string>
#include <vector>

/// Small meshes, supports and loads for the tests of the finite elements.
namespace bodies
{

using calcar::SymTensor;
using calcar::Vec3;
using calcar::mesh::CellShape;
using calcar::mesh::Mesh;
using calcar::mesh::Nodes;
using calcar::solid::NodalForce;
using calcar::solid::SolidBody;
using calcar::solid::Supports;

/// A kind of element, with its name.
struct Kind
{
  CellShape shape;
  int degree;
  std::string name;
};

inline std::vector<Kind> kinds()
{
  return {{CellShape::tetrahedron, 1, "tet4"},
          {CellShape::tetrahedron, 2, "tet10"},
          {CellShape::hexahedron, 1, "hex8"},
          {CellShape::hexahedron, 2, "hex27"}};
}

/// The cube [0, 1]^3 in boxes; hexahedra, or each box in six tetrahedra around its diagonal.
inline Mesh grid(const Kind& kind, std::array<std::uint32_t, 3> boxes, Vec3 size = {1, 1, 1})
{
  Mesh mesh;
  mesh.shape = kind.shape;
  mesh.degree = kind.degree;
  const auto [nx, ny, nz] = boxes;
  for (std::uint32_t k = 0; k <= nz; ++k)
    for (std::uint32_t j = 0; j <= ny; ++j)
      for (std::uint32_t i = 0; i <= nx; ++i)
        mesh.points.push_back({size.x * i / nx, size.y * j / ny, size.z * k / nz});
  const auto point = [&](std::uint32_t i, std::uint32_t j, std::uint32_t k)
  { return i + (nx + 1) * (j + (ny + 1) * k); };
  // Kuhn's six: the ways from the first corner to the last one along the axes.
  const std::array<std::array<std::uint32_t, 4>, 6> ways = {
      {{0, 1, 2, 6}, {0, 2, 3, 6}, {0, 3, 7, 6}, {0, 7, 4, 6}, {0, 4, 5, 6}, {0, 5, 1, 6}}};
  for (std::uint32_t k = 0; k < nz; ++k)
    for (std::uint32_t j = 0; j < ny; ++j)
      for (std::uint32_t i = 0; i < nx; ++i)
      {
        const std::array<std::uint32_t, 8> c = {point(i, j, k),
                                                point(i + 1, j, k),
                                                point(i + 1, j + 1, k),
                                                point(i, j + 1, k),
                                                point(i, j, k + 1),
                                                point(i + 1, j, k + 1),
                                                point(i + 1, j + 1, k + 1),
                                                point(i, j + 1, k + 1)};
        if (kind.shape == CellShape::hexahedron)
          mesh.corners.insert(mesh.corners.end(), c.begin(), c.end());
        else
          for (const auto& way : ways)
            for (const std::uint32_t n : way)
              mesh.corners.push_back(c[n]);
      }
  mesh.region.assign(mesh.corners.size() / (kind.shape == CellShape::hexahedron ? 8 : 4), 0);
  mesh.regions = {"body"};
  return mesh;
}

/// Moves points that are not on the surface of the unit cube, each by at most `by`.
inline void distort(Mesh& mesh, double by)
{
  std::mt19937 random(7);
  const auto shift = [&] { return by * (2.0 * double(random()) / 4294967295.0 - 1); };
  for (Vec3& p : mesh.points)
  {
    const Vec3 moved = p + Vec3{shift(), shift(), shift()};
    const bool inside = p.x > 1e-9 && p.x < 1 - 1e-9 && p.y > 1e-9 && p.y < 1 - 1e-9 &&
                        p.z > 1e-9 && p.z < 1 - 1e-9;
    if (inside)
      p = moved;
  }
}

/// The same body with points, cells and the order of each cell's corners mixed; the rotations of
/// the reference cell that are taken preserve its orientation.
inline Mesh mixed(const Mesh& mesh, std::vector<std::uint32_t>& new_of_old)
{
  std::mt19937 random(11);
  const auto shuffle = [&](std::vector<std::uint32_t>& list)
  {
    for (std::size_t n = list.size(); n > 1; --n)
      std::swap(list[n - 1], list[random() % n]);
  };
  const auto identity = [](std::size_t count)
  {
    std::vector<std::uint32_t> list(count);
    for (std::uint32_t n = 0; n < count; ++n)
      list[n] = n;
    return list;
  };
  new_of_old = identity(mesh.points.size());
  shuffle(new_of_old);
  std::vector<std::uint32_t> cells = identity(mesh.cells());
  shuffle(cells);
  Mesh result = mesh;
  for (std::size_t p = 0; p < mesh.points.size(); ++p)
    result.points[new_of_old[p]] = mesh.points[p];
  result.corners.clear();
  // Turns about z, x and a diagonal, in the order of cell.hpp.
  const std::vector<std::vector<std::uint32_t>> turns =
      mesh.shape == CellShape::hexahedron
          ? std::vector<std::vector<std::uint32_t>>{{1, 2, 3, 0, 5, 6, 7, 4},
                                                    {3, 2, 6, 7, 0, 1, 5, 4},
                                                    {0, 3, 7, 4, 1, 2, 6, 5}}
          : std::vector<std::vector<std::uint32_t>>{{1, 2, 0, 3}, {0, 2, 3, 1}};
  for (const std::uint32_t cell : cells)
  {
    std::vector<std::uint32_t> corners(mesh.cell(cell).begin(), mesh.cell(cell).end());
    for (int turn = 0; turn < 5; ++turn)
    {
      const auto& by = turns[random() % turns.size()];
      auto turned = corners;
      for (std::size_t n = 0; n < corners.size(); ++n)
        turned[n] = corners[by[n]];
      corners = turned;
    }
    for (const std::uint32_t corner : corners)
      result.corners.push_back(new_of_old[corner]);
  }
  return result;
}

inline SolidBody body(Mesh mesh, double youngs = 1000, double poisson = 0.3)
{
  SolidBody result;
  result.youngs.assign(mesh.cells(), youngs);
  result.poisson.assign(mesh.cells(), poisson);
  result.mesh = std::move(mesh);
  return result;
}

using Displacement = std::function<Vec3(Vec3)>;

/// All three components of the nodes that `where` picks.
inline void hold(
    Supports& supports, const Nodes& nodes, const std::function<bool(Vec3)>& where,
    const Displacement& at = [](Vec3) { return Vec3{}; })
{
  if (supports.names.empty())
    supports.names = {"support"};
  for (std::uint32_t n = 0; n < nodes.points.size(); ++n)
    if (where(nodes.points[n]))
      for (int axis = 0; axis < 3; ++axis)
        supports.fixed.push_back({n, axis, at(nodes.points[n])[static_cast<std::size_t>(axis)], 0});
}

inline bool on_cube(Vec3 p)
{
  for (const double x : {p.x, p.y, p.z})
    if (x < 1e-9 || x > 1 - 1e-9)
      return true;
  return false;
}

/// Faces of the boundary of which all corners satisfy `where`.
inline std::vector<calcar::mesh::FaceOfCell> faces_where(const Mesh& mesh,
                                                         const std::function<bool(Vec3)>& where)
{
  std::vector<calcar::mesh::FaceOfCell> faces;
  for (const auto& face : calcar::mesh::boundary_faces(mesh))
  {
    const auto corners = calcar::mesh::face_corners(mesh, face);
    if (std::all_of(corners.begin(), corners.end(),
                    [&](std::uint32_t c) { return where(mesh.points[c]); }))
      faces.push_back(face);
  }
  return faces;
}

inline double largest(const SymTensor& t)
{
  double result = 0;
  for (const double x : {t.xx, t.yy, t.zz, t.yz, t.zx, t.xy})
    result = std::max(result, std::abs(x));
  return result;
}

inline double difference(const SymTensor& a, const SymTensor& b)
{
  return largest(a + -1.0 * b);
}

/// The message of an InputError or SolveError, or empty.
inline std::string message_of(const std::function<void()>& work)
{
  try
  {
    work();
  }
  catch (const std::exception& error)
  {
    return error.what();
  }
  return "";
}

} // namespace bodies
