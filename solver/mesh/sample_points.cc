#include "mesh/sample_points.hpp"

#include <algorithm>
#include <array>
#include <cmath>

namespace calcar::mesh
{
namespace
{

constexpr int most_halvings = 3;
constexpr int most_pieces = 1 << most_halvings;

double longest_edge(const Mesh& mesh, std::span<const std::uint32_t> cell)
{
  double longest = 0;
  for (const CellEdge& edge : reference_cell(mesh.shape).edges)
    longest = std::max(longest, norm(mesh.points[cell[edge[1]]] - mesh.points[cell[edge[0]]]));
  return longest;
}

using Corners = std::array<Vec3, 4>;

Vec3 middle(const Vec3& a, const Vec3& b)
{
  return 0.5 * (a + b);
}

/// The eight tetrahedra of equal volume between the corners and the middles of the edges; the
/// octahedron in the middle is cut along the diagonal between the middles of 0-2 and 1-3.
std::array<Corners, 8> halved(const Corners& c)
{
  const Vec3 m01 = middle(c[0], c[1]), m02 = middle(c[0], c[2]), m03 = middle(c[0], c[3]),
             m12 = middle(c[1], c[2]), m13 = middle(c[1], c[3]), m23 = middle(c[2], c[3]);
  return {{{c[0], m01, m02, m03},
           {m01, c[1], m12, m13},
           {m02, m12, c[2], m23},
           {m03, m13, m23, c[3]},
           {m01, m02, m03, m13},
           {m01, m02, m12, m13},
           {m02, m03, m13, m23},
           {m02, m12, m13, m23}}};
}

void append_centres(const Corners& corners, int halvings, std::vector<Vec3>& centres)
{
  if (halvings == 0)
  {
    centres.push_back(0.25 * (corners[0] + corners[1] + corners[2] + corners[3]));
    return;
  }
  for (const Corners& piece : halved(corners))
    append_centres(piece, halvings - 1, centres);
}

using Patterns = std::array<std::vector<Vec3>, most_halvings + 1>;

/// Centres of the pieces of the reference tetrahedron for each number of halvings.
const Patterns& patterns()
{
  static const Patterns of_halvings = []
  {
    Patterns all;
    for (int halvings = 0; halvings <= most_halvings; ++halvings)
      append_centres({{{0, 0, 0}, {1, 0, 0}, {0, 1, 0}, {0, 0, 1}}}, halvings,
                     all[static_cast<std::size_t>(halvings)]);
    return all;
  }();
  return of_halvings;
}

std::vector<SamplePoint> in_tetrahedron(const Mesh& mesh, std::size_t cell, double spacing_mm)
{
  const auto c = mesh.cell(cell);
  std::size_t halvings = 0;
  for (double edge = longest_edge(mesh, c); edge > spacing_mm && halvings < most_halvings;
       edge /= 2)
    ++halvings;
  const std::vector<Vec3>& pattern = patterns()[halvings];
  const Vec3 origin = mesh.points[c[0]];
  const Vec3 x = mesh.points[c[1]] - origin, y = mesh.points[c[2]] - origin,
             z = mesh.points[c[3]] - origin;
  const double share = volume(mesh, cell) / static_cast<double>(pattern.size());
  std::vector<SamplePoint> samples;
  samples.reserve(pattern.size());
  for (const Vec3& xi : pattern)
    samples.push_back({origin + xi.x * x + xi.y * y + xi.z * z, share, xi});
  return samples;
}

/// Place and Jacobian of a trilinear hexahedron at coordinates in [0, 1]^3.
SamplePoint in_cube(const Mesh& mesh, std::span<const std::uint32_t> cell, Vec3 x)
{
  const auto at = [&](std::size_t n) -> const Vec3& { return mesh.points[cell[n]]; };
  const auto between = [](const Vec3& a, const Vec3& b, double t) { return (1 - t) * a + t * b; };
  const Vec3 bottom_front = between(at(0), at(1), x.x), bottom_back = between(at(3), at(2), x.x);
  const Vec3 top_front = between(at(4), at(5), x.x), top_back = between(at(7), at(6), x.x);
  const Vec3 bottom = between(bottom_front, bottom_back, x.y);
  const Vec3 top = between(top_front, top_back, x.y);
  const Vec3 along_x = between(between(at(1) - at(0), at(2) - at(3), x.y),
                               between(at(5) - at(4), at(6) - at(7), x.y), x.z);
  const Vec3 along_y = between(bottom_back - bottom_front, top_back - top_front, x.z);
  return {between(bottom, top, x.z), dot(along_x, cross(along_y, top - bottom)), x};
}

std::vector<SamplePoint> in_hexahedron(const Mesh& mesh, std::size_t cell, double spacing_mm)
{
  const auto c = mesh.cell(cell);
  const int pieces =
      std::clamp(static_cast<int>(std::ceil(longest_edge(mesh, c) / spacing_mm)), 1, most_pieces);
  const double step = 1.0 / pieces;
  std::vector<SamplePoint> samples;
  for (int k = 0; k < pieces; ++k)
    for (int j = 0; j < pieces; ++j)
      for (int i = 0; i < pieces; ++i)
      {
        samples.push_back(in_cube(mesh, c, {(i + 0.5) * step, (j + 0.5) * step, (k + 0.5) * step}));
        samples.back().volume *= step * step * step;
      }
  return samples;
}

} // namespace

std::vector<SamplePoint> sample_points(const Mesh& mesh, std::size_t cell, double spacing_mm)
{
  return mesh.shape == CellShape::tetrahedron ? in_tetrahedron(mesh, cell, spacing_mm)
                                              : in_hexahedron(mesh, cell, spacing_mm);
}

} // namespace calcar::mesh
