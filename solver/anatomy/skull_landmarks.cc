#include "anatomy/skull_landmarks.hpp"

#include "geometry/rotation.hpp"

#include <algorithm>
#include <array>
#include <cmath>

namespace calcar::anatomy
{

namespace
{

constexpr double around_mm = 30;
constexpr double largest_empty_deg = 75; ///< widest sector around the top without surface
constexpr double lower_end_mm = 10;

/// A point of the surface around a top.
struct Around
{
  double u, v;   ///< mm across the direction
  double height; ///< mm along it
};

/// Widest gap between the azimuths of the points beyond half the reach, degrees.
double widest_gap(const std::vector<Around>& points)
{
  std::vector<double> azimuths;
  for (const Around& p : points)
  {
    if (std::hypot(p.u, p.v) > 0.5 * around_mm)
    {
      azimuths.push_back(geometry::degrees(std::atan2(p.v, p.u)));
    }
  }
  if (azimuths.size() < 4)
  {
    return 360;
  }
  std::sort(azimuths.begin(), azimuths.end());
  double gap = azimuths.front() + 360 - azimuths.back();
  for (std::size_t n = 1; n < azimuths.size(); ++n)
  {
    gap = std::max(gap, azimuths[n] - azimuths[n - 1]);
  }
  return gap;
}

/// Coefficients of height = a + b u + c v + d u^2 + e u v + f v^2 of least squares, by
/// Gauss-Jordan.
std::optional<std::array<double, 6>> paraboloid(const std::vector<Around>& points)
{
  std::array<std::array<double, 7>, 6> m{};
  for (const Around& p : points)
  {
    const double u = p.u / around_mm;
    const double v = p.v / around_mm;
    const std::array<double, 6> row = {1, u, v, u * u, u * v, v * v};
    for (std::size_t a = 0; a < 6; ++a)
    {
      for (std::size_t b = 0; b < 6; ++b)
      {
        m[a][b] += row[a] * row[b];
      }
      m[a][6] += row[a] * p.height;
    }
  }
  for (std::size_t c = 0; c < 6; ++c)
  {
    if (m[c][c] < 1e-9)
    {
      return std::nullopt;
    }
    for (std::size_t n = 0; n < 6; ++n)
    {
      const double factor = n == c ? 0 : m[n][c] / m[c][c];
      for (std::size_t k = c; k < 7; ++k)
      {
        m[n][k] -= factor * m[c][k];
      }
    }
  }
  std::array<double, 6> x{};
  for (std::size_t c = 0; c < 6; ++c)
  {
    x[c] = m[c][6] / m[c][c];
  }
  return x;
}

/// The top of the paraboloid around a point, or nothing when it is none or lies at the edge.
std::optional<Vec3> top_near(const std::vector<Vec3>& outer, Vec3 about, Vec3 centre,
                             Vec3 direction)
{
  const Vec3 e1 = geometry::any_perpendicular(direction);
  const Vec3 e2 = cross(direction, e1);
  std::vector<Around> points;
  for (const Vec3& p : outer)
  {
    const Vec3 q = p - about;
    const Around a{dot(q, e1), dot(q, e2), dot(q, direction)};
    if (std::hypot(a.u, a.v) < around_mm && dot(p - centre, direction) > 0)
    {
      points.push_back(a);
    }
  }
  if (points.size() < 20 || widest_gap(points) > largest_empty_deg)
  {
    return std::nullopt;
  }
  const auto x = paraboloid(points);
  if (!x)
  {
    return std::nullopt;
  }
  const auto [a, b, c, d, e, f] = *x;
  const double det = 4 * d * f - e * e;
  if (d >= 0 || det <= 0)
  {
    return std::nullopt;
  }
  const double u = (-2 * f * b + e * c) / det;
  const double v = (-2 * d * c + e * b) / det;
  if (std::hypot(u, v) > 1)
  {
    return std::nullopt;
  }
  const double height = a + b * u + c * v + d * u * u + e * u * v + f * v * v;
  return about + around_mm * (u * e1 + v * e2) + height * direction;
}

double mean_thickness(const VaultSurface& surface, const BoneAnatomy& bone)
{
  double sum = 0;
  double count = 0;
  for (const VaultRay& ray : surface.rays)
  {
    if (ray.hit && (!bone.whole || dot(ray.outer - bone.frame.origin, bone.frame.proximal) > 0))
    {
      sum += ray.outer_mm - ray.inner_mm;
      count += 1;
    }
  }
  return count > 0 ? sum / count : 0;
}

/// Middle of the lowest centimetre of bone: the base, or where a piece ends below.
Vec3 lower_end(const VaultSurface& surface, Vec3 superior)
{
  const image::Mask& mask = surface.mask;
  double lowest = 1e9;
  std::vector<Vec3> points;
  for (int k = 0; k < mask.grid.size[2]; ++k)
    for (int j = 0; j < mask.grid.size[1]; ++j)
      for (int i = 0; i < mask.grid.size[0]; ++i)
        if (mask.at(i, j, k) != 0)
        {
          points.push_back(mask.grid.point({1.0 * i, 1.0 * j, 1.0 * k}));
          lowest = std::min(lowest, dot(points.back(), superior));
        }
  Vec3 sum;
  double count = 0;
  for (const Vec3& p : points)
  {
    if (dot(p, superior) < lowest + lower_end_mm)
    {
      sum += p;
      count += 1;
    }
  }
  return sum / count;
}

} // namespace

std::optional<Vec3> farthest_on_vault(const std::vector<Vec3>& outer, Vec3 centre, Vec3 direction)
{
  if (outer.empty())
  {
    return std::nullopt;
  }
  Vec3 about =
      *std::max_element(outer.begin(), outer.end(),
                        [&](Vec3 a, Vec3 b) { return dot(a, direction) < dot(b, direction); });
  std::optional<Vec3> top;
  for (int round = 0; round < 3; ++round)
  {
    top = top_near(outer, about, centre, direction);
    if (!top)
    {
      return std::nullopt;
    }
    about = *top;
  }
  return top;
}

void add_skull_landmarks(const VaultSurface& surface, BoneAnatomy& bone)
{
  const Frame& f = bone.frame;
  const std::vector<Vec3> outer = outer_points(surface);
  const std::pair<const char*, Vec3> tops[] = {{"vertex", f.proximal},
                                               {"frontal_point", f.anterior},
                                               {"occipital_point", -f.anterior},
                                               {"right_parietal", f.medial},
                                               {"left_parietal", -f.medial}};
  for (const auto& [name, direction] : tops)
  {
    // Of the vault alone: what lies well below the centre is base or face.
    std::vector<Vec3> vault;
    for (const Vec3& p : outer)
    {
      const double level = dot(p - f.origin, f.proximal);
      if (level > -0.4 * norm(p - f.origin))
      {
        vault.push_back(p);
      }
    }
    if (const auto top = farthest_on_vault(vault, f.origin, direction))
    {
      bone.landmarks[name] = *top;
    }
  }
  bone.measures["mean_thickness_mm"] = {mean_thickness(surface, bone), 0, "mm", "measured"};
  bone.shaft_distal = -f.proximal;
  bone.cut_centre = lower_end(surface, f.proximal);
}

} // namespace calcar::anatomy
