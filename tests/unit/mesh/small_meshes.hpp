#pragma once

#include "bodies/structured_meshes.hpp"
#include "mesh/mesh.hpp"

#include <algorithm>
#include <array>
#include <cmath>

// Meshes whose measures are known exactly.

namespace calcar::test
{

inline mesh::Mesh one_cell(mesh::CellShape shape, const std::vector<Vec3>& points)
{
  mesh::Mesh mesh;
  mesh.shape = shape;
  mesh.points = points;
  for (std::uint32_t n = 0; n < points.size(); ++n)
    mesh.corners.push_back(n);
  mesh.region = {0};
  mesh.regions = {"bone"};
  return mesh;
}

inline mesh::Mesh tetrahedron(Vec3 a, Vec3 b, Vec3 c, Vec3 d)
{
  return one_cell(mesh::CellShape::tetrahedron, {a, b, c, d});
}

/// Edges of length 2 sqrt(2).
inline mesh::Mesh regular_tetrahedron()
{
  return tetrahedron({1, 1, 1}, {-1, 1, -1}, {1, -1, -1}, {-1, -1, 1});
}

/// n x n x n bricks of `size`.
inline mesh::Mesh bricks(std::uint32_t n, Vec3 size)
{
  mesh::Mesh mesh;
  mesh.shape = mesh::CellShape::hexahedron;
  mesh.regions = {"bone"};
  for (std::uint32_t k = 0; k <= n; ++k)
    for (std::uint32_t j = 0; j <= n; ++j)
      for (std::uint32_t i = 0; i <= n; ++i)
        mesh.points.push_back({size.x * i, size.y * j, size.z * k});
  const std::uint32_t row = n + 1;
  const std::uint32_t layer = row * row;
  for (std::uint32_t k = 0; k < n; ++k)
    for (std::uint32_t j = 0; j < n; ++j)
      for (std::uint32_t i = 0; i < n; ++i)
      {
        const std::uint32_t o = i + row * j + layer * k;
        mesh.corners.insert(mesh.corners.end(),
                            {o, o + 1, o + 1 + row, o + row, o + layer, o + 1 + layer,
                             o + 1 + row + layer, o + row + layer});
        mesh.region.push_back(0);
      }
  return mesh;
}

/// Every brick cut into six tetrahedra along its diagonal (Kuhn); conforming in rows of bricks.
inline mesh::Mesh cut_in_six(const mesh::Mesh& whole)
{
  mesh::Mesh mesh = whole;
  mesh.shape = mesh::CellShape::tetrahedron;
  mesh.corners.clear();
  mesh.region.clear();
  constexpr std::array<std::array<std::size_t, 4>, 6> six = {
      {{0, 1, 2, 6}, {0, 2, 3, 6}, {0, 3, 7, 6}, {0, 7, 4, 6}, {0, 4, 5, 6}, {0, 5, 1, 6}}};
  for (std::size_t c = 0; c < whole.cells(); ++c)
    for (const auto& corners : six)
    {
      for (const std::size_t k : corners)
        mesh.corners.push_back(whole.cell(c)[k]);
      mesh.region.push_back(whole.region[c]);
    }
  return mesh;
}

inline mesh::Mesh cut_bricks(std::uint32_t n, Vec3 size)
{
  return cut_in_six(bricks(n, size));
}

/// A box of n[0] x n[1] x n[2] hexahedra between two corners, cut into tetrahedra for their kind.
inline mesh::Mesh brick(mesh::CellShape shape, std::array<int, 3> n, Vec3 low, Vec3 high,
                        int degree = 1)
{
  mesh::Mesh mesh =
      test_bodies::made_of({shape, degree, ""}, test_bodies::box_of_hexahedra(n, high - low));
  for (Vec3& p : mesh.points)
    p += low;
  return mesh;
}

inline double total_volume(const mesh::Mesh& mesh)
{
  double sum = 0;
  for (std::size_t c = 0; c < mesh.cells(); ++c)
    sum += mesh::volume(mesh, c);
  return sum;
}

/// The area of triangular faces.
inline double area_of(const mesh::Mesh& mesh, const std::vector<mesh::FaceOfCell>& faces)
{
  double sum = 0;
  for (const mesh::FaceOfCell& face : faces)
  {
    const auto c = mesh::face_corners(mesh, face);
    sum += 0.5 * norm(cross(mesh.points[c[1]] - mesh.points[c[0]],
                            mesh.points[c[2]] - mesh.points[c[0]]));
  }
  return sum;
}

/// Two meshes of the same cells in one; points are not joined.
inline mesh::Mesh side_by_side(mesh::Mesh a, const mesh::Mesh& b, Vec3 shift)
{
  const auto first = static_cast<std::uint32_t>(a.points.size());
  for (const Vec3& p : b.points)
    a.points.push_back(p + shift);
  for (const std::uint32_t c : b.corners)
    a.corners.push_back(c + first);
  a.region.insert(a.region.end(), b.region.begin(), b.region.end());
  return a;
}

/// Replaces a point by another in all cells.
inline void use_instead(mesh::Mesh& mesh, std::uint32_t point, std::uint32_t other)
{
  std::replace(mesh.corners.begin(), mesh.corners.end(), point, other);
}

} // namespace calcar::test
