#include "anatomy/skull_fit.hpp"

#include "base/symmetric_tensor.hpp"
#include "geometry/rotation.hpp"

#include <algorithm>
#include <array>
#include <cmath>

namespace calcar::anatomy
{

namespace
{

using geometry::without_component;

using Row = std::array<double, 6>;

/// Normal equations of six unknowns.
struct SixUnknowns
{
  std::array<Row, 6> matrix{};
  Row right{};

  void add(const Row& row, double value, double weight)
  {
    for (std::size_t a = 0; a < 6; ++a)
    {
      right[a] += weight * row[a] * value;
      for (std::size_t b = 0; b < 6; ++b)
      {
        matrix[a][b] += weight * row[a] * row[b];
      }
    }
  }

  /// Gaussian elimination with pivoting; nothing when the unknowns are not determined.
  std::optional<Row> solve() const
  {
    auto m = matrix;
    Row r = right;
    for (std::size_t c = 0; c < 6; ++c)
    {
      std::size_t pivot = c;
      for (std::size_t n = c + 1; n < 6; ++n)
      {
        pivot = std::abs(m[n][c]) > std::abs(m[pivot][c]) ? n : pivot;
      }
      if (std::abs(m[pivot][c]) < 1e-14 * std::abs(matrix[c][c]) || matrix[c][c] == 0)
      {
        return std::nullopt;
      }
      std::swap(m[c], m[pivot]);
      std::swap(r[c], r[pivot]);
      for (std::size_t n = c + 1; n < 6; ++n)
      {
        const double factor = m[n][c] / m[c][c];
        for (std::size_t k = c; k < 6; ++k)
        {
          m[n][k] -= factor * m[c][k];
        }
        r[n] -= factor * r[c];
      }
    }
    Row x{};
    for (std::size_t c = 6; c-- > 0;)
    {
      x[c] = r[c];
      for (std::size_t k = c + 1; k < 6; ++k)
      {
        x[c] -= m[c][k] * x[k];
      }
      x[c] /= m[c][c];
    }
    return x;
  }
};

/// The quadric through points in (right, anterior, superior) of `guess`, as an ellipsoid.
std::optional<VaultEllipsoid> fit_quadric(const std::vector<Vec3>& points,
                                          const VaultEllipsoid& guess)
{
  constexpr double unit = 80; // mm, so that the equations are well scaled
  SixUnknowns equations;
  for (const Vec3& p : points)
  {
    const Vec3 q = (p - guess.centre) / unit;
    const double x = dot(q, guess.right);
    const double y = dot(q, guess.anterior);
    const double z = dot(q, guess.superior);
    equations.add({x * x, y * y, z * z, 2 * y * z, 2 * y, 2 * z}, 1, 1);
  }
  const auto u = equations.solve();
  if (!u)
  {
    return std::nullopt;
  }
  const auto [a, b, c, d, e, f] = *u;
  const double det = b * c - d * d;
  if (a <= 0 || b <= 0 || c <= 0 || det <= 0)
  {
    return std::nullopt;
  }
  const double y = (-e * c + f * d) / det;
  const double z = (-f * b + e * d) / det;
  const double size = 1 + b * y * y + 2 * d * y * z + c * z * z;
  const double angle = 0.5 * std::atan2(2 * d, b - c); // of one principal axis from y to z
  const double along = b * std::cos(angle) * std::cos(angle) +
                       2 * d * std::sin(angle) * std::cos(angle) +
                       c * std::sin(angle) * std::sin(angle);
  const double across = b + c - along;
  if (along <= 0 || across <= 0)
  {
    return std::nullopt;
  }
  VaultEllipsoid fit = guess;
  fit.centre = guess.centre + unit * (y * guess.anterior + z * guess.superior);
  const double one = unit * std::sqrt(size / along);
  const double other = unit * std::sqrt(size / across);
  Vec3 axis_one = std::cos(angle) * guess.anterior + std::sin(angle) * guess.superior;
  Vec3 axis_other = -std::sin(angle) * guess.anterior + std::cos(angle) * guess.superior;
  double length = one;
  double height = other;
  if (other > one)
  {
    std::swap(axis_one, axis_other);
    std::swap(length, height);
  }
  if (length > 1.05 * height && std::abs(dot(axis_one, guess.anterior)) > 0.6)
  {
    fit.anterior = dot(axis_one, guess.anterior) < 0 ? -axis_one : axis_one;
    fit.superior = cross(fit.right, fit.anterior);
  }
  fit.radii = {unit * std::sqrt(size / a), length, height};
  return fit;
}

double rms_of(const std::vector<Vec3>& points, const VaultEllipsoid& ellipsoid)
{
  double sum = 0;
  for (const Vec3& p : points)
  {
    const double d = distance_from(ellipsoid, p);
    sum += d * d;
  }
  return points.empty() ? 0 : std::sqrt(sum / static_cast<double>(points.size()));
}

} // namespace

double distance_from(const VaultEllipsoid& ellipsoid, Vec3 p)
{
  const Vec3 q = p - ellipsoid.centre;
  const Vec3 local{dot(q, ellipsoid.right), dot(q, ellipsoid.anterior), dot(q, ellipsoid.superior)};
  const Vec3 r = ellipsoid.radii;
  const Vec3 unit{local.x / r.x, local.y / r.y, local.z / r.z};
  const double k0 = norm(unit);
  const double k1 = norm(Vec3{unit.x / r.x, unit.y / r.y, unit.z / r.z});
  return k1 > 1e-12 ? k0 * (k0 - 1) / k1 : -std::min({r.x, r.y, r.z});
}

std::optional<VaultEllipsoid> fit_vault(const std::vector<Vec3>& outer, const MedianPlane& median,
                                        Vec3 anterior, Vec3 superior)
{
  VaultEllipsoid fit;
  fit.right = median.right;
  fit.anterior = normalized(without_component(anterior, median.right));
  fit.superior = cross(fit.right, fit.anterior);
  if (dot(fit.superior, superior) < 0)
  {
    return std::nullopt;
  }
  Vec3 mean;
  for (const Vec3& p : outer)
  {
    mean += p / static_cast<double>(outer.size());
  }
  fit.centre = mean - dot(mean - median.point, median.right) * median.right;
  for (int round = 0; round < 10; ++round)
  {
    std::vector<Vec3> above;
    for (const Vec3& p : outer)
    {
      const bool near = round < 4 || std::abs(distance_from(fit, p)) < std::max(3 * fit.rms, 3.0);
      if (near && dot(p - fit.centre, fit.superior) > 0)
      {
        above.push_back(p);
      }
    }
    const auto next = above.size() < 50 ? std::nullopt : fit_quadric(above, fit);
    if (!next)
    {
      return std::nullopt;
    }
    fit = *next;
    fit.rms = rms_of(above, fit);
  }
  return fit;
}

VaultEllipsoid fit_piece(const std::vector<Vec3>& outer, VaultEllipsoid fit, Vec3 usual,
                         Vec3 deviation, double tolerance_mm)
{
  constexpr double places = 40;
  const double weight = places / (static_cast<double>(outer.size()) * tolerance_mm * tolerance_mm);
  const Mat3 axes = {fit.right, fit.anterior, fit.superior};
  for (int round = 0; round < 15; ++round)
  {
    SixUnknowns equations;
    for (const Vec3& p : outer)
    {
      // Distance and its derivatives by centre and radii, at the point's direction.
      const Vec3 q = axes * (p - fit.centre);
      const Vec3 r = fit.radii;
      const Vec3 u{q.x / r.x, q.y / r.y, q.z / r.z};
      const double k0 = norm(u);
      const Vec3 g{u.x / r.x, u.y / r.y, u.z / r.z};
      const double k1 = norm(g);
      const double d = k0 * (k0 - 1) / k1;
      equations.add(
          {-g.x / k1, -g.y / k1, -g.z / k1, -g.x * u.x / k1, -g.y * u.y / k1, -g.z * u.z / k1}, -d,
          weight);
    }
    for (std::size_t a = 0; a < 3; ++a)
    {
      Row row{};
      row[3 + a] = 1;
      equations.add(row, usual[a] - fit.radii[a], 1 / (deviation[a] * deviation[a]));
    }
    const auto step = equations.solve();
    if (!step)
    {
      break;
    }
    const auto& x = *step;
    fit.centre += x[0] * fit.right + x[1] * fit.anterior + x[2] * fit.superior;
    for (std::size_t a = 0; a < 3; ++a)
    {
      fit.radii[a] = std::clamp(fit.radii[a] + x[3 + a], 0.5 * usual[a], 1.6 * usual[a]);
    }
  }
  fit.rms = rms_of(outer, fit);
  return fit;
}

} // namespace calcar::anatomy
