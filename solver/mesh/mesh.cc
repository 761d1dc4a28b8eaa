#include "mesh/mesh.hpp"

#include <algorithm>
#include <array>
#include <cmath>

namespace calcar::mesh
{
namespace
{

/// Signs of the corners of the cube [-1, 1]^3 in the order of cell.hpp.
constexpr std::array<std::array<int, 3>, 8> cube = {{{-1, -1, -1},
                                                     {1, -1, -1},
                                                     {1, 1, -1},
                                                     {-1, 1, -1},
                                                     {-1, -1, 1},
                                                     {1, -1, 1},
                                                     {1, 1, 1},
                                                     {-1, 1, 1}}};

/// Determinant of dx/d(xi, eta, zeta) of a trilinear hexahedron.
double jacobian(const Mesh& mesh, std::span<const std::uint32_t> corners, const Vec3& xi)
{
  Vec3 along[3];
  for (std::size_t n = 0; n < 8; ++n)
  {
    const Vec3& x = mesh.points[corners[n]];
    const Vec3 s = {double(cube[n][0]), double(cube[n][1]), double(cube[n][2])};
    const Vec3 f = {1 + s.x * xi.x, 1 + s.y * xi.y, 1 + s.z * xi.z};
    along[0] += 0.125 * s.x * f.y * f.z * x;
    along[1] += 0.125 * s.y * f.z * f.x * x;
    along[2] += 0.125 * s.z * f.x * f.y * x;
  }
  return dot(along[0], cross(along[1], along[2]));
}

} // namespace

double volume(const Mesh& mesh, std::size_t cell)
{
  const auto c = mesh.cell(cell);
  if (mesh.shape == CellShape::tetrahedron)
  {
    const Vec3& o = mesh.points[c[0]];
    return dot(mesh.points[c[1]] - o, cross(mesh.points[c[2]] - o, mesh.points[c[3]] - o)) / 6;
  }
  const double g = 1 / std::sqrt(3.0);
  double sum = 0;
  for (const auto& s : cube)
    sum += jacobian(mesh, c, {g * s[0], g * s[1], g * s[2]});
  return sum;
}

Vec3 centre(const Mesh& mesh, std::size_t cell)
{
  Vec3 sum;
  for (const std::uint32_t point : mesh.cell(cell))
    sum += mesh.points[point];
  return sum / static_cast<double>(mesh.cell(cell).size());
}

Box box(const Mesh& mesh)
{
  if (mesh.points.empty())
    return {};
  Box result = {mesh.points.front(), mesh.points.front()};
  for (const Vec3& p : mesh.points)
    for (std::size_t axis = 0; axis < 3; ++axis)
    {
      result.low[axis] = std::min(result.low[axis], p[axis]);
      result.high[axis] = std::max(result.high[axis], p[axis]);
    }
  return result;
}

std::vector<std::uint32_t> face_corners(const Mesh& mesh, FaceOfCell face)
{
  const ReferenceCell& reference = reference_cell(mesh.shape);
  const auto cell = mesh.cell(face.cell);
  std::vector<std::uint32_t> corners;
  for (int n = 0; n < reference.corners_of_face; ++n)
    corners.push_back(cell[reference.faces[face.face][static_cast<std::size_t>(n)]]);
  return corners;
}

FaceKey face_key(const Mesh& mesh, FaceOfCell face)
{
  const ReferenceCell& reference = reference_cell(mesh.shape);
  const CellFace& corners = reference.faces[face.face];
  const auto cell = mesh.cell(face.cell);
  FaceKey key = {cell[corners[0]], cell[corners[1]], cell[corners[2]],
                 reference.corners_of_face == 4 ? cell[corners[3]] : no_corner};
  std::sort(key.begin(), key.end());
  return key;
}

std::vector<std::pair<FaceKey, FaceOfCell>> sorted_faces(const Mesh& mesh)
{
  const auto faces = static_cast<std::uint8_t>(reference_cell(mesh.shape).faces.size());
  std::vector<std::pair<FaceKey, FaceOfCell>> sorted;
  sorted.reserve(mesh.cells() * faces);
  for (std::uint32_t c = 0; c < mesh.cells(); ++c)
    for (std::uint8_t f = 0; f < faces; ++f)
      sorted.emplace_back(face_key(mesh, {c, f}), FaceOfCell{c, f});
  std::sort(sorted.begin(), sorted.end());
  return sorted;
}

std::vector<FaceOfCell> boundary_faces(const Mesh& mesh)
{
  const auto faces = sorted_faces(mesh);
  std::vector<FaceOfCell> boundary;
  for (std::size_t n = 0; n < faces.size();)
  {
    std::size_t next = n + 1;
    while (next < faces.size() && faces[next].first == faces[n].first)
      ++next;
    if (next == n + 1)
      boundary.push_back(faces[n].second);
    n = next;
  }
  std::sort(boundary.begin(), boundary.end());
  return boundary;
}

} // namespace calcar::mesh
