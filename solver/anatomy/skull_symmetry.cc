#include "anatomy/skull_symmetry.hpp"

#include "geometry/rotation.hpp"

#include <algorithm>
#include <array>
#include <cmath>

namespace calcar::anatomy
{

namespace
{

using geometry::pi;

constexpr double cap_mm = 6; ///< parts without a mirror image count no more than this
constexpr double widest_turn_deg = 45;
constexpr double widest_aside_mm = 15;
constexpr int rows = 60;     ///< of the table of radii, by height
constexpr int columns = 120; ///< by azimuth

/// Distance of the outer surface from the rays' start by direction; negative where none is.
class RadiusTable
{
public:
  explicit RadiusTable(const VaultSurface& surface)
  {
    std::vector<Vec3> directions;
    for (int r = 0; r < rows; ++r)
    {
      for (int c = 0; c < columns; ++c)
      {
        const double z = 2 * (r + 0.5) / rows - 1;
        const double azimuth = pi * (2 * (c + 0.5) / columns - 1);
        const double side = std::sqrt(1 - z * z);
        directions.push_back({side * std::cos(azimuth), side * std::sin(azimuth), z});
      }
    }
    for (const VaultRay& ray :
         cast_rays(surface.mask, surface.start, 2 * surface.radius_mm, directions))
    {
      radii_.push_back(ray.hit ? ray.outer_mm : -1);
    }
  }

  /// Mean over the cells around a direction, weighted bilinearly.
  double at(Vec3 u) const
  {
    const double row = (u.z + 1) / 2 * rows - 0.5;
    const double column = (std::atan2(u.y, u.x) / pi + 1) / 2 * columns - 0.5;
    const int r0 = static_cast<int>(std::floor(row));
    const int c0 = static_cast<int>(std::floor(column));
    double sum = 0;
    double weight = 0;
    for (int r = r0; r <= r0 + 1; ++r)
    {
      for (int c = c0; c <= c0 + 1; ++c)
      {
        const std::size_t cell = index(std::clamp(r, 0, rows - 1), (c + columns) % columns);
        if (radii_[cell] > 0)
        {
          const double w = (1 - std::abs(row - r)) * (1 - std::abs(column - c));
          sum += w * radii_[cell];
          weight += w;
        }
      }
    }
    return weight > 0.3 ? sum / weight : -1;
  }

private:
  static std::size_t index(int r, int c)
  {
    return static_cast<std::size_t>(r) * columns + static_cast<std::size_t>(c);
  }

  std::vector<double> radii_;
};

/// Normal turned from the patient's right to the front and up, and place of the plane.
using Trial = std::array<double, 3>; ///< degrees, degrees, mm

MedianPlane plane_of(const Trial& trial, Vec3 start)
{
  const double front = geometry::radians(trial[0]);
  const double up = geometry::radians(trial[1]);
  // LPS: right is -x, front -y.
  const Vec3 right{-std::cos(front) * std::cos(up), -std::sin(front) * std::cos(up), std::sin(up)};
  return {start + trial[2] * right, right, 0};
}

double cost(const VaultSurface& surface, const RadiusTable& table, const MedianPlane& plane)
{
  double sum = 0;
  double count = 0;
  for (std::size_t n = 0; n < surface.rays.size(); n += 3)
  {
    const VaultRay& ray = surface.rays[n];
    if (!ray.hit)
    {
      continue;
    }
    const Vec3 image = ray.outer - 2 * dot(ray.outer - plane.point, plane.right) * plane.right;
    const Vec3 q = image - surface.start;
    const double there = table.at(normalized(q));
    const double d = there < 0 ? cap_mm : std::min(std::abs(norm(q) - there), cap_mm);
    sum += d * d;
    count += 1;
  }
  return sum / count;
}

} // namespace

MedianPlane best_symmetry(const VaultSurface& surface)
{
  const RadiusTable table(surface);
  const auto value = [&](const Trial& trial)
  { return cost(surface, table, plane_of(trial, surface.start)); };
  Trial best = {0, 0, 0};
  double least = value(best);
  for (double front = -45; front <= 45; front += 9)
  {
    for (double up = -45; up <= 45; up += 9)
    {
      for (const double aside : {-6.0, 0.0, 6.0})
      {
        const Trial trial = {front, up, aside};
        const double v = value(trial);
        if (v < least)
        {
          least = v;
          best = trial;
        }
      }
    }
  }
  for (double step = 4; step > 0.05; step *= 0.5)
  {
    for (bool better = true; better;)
    {
      better = false;
      for (std::size_t a = 0; a < 3; ++a)
      {
        for (const double sign : {-1.0, 1.0})
        {
          Trial trial = best;
          trial[a] += sign * step * (a == 2 ? 0.7 : 1);
          const bool allowed = std::abs(trial[a]) <= (a == 2 ? widest_aside_mm : widest_turn_deg);
          const double v = allowed ? value(trial) : least;
          if (v < least - 1e-6)
          {
            least = v;
            best = trial;
            better = true;
          }
        }
      }
    }
  }
  MedianPlane plane = plane_of(best, surface.start);
  plane.asymmetry_mm = std::sqrt(least);
  return plane;
}

} // namespace calcar::anatomy
