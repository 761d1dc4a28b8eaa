#include "solid/reference_points.hpp"

#include <array>
#include <cmath>

namespace calcar::solid
{
namespace
{

/// A point and weight of Gauss's rule on [0, 1].
struct GaussPoint
{
  double x;
  double weight;
};

/// Gauss's rule with 1 to 4 points: the roots of Legendre polynomials in closed form.
std::vector<GaussPoint> gauss(int points)
{
  std::vector<GaussPoint> rule; // on [-1, 1]
  if (points == 1)
    rule = {{0, 2}};
  else if (points == 2)
    rule = {{-std::sqrt(1.0 / 3), 1}, {std::sqrt(1.0 / 3), 1}};
  else if (points == 3)
    rule = {{-std::sqrt(0.6), 5.0 / 9}, {0, 8.0 / 9}, {std::sqrt(0.6), 5.0 / 9}};
  else
  {
    const double far = std::sqrt(3.0 / 7 + 2.0 / 7 * std::sqrt(1.2));
    const double near = std::sqrt(3.0 / 7 - 2.0 / 7 * std::sqrt(1.2));
    const double light = (18 - std::sqrt(30.0)) / 36;
    const double heavy = (18 + std::sqrt(30.0)) / 36;
    rule = {{-far, light}, {-near, heavy}, {near, heavy}, {far, light}};
  }
  for (GaussPoint& point : rule)
    point = {0.5 + 0.5 * point.x, 0.5 * point.weight};
  return rule;
}

std::vector<ReferencePoint> cube_rule(int points)
{
  const auto line = gauss(points);
  std::vector<ReferencePoint> rule;
  for (const GaussPoint& z : line)
    for (const GaussPoint& y : line)
      for (const GaussPoint& x : line)
        rule.push_back({{x.x, y.x, z.x}, x.weight * y.weight * z.weight});
  return rule;
}

std::vector<ReferencePoint> four_points()
{
  const double a = (5 - std::sqrt(5.0)) / 20;
  const double b = (5 + 3 * std::sqrt(5.0)) / 20;
  const double weight = 1.0 / 24;
  return {{{a, a, a}, weight}, {{b, a, a}, weight}, {{a, b, a}, weight}, {{a, a, b}, weight}};
}

/// The cube drawn together to the tetrahedron: x = r (1 - s)(1 - t), y = s (1 - t), z = t.
std::vector<ReferencePoint> collapsed_cube()
{
  std::vector<ReferencePoint> rule = cube_rule(4);
  for (ReferencePoint& point : rule)
  {
    const auto [r, s, t] = point.xi;
    point.weight *= (1 - s) * (1 - t) * (1 - t);
    point.xi = {r * (1 - s) * (1 - t), s * (1 - t), t};
  }
  return rule;
}

std::vector<ReferencePoint> face_rule(bool triangle)
{
  const auto line = gauss(4);
  std::vector<ReferencePoint> rule;
  for (const GaussPoint& s : line)
    for (const GaussPoint& r : line)
      if (triangle)
        rule.push_back({{r.x * (1 - s.x), s.x, 0}, r.weight * s.weight * (1 - s.x)});
      else
        rule.push_back({{r.x, s.x, 0}, r.weight * s.weight});
  return rule;
}

} // namespace

std::span<const ReferencePoint> reference_points(mesh::CellShape shape, int degree)
{
  static const std::vector<ReferencePoint> p1 = {{{0.25, 0.25, 0.25}, 1.0 / 6}};
  static const std::vector<ReferencePoint> p2 = four_points();
  static const std::vector<ReferencePoint> q1 = cube_rule(2);
  static const std::vector<ReferencePoint> q2 = cube_rule(3);
  if (shape == mesh::CellShape::tetrahedron)
    return degree == 1 ? p1 : p2;
  return degree == 1 ? q1 : q2;
}

std::span<const ReferencePoint> fine_reference_points(mesh::CellShape shape)
{
  static const std::vector<ReferencePoint> tetrahedron = collapsed_cube();
  static const std::vector<ReferencePoint> hexahedron = cube_rule(4);
  return shape == mesh::CellShape::tetrahedron ? tetrahedron : hexahedron;
}

std::span<const ReferencePoint> fine_face_points(mesh::CellShape shape)
{
  static const std::vector<ReferencePoint> triangle = face_rule(true);
  static const std::vector<ReferencePoint> square = face_rule(false);
  return shape == mesh::CellShape::tetrahedron ? triangle : square;
}

} // namespace calcar::solid
