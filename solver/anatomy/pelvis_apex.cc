#include "anatomy/pelvis_apex.hpp"

#include "geometry/rotation.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

namespace calcar::anatomy
{

namespace
{

/// Points near the top: across (u, v) and along the direction, about their mean.
struct Cap
{
  Vec3 mean;
  Vec3 u, v, along;
  std::vector<Vec3> points; ///< (u, v, height)
  double width = 0;         ///< rms distance from the mean, across
};

Cap cap_of(const std::vector<Vec3>& points, Vec3 direction, double depth)
{
  double top = std::numeric_limits<double>::lowest();
  for (const Vec3& p : points)
  {
    top = std::max(top, dot(p, direction));
  }
  Cap cap;
  cap.along = direction;
  cap.u = geometry::any_perpendicular(direction);
  cap.v = cross(direction, cap.u);
  std::vector<Vec3> high;
  for (const Vec3& p : points)
  {
    if (dot(p, direction) > top - depth)
    {
      high.push_back(p);
      cap.mean += p;
    }
  }
  cap.mean = cap.mean / static_cast<double>(high.size());
  for (const Vec3& p : high)
  {
    const Vec3 d = p - cap.mean;
    cap.points.push_back({dot(d, cap.u), dot(d, cap.v), dot(d, direction)});
    cap.width += dot(d, d) - dot(d, direction) * dot(d, direction);
  }
  cap.width = std::sqrt(cap.width / static_cast<double>(high.size()));
  return cap;
}

/// Height over (u, v) as a + b u + c v + d u^2 + e u v + f v^2 by least squares.
Vector6 paraboloid(const Cap& cap)
{
  Matrix6 m{};
  Vector6 rhs{};
  for (const Vec3& p : cap.points)
  {
    const double u = p.x / cap.width;
    const double v = p.y / cap.width;
    const Vector6 row = {1, u, v, u * u, u * v, v * v};
    for (std::size_t i = 0; i < 6; ++i)
    {
      rhs[i] += row[i] * p.z;
      for (std::size_t j = 0; j <= i; ++j)
      {
        m[i][j] += row[i] * row[j];
      }
    }
  }
  return solve(m, rhs);
}

/// How far below `from` a body begins; beyond `length` when it does not begin before that.
double drop_to(const std::function<bool(Vec3)>& inside, Vec3 from, Vec3 down, double length)
{
  constexpr double step = 0.5;
  double below = 0;
  while (below <= length && !inside(from + below * down))
  {
    below += step;
  }
  double above = std::max(below - step, 0.0);
  for (int round = 0; round < 5 && below <= length; ++round)
  {
    const double middle = 0.5 * (above + below);
    (inside(from + middle * down) ? below : above) = middle;
  }
  return below;
}

} // namespace

Vector6 solve(Matrix6 a, Vector6 b)
{
  for (std::size_t i = 0; i < 6; ++i)
  {
    for (std::size_t j = 0; j <= i; ++j)
    {
      double sum = a[i][j];
      for (std::size_t k = 0; k < j; ++k)
      {
        sum -= a[i][k] * a[j][k];
      }
      a[i][j] = i == j ? std::sqrt(std::max(sum, 1e-12)) : sum / a[j][j];
    }
  }
  for (std::size_t i = 0; i < 6; ++i)
  {
    for (std::size_t k = 0; k < i; ++k)
    {
      b[i] -= a[i][k] * b[k];
    }
    b[i] /= a[i][i];
  }
  for (std::size_t i = 6; i-- > 0;)
  {
    for (std::size_t k = i + 1; k < 6; ++k)
    {
      b[i] -= a[k][i] * b[k];
    }
    b[i] /= a[i][i];
  }
  return b;
}

Vec3 apex(const std::vector<Vec3>& points, Vec3 direction, double depth_mm)
{
  const Cap cap = cap_of(points, direction, depth_mm);
  if (cap.points.size() < 12 || cap.width < 1e-6)
  {
    return cap.mean;
  }
  const auto [a, b, c, d, e, f] = paraboloid(cap);
  const double determinant = 4 * d * f - e * e;
  if (d >= 0 || f >= 0 || determinant <= 0)
  {
    return cap.mean;
  }
  const double u = (e * c - 2 * f * b) / determinant;
  const double v = (e * b - 2 * d * c) / determinant;
  const double off = std::hypot(u, v);
  const double held = off > 1 ? 1 / off : 1; // not beyond the points
  const double height = a + 0.5 * (b * u + c * v);
  return cap.mean + held * cap.width * (u * cap.u + v * cap.v) +
         (off > 1 ? 0.0 : height) * cap.along;
}

Vec3 middle_of_top(const std::function<bool(Vec3)>& inside, Vec3 start, Vec3 direction,
                   const TopSearch& search)
{
  constexpr double step = 2;
  const Vec3 u = geometry::any_perpendicular(direction);
  const Vec3 v = cross(direction, u);
  const int half = static_cast<int>(search.reach / step);
  double least = search.length;
  std::vector<std::array<double, 3>> columns; ///< along u, along v, drop
  for (int i = -half; i <= half; ++i)
  {
    for (int j = -half; j <= half; ++j)
    {
      const double a = i * step;
      const double b = j * step;
      if (std::hypot(a, b) > search.reach)
      {
        continue;
      }
      const double far = std::min(search.length, least + search.depth);
      const double drop = drop_to(inside, start + a * u + b * v, -direction, far);
      if (drop <= far)
      {
        least = std::min(least, drop);
        columns.push_back({a, b, drop});
      }
    }
  }
  Vec3 sum;
  double weights = 0;
  for (const auto& [a, b, drop] : columns)
  {
    const double weight = std::max(least + search.depth - drop, 0.0);
    sum += weight * (a * u + b * v - drop * direction);
    weights += weight;
  }
  return weights > 0 ? start + sum / weights : start;
}

} // namespace calcar::anatomy
