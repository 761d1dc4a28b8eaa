#include "mesh/quality.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <numbers>

namespace calcar::mesh
{
namespace
{
using Corners = std::span<const std::uint32_t>;

/// For each corner of a hexahedron its neighbours, turning right-handed.
constexpr std::array<std::array<std::uint8_t, 3>, 8> beside = {
    {{1, 3, 4}, {2, 0, 5}, {3, 1, 6}, {0, 2, 7}, {7, 5, 0}, {4, 6, 1}, {5, 7, 2}, {6, 4, 3}}};

/// Angle between the half planes from an edge along `edge` through a and b, degrees; exact enough
/// near 0 and 180.
double angle_at_edge(const Vec3& edge, const Vec3& a, const Vec3& b)
{
  const Vec3 na = cross(edge, a);
  const Vec3 nb = cross(edge, b);
  return std::atan2(norm(cross(na, nb)), dot(na, nb)) * 180 / std::numbers::pi;
}

void note_angle(CellQuality& q, double angle)
{
  q.smallest_angle = std::min(q.smallest_angle, angle);
  q.largest_angle = std::max(q.largest_angle, angle);
}

void measure_edges(const Mesh& mesh, Corners c, CellQuality& q)
{
  q.shortest_edge = std::numeric_limits<double>::max();
  for (const CellEdge& edge : reference_cell(mesh.shape).edges)
  {
    const double length = norm(mesh.points[c[edge[1]]] - mesh.points[c[edge[0]]]);
    q.shortest_edge = std::min(q.shortest_edge, length);
    q.longest_edge = std::max(q.longest_edge, length);
  }
}

/**
 * 3 r / R of a tetrahedron: r = 3 V / A with the sum A of the faces' areas, and with the edges a,
 * b, c from one corner 12 V R = | a^2 (b x c) + b^2 (c x a) + c^2 (a x b) |.
 */
double radius_ratio(const Vec3& a, const Vec3& b, const Vec3& c, double volume)
{
  const double area =
      (norm(cross(a, b)) + norm(cross(b, c)) + norm(cross(c, a)) + norm(cross(b - a, c - a))) / 2;
  const double twelve_v_r =
      norm(dot(a, a) * cross(b, c) + dot(b, b) * cross(c, a) + dot(c, c) * cross(a, b));
  const double product = area * twelve_v_r;
  return product > 0 ? 108 * volume * std::abs(volume) / product : 0;
}

void measure_tetrahedron(const Mesh& mesh, Corners c, CellQuality& q)
{
  const auto& x = mesh.points;
  // Each edge with the two other corners.
  constexpr std::array<std::array<std::size_t, 4>, 6> edges = {
      {{0, 1, 2, 3}, {1, 2, 0, 3}, {2, 0, 1, 3}, {0, 3, 1, 2}, {1, 3, 0, 2}, {2, 3, 0, 1}}};
  for (const auto& e : edges)
    note_angle(q, angle_at_edge(x[c[e[1]]] - x[c[e[0]]], x[c[e[2]]] - x[c[e[0]]],
                                x[c[e[3]]] - x[c[e[0]]]));
  q.shape = radius_ratio(x[c[1]] - x[c[0]], x[c[2]] - x[c[0]], x[c[3]] - x[c[0]], q.volume);
}

/// Determinant of three directions, each made one long; 0 when one has no length.
double scaled_determinant(const Vec3& a, const Vec3& b, const Vec3& c)
{
  const double lengths = norm(a) * norm(b) * norm(c);
  return lengths > 0 ? dot(a, cross(b, c)) / lengths : 0;
}

void measure_hexahedron(const Mesh& mesh, Corners c, CellQuality& q)
{
  const auto x = [&](std::size_t n) { return mesh.points[c[n]]; };
  const auto face = [&](std::array<std::size_t, 4> n)
  { return x(n[0]) + x(n[1]) + x(n[2]) + x(n[3]); };
  q.shape = scaled_determinant(face({1, 2, 6, 5}) - face({0, 3, 7, 4}),
                               face({3, 2, 6, 7}) - face({0, 1, 5, 4}),
                               face({4, 5, 6, 7}) - face({0, 1, 2, 3}));
  for (std::size_t n = 0; n < 8; ++n)
  {
    const Vec3 a = x(beside[n][0]) - x(n);
    const Vec3 b = x(beside[n][1]) - x(n);
    const Vec3 d = x(beside[n][2]) - x(n);
    q.shape = std::min(q.shape, scaled_determinant(a, b, d));
    note_angle(q, angle_at_edge(a, b, d));
    note_angle(q, angle_at_edge(b, d, a));
    note_angle(q, angle_at_edge(d, a, b));
  }
}

std::size_t bin_of(double shape)
{
  constexpr auto bins = static_cast<double>(QualitySummary::bins);
  return static_cast<std::size_t>(std::clamp(std::floor(shape * bins), 0.0, bins - 1));
}

} // namespace

CellQuality quality(const Mesh& mesh, std::size_t cell)
{
  CellQuality q;
  q.volume = volume(mesh, cell);
  q.smallest_angle = 180;
  measure_edges(mesh, mesh.cell(cell), q);
  if (mesh.shape == CellShape::tetrahedron)
    measure_tetrahedron(mesh, mesh.cell(cell), q);
  else
    measure_hexahedron(mesh, mesh.cell(cell), q);
  return q;
}

CellGrade grade(const CellQuality& q, CellShape shape)
{
  if (!(std::abs(q.volume) > limits::flat_volume * std::pow(q.longest_edge, 3)))
    return CellGrade::degenerate;
  if (q.volume < 0 || (shape == CellShape::hexahedron && q.shape <= 0))
    return CellGrade::inverted;
  if (q.shape < limits::sliver_shape ||
      (shape == CellShape::tetrahedron && q.smallest_angle < limits::sliver_angle))
    return CellGrade::sliver;
  return CellGrade::good;
}

QualitySummary summarise_quality(const Mesh& mesh)
{
  QualitySummary summary;
  if (mesh.cells() == 0)
    return summary;
  summary.worst = quality(mesh, 0);
  for (std::size_t c = 0; c < mesh.cells(); ++c)
  {
    const CellQuality q = quality(mesh, c);
    CellQuality& worst = summary.worst;
    if (q.shape < worst.shape)
    {
      worst.shape = q.shape;
      summary.worst_cell = c;
    }
    worst.volume = std::min(worst.volume, q.volume);
    worst.smallest_angle = std::min(worst.smallest_angle, q.smallest_angle);
    worst.largest_angle = std::max(worst.largest_angle, q.largest_angle);
    worst.shortest_edge = std::min(worst.shortest_edge, q.shortest_edge);
    worst.longest_edge = std::max(worst.longest_edge, q.longest_edge);
    summary.edge_ratio = std::max(summary.edge_ratio, q.longest_edge / q.shortest_edge);
    summary.mean_shape += q.shape / static_cast<double>(mesh.cells());
    summary.volume += q.volume;
    ++summary.histogram[bin_of(q.shape)];
    ++summary.cells_of_grade[static_cast<std::size_t>(grade(q, mesh.shape))];
  }
  return summary;
}

} // namespace calcar::mesh
