#pragma once

#include "mesh/mesh.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdint>
#include <functional>
#include <map>
#include <numbers>
#include <random>
#include <vector>

/// Meshes of simple bodies: lattices of hexahedra bent into shape, as they are or cut into
/// tetrahedra, of degree 1 or 2, straight or shaken.
namespace test_bodies
{

using calcar::Vec3;
using calcar::mesh::CellShape;
using calcar::mesh::FaceOfCell;
using calcar::mesh::Mesh;

/// A kind of finite element: its cell and the degree of its displacements.
struct ElementKind
{
  CellShape shape;
  int degree;
  const char* name;
};

inline constexpr ElementKind tet4 = {CellShape::tetrahedron, 1, "tet4"};
inline constexpr ElementKind tet10 = {CellShape::tetrahedron, 2, "tet10"};
inline constexpr ElementKind hex8 = {CellShape::hexahedron, 1, "hex8"};
inline constexpr ElementKind hex27 = {CellShape::hexahedron, 2, "hex27"};
inline constexpr std::array<ElementKind, 4> element_kinds = {tet4, tet10, hex8, hex27};

/// Where a point of the unit cube goes. It must keep right-handed axes right-handed.
using Map = std::function<Vec3(Vec3)>;

/// The unit cube's n[0] x n[1] x n[2] hexahedra, moved by `map`; cells and points count along the
/// first axis first.
inline Mesh mapped_hexahedra(std::array<int, 3> n, const Map& map)
{
  Mesh mesh;
  mesh.shape = CellShape::hexahedron;
  mesh.regions = {"body"};
  for (int k = 0; k <= n[2]; ++k)
    for (int j = 0; j <= n[1]; ++j)
      for (int i = 0; i <= n[0]; ++i)
        mesh.points.push_back(map({double(i) / n[0], double(j) / n[1], double(k) / n[2]}));
  const auto point = [&n](int i, int j, int k)
  { return static_cast<std::uint32_t>(i + (n[0] + 1) * (j + (n[1] + 1) * k)); };
  for (int k = 0; k < n[2]; ++k)
    for (int j = 0; j < n[1]; ++j)
      for (int i = 0; i < n[0]; ++i)
      {
        for (const int up : {k, k + 1})
          for (const std::uint32_t p :
               {point(i, j, up), point(i + 1, j, up), point(i + 1, j + 1, up), point(i, j + 1, up)})
            mesh.corners.push_back(p);
        mesh.region.push_back(0);
      }
  return mesh;
}

/// A box from the origin.
inline Mesh box_of_hexahedra(std::array<int, 3> n, Vec3 size)
{
  return mapped_hexahedra(n,
                          [size](Vec3 s) {
                            return Vec3{size.x * s.x, size.y * s.y, size.z * s.z};
                          });
}

/// Several meshes of one shape in one, their points kept apart.
inline Mesh together(const std::vector<Mesh>& meshes)
{
  Mesh all = meshes.front();
  for (std::size_t m = 1; m < meshes.size(); ++m)
  {
    const auto first = static_cast<std::uint32_t>(all.points.size());
    all.points.insert(all.points.end(), meshes[m].points.begin(), meshes[m].points.end());
    for (const std::uint32_t corner : meshes[m].corners)
      all.corners.push_back(first + corner);
    all.region.insert(all.region.end(), meshes[m].region.begin(), meshes[m].region.end());
  }
  return all;
}

/// The mesh with points closer than about `tolerance` (mm) made one.
inline Mesh merged(const Mesh& mesh, double tolerance)
{
  // Cells of a grid that is shifted off the round numbers at which coordinates tend to lie.
  const auto key = [tolerance](Vec3 x)
  {
    return std::array<long long, 3>{std::llround(x.x / tolerance + 0.237),
                                    std::llround(x.y / tolerance + 0.311),
                                    std::llround(x.z / tolerance + 0.173)};
  };
  std::map<std::array<long long, 3>, std::uint32_t> seen;
  std::vector<std::uint32_t> now;
  Mesh result = mesh;
  result.points.clear();
  for (const Vec3& x : mesh.points)
  {
    const auto [place, is_new] =
        seen.try_emplace(key(x), static_cast<std::uint32_t>(result.points.size()));
    if (is_new)
      result.points.push_back(x);
    now.push_back(place->second);
  }
  for (std::uint32_t& corner : result.corners)
    corner = now[corner];
  return result;
}

/**
 * Six tetrahedra of every hexahedron, conforming on any mesh: a cell is the cones from its point of
 * lowest number over the three faces that do not hold it, and a face is cut through its own point
 * of lowest number, which both cells beside it see alike (a pulling triangulation).
 */
inline Mesh tetrahedra_of(const Mesh& hexahedra)
{
  Mesh mesh = hexahedra;
  mesh.shape = CellShape::tetrahedron;
  mesh.corners.clear();
  mesh.region.clear();
  for (std::uint32_t c = 0; c < hexahedra.cells(); ++c)
  {
    const auto cell = hexahedra.cell(c);
    const std::uint32_t apex = *std::min_element(cell.begin(), cell.end());
    for (std::uint8_t f = 0; f < 6; ++f)
    {
      auto face = calcar::mesh::face_corners(hexahedra, {c, f}); // outward
      if (std::find(face.begin(), face.end(), apex) != face.end())
        continue;
      std::rotate(face.begin(), std::min_element(face.begin(), face.end()), face.end());
      for (const std::size_t n : {1U, 2U})
      {
        mesh.corners.insert(mesh.corners.end(), {face[0], face[n + 1], face[n], apex});
        mesh.region.push_back(hexahedra.region[c]);
      }
    }
  }
  return mesh;
}

/// The mesh of hexahedra as one of the kinds of elements.
inline Mesh made_of(ElementKind kind, const Mesh& hexahedra)
{
  Mesh mesh = kind.shape == CellShape::hexahedron ? hexahedra : tetrahedra_of(hexahedra);
  mesh.degree = kind.degree;
  return mesh;
}

/// Points of a box moved at random by up to `amount` mm along each axis, those on its sides within
/// them. The same on every computer.
inline Mesh shaken(const Mesh& mesh, double amount)
{
  const calcar::mesh::Box box = calcar::mesh::box(mesh);
  const double near = 1e-9 * norm(box.high - box.low);
  std::mt19937 random(7);
  Mesh result = mesh;
  for (Vec3& x : result.points)
    for (std::size_t axis = 0; axis < 3; ++axis)
    {
      const double step = amount * (2 * double(random()) / 4294967295.0 - 1);
      if (x[axis] > box.low[axis] + near && x[axis] < box.high[axis] - near)
        x[axis] += step;
    }
  return result;
}

/// The faces of the boundary whose centre (mean of the corners) is where `here` says.
inline std::vector<FaceOfCell> boundary_where(const Mesh& mesh,
                                              const std::function<bool(Vec3)>& here)
{
  std::vector<FaceOfCell> faces;
  for (const FaceOfCell& face : calcar::mesh::boundary_faces(mesh))
  {
    Vec3 sum;
    const auto corners = calcar::mesh::face_corners(mesh, face);
    for (const std::uint32_t corner : corners)
      sum += mesh.points[corner];
    if (here(sum / static_cast<double>(corners.size())))
      faces.push_back(face);
  }
  return faces;
}

/// A quarter of an elliptic ring x, y >= 0 between half axes `inner` and `outer` (x, y), of height
/// `height` from z = 0. n: cells across, around, up; cells grow outward by `grading` (1: equal).
inline Mesh elliptic_quarter(std::array<int, 3> n, std::array<double, 2> inner,
                             std::array<double, 2> outer, double height, double grading)
{
  return mapped_hexahedra(
      n,
      [=](Vec3 s)
      {
        const double angle = s.y * std::numbers::pi / 2;
        const double across = std::pow(s.x, grading);
        const double c = s.y == 1 ? 0 : std::cos(angle);
        return Vec3{(inner[0] + across * (outer[0] - inner[0])) * c,
                    (inner[1] + across * (outer[1] - inner[1])) * std::sin(angle), height * s.z};
      });
}

/// A tube about z between two radii, open between the angles `from` and `to`; a full turn is
/// closed. n: cells across, around, up.
inline Mesh tube_sector(std::array<int, 3> n, double inner, double outer, double from, double to,
                        double length)
{
  const Mesh mesh =
      mapped_hexahedra(n,
                       [=](Vec3 s)
                       {
                         const double angle = from + s.y * (to - from);
                         const double r = inner + s.x * (outer - inner);
                         return Vec3{r * std::cos(angle), r * std::sin(angle), length * s.z};
                       });
  return to - from > 2 * std::numbers::pi - 1e-9 ? merged(mesh, 1e-7 * outer) : mesh;
}

/**
 * The octant x, y, z >= 0 around the origin in three blocks that meet along (1, 1, 1). `place`
 * takes a direction, scaled to largest component 1, and s from 0 (inside) to 1 (outside) to the
 * point. n: cells along each side of a block, cells outward.
 */
inline Mesh octant(int around, int outward, const std::function<Vec3(Vec3, double)>& place)
{
  const auto tangent = [](double t) { return t == 1 ? 1 : std::tan(t * std::numbers::pi / 4); };
  const auto block = [&](int axis)
  {
    return mapped_hexahedra(
        {outward, around, around},
        [&, axis](Vec3 s)
        {
          const Vec3 d = {1, tangent(s.y), tangent(s.z)};
          const Vec3 turned = axis == 0 ? d : axis == 1 ? Vec3{d.z, d.x, d.y} : Vec3{d.y, d.z, d.x};
          return place(turned, s.x);
        });
  };
  const Mesh mesh = together({block(0), block(1), block(2)});
  const calcar::mesh::Box box = calcar::mesh::box(mesh);
  return merged(mesh, 1e-8 * norm(box.high - box.low));
}

/// An octant of the shell between two spheres; layers grow outward by `grading` (1: equal).
inline Mesh shell_octant(int around, int outward, double inner, double outer, double grading)
{
  return octant(around, outward,
                [=](Vec3 d, double s)
                { return (inner + std::pow(s, grading) * (outer - inner)) / norm(d) * d; });
}

} // namespace test_bodies
