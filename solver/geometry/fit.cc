#include "geometry/fit.hpp"

#include "geometry/rotation.hpp"

#include <algorithm>
#include <array>
#include <cmath>

namespace calcar::geometry
{

namespace
{

template <std::size_t N>
using Square = std::array<std::array<double, N>, N>;

/// Gaussian elimination with partial pivoting. Nothing when a pivot vanishes relative to the
/// largest entry.
template <std::size_t N>
std::optional<std::array<double, N>> solve(Square<N> a, std::array<double, N> b)
{
  double scale = 0;
  for (const auto& row : a)
  {
    for (const double entry : row)
    {
      scale = std::max(scale, std::abs(entry));
    }
  }
  for (std::size_t k = 0; k < N; ++k)
  {
    std::size_t pivot = k;
    for (std::size_t i = k + 1; i < N; ++i)
    {
      pivot = std::abs(a[i][k]) > std::abs(a[pivot][k]) ? i : pivot;
    }
    if (std::abs(a[pivot][k]) <= 1e-10 * scale)
    {
      return std::nullopt;
    }
    std::swap(a[k], a[pivot]);
    std::swap(b[k], b[pivot]);
    for (std::size_t i = k + 1; i < N; ++i)
    {
      const double factor = a[i][k] / a[k][k];
      for (std::size_t j = k; j < N; ++j)
      {
        a[i][j] -= factor * a[k][j];
      }
      b[i] -= factor * b[k];
    }
  }
  for (std::size_t k = N; k-- > 0;)
  {
    for (std::size_t j = k + 1; j < N; ++j)
    {
      b[k] -= a[k][j] * b[j];
    }
    b[k] /= a[k][k];
  }
  return b;
}

/// Adds the observation row . x = value to the normal equations.
template <std::size_t N>
void observe(Square<N>& a, std::array<double, N>& b, const std::array<double, N>& row, double value)
{
  for (std::size_t i = 0; i < N; ++i)
  {
    b[i] += row[i] * value;
    for (std::size_t j = 0; j < N; ++j)
    {
      a[i][j] += row[i] * row[j];
    }
  }
}

double mean_distance(const std::vector<Vec3>& points, Vec3 from)
{
  double sum = 0;
  for (const Vec3& p : points)
  {
    sum += norm(p - from);
  }
  return std::max(sum / static_cast<double>(points.size()), 1e-300);
}

double sphere_rms(const std::vector<Vec3>& points, Vec3 centre, double radius)
{
  double sum = 0;
  for (const Vec3& p : points)
  {
    sum += std::pow(norm(p - centre) - radius, 2);
  }
  return std::sqrt(sum / static_cast<double>(points.size()));
}

/// One Gauss-Newton step on sum (|p - c| - r)^2.
void improve_sphere(const std::vector<Vec3>& points, FittedSphere& sphere)
{
  Square<4> a{};
  std::array<double, 4> b{};
  for (const Vec3& p : points)
  {
    const double distance = norm(p - sphere.centre);
    if (distance > 1e-9)
    {
      const Vec3 n = (p - sphere.centre) / distance;
      observe(a, b, {n.x, n.y, n.z, 1}, distance - sphere.radius);
    }
  }
  if (const auto step = solve(a, b))
  {
    sphere.centre += Vec3{(*step)[0], (*step)[1], (*step)[2]};
    sphere.radius += (*step)[3];
  }
}

} // namespace

Moments moments(const std::vector<Vec3>& points, const std::vector<double>& weights)
{
  Moments m;
  for (std::size_t i = 0; i < points.size(); ++i)
  {
    const double w = weights.empty() ? 1 : weights[i];
    m.centroid += w * points[i];
    m.weight += w;
  }
  if (m.weight <= 0)
  {
    return m;
  }
  m.centroid = m.centroid / m.weight;
  for (std::size_t i = 0; i < points.size(); ++i)
  {
    const double w = (weights.empty() ? 1 : weights[i]) / m.weight;
    const Vec3 d = points[i] - m.centroid;
    m.moments =
        m.moments + w * SymTensor{d.x * d.x, d.y * d.y, d.z * d.z, d.y * d.z, d.z * d.x, d.x * d.y};
  }
  return m;
}

std::optional<FittedSphere> fit_sphere(const std::vector<Vec3>& points)
{
  if (points.size() < 4)
  {
    return std::nullopt;
  }
  // Centred and scaled, so that the pivots tell a plane from a sphere.
  const Vec3 centroid = moments(points).centroid;
  const double scale = mean_distance(points, centroid);
  Square<4> a{};
  std::array<double, 4> b{};
  for (const Vec3& p : points)
  {
    const Vec3 q = (p - centroid) / scale;
    observe(a, b, {2 * q.x, 2 * q.y, 2 * q.z, 1}, dot(q, q));
  }
  const auto x = solve(a, b);
  if (!x)
  {
    return std::nullopt;
  }
  const Vec3 c{(*x)[0], (*x)[1], (*x)[2]};
  FittedSphere sphere{centroid + scale * c, scale * std::sqrt(std::max((*x)[3] + dot(c, c), 0.0)),
                      0, points.size()};
  for (int step = 0; step < 3; ++step)
  {
    improve_sphere(points, sphere);
  }
  sphere.rms = sphere_rms(points, sphere.centre, sphere.radius);
  return sphere;
}

std::optional<FittedSphere> fit_sphere_robust(const std::vector<Vec3>& points, FittedSphere start,
                                              double tolerance_mm)
{
  FittedSphere sphere = start;
  for (const double factor : {4.0, 3.0, 2.0, 1.5, 1.0, 1.0, 1.0})
  {
    std::vector<Vec3> near;
    for (const Vec3& p : points)
    {
      if (std::abs(norm(p - sphere.centre) - sphere.radius) < factor * tolerance_mm)
      {
        near.push_back(p);
      }
    }
    const auto fitted = near.size() < 20 ? std::nullopt : fit_sphere(near);
    if (!fitted)
    {
      return std::nullopt;
    }
    sphere = *fitted;
  }
  return sphere;
}

std::optional<FittedLine> fit_line(const std::vector<Vec3>& points,
                                   const std::vector<double>& weights)
{
  if (points.size() < 2)
  {
    return std::nullopt;
  }
  const Moments m = moments(points, weights);
  const auto pairs = eigenpairs(m.moments);
  if (m.weight <= 0 || pairs[0].value <= 0)
  {
    return std::nullopt;
  }
  const Vec3 d = pairs[0].direction;
  const double sign = dot(points.back() - points.front(), d) < 0 ? -1 : 1;
  return FittedLine{m.centroid, sign * d,
                    std::sqrt(std::max(pairs[1].value + pairs[2].value, 0.0))};
}

std::optional<FittedCircle> fit_circle(const std::vector<Vec3>& points, Vec3 normal)
{
  if (points.size() < 3)
  {
    return std::nullopt;
  }
  const Vec3 n = normalized(normal);
  const Vec3 e1 = any_perpendicular(n);
  const Vec3 e2 = cross(n, e1);
  const Vec3 centroid = moments(points).centroid;
  const double scale = mean_distance(points, centroid);
  Square<3> a{};
  std::array<double, 3> b{};
  for (const Vec3& p : points)
  {
    const double u = dot(p - centroid, e1) / scale;
    const double v = dot(p - centroid, e2) / scale;
    observe(a, b, {2 * u, 2 * v, 1}, u * u + v * v);
  }
  const auto x = solve(a, b);
  if (!x)
  {
    return std::nullopt;
  }
  const auto [u, v, w] = *x;
  FittedCircle circle{centroid + scale * (u * e1 + v * e2), n,
                      scale * std::sqrt(std::max(w + u * u + v * v, 0.0)), 0};
  double sum = 0;
  for (const Vec3& p : points)
  {
    sum += std::pow(norm(without_component(p - circle.centre, n)) - circle.radius, 2);
  }
  circle.rms = std::sqrt(sum / static_cast<double>(points.size()));
  return circle;
}

} // namespace calcar::geometry
