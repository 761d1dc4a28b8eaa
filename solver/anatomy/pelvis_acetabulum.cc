#include "anatomy/pelvis_acetabulum.hpp"

#include "geometry/fit.hpp"
#include "geometry/rotation.hpp"

#include <algorithm>
#include <cmath>

namespace calcar::anatomy
{

namespace
{

using geometry::pi;

constexpr double cell_mm = 4;
constexpr double smallest_mm = 9;
constexpr double largest_mm = 40;
constexpr std::size_t voters = 8000;

/// How many normals pass through each cell of a coarse grid.
struct Crossings
{
  Vec3 low;
  std::array<int, 3> size = {0, 0, 0};
  std::vector<float> count;

  std::size_t at(int i, int j, int k) const
  {
    return static_cast<std::size_t>((k * size[1] + j) * size[0] + i);
  }
  Vec3 centre(int i, int j, int k) const { return low + cell_mm * Vec3{i + 0.5, j + 0.5, k + 0.5}; }
};

Crossings empty_crossings(const std::vector<SurfacePoint>& surface)
{
  Vec3 low = surface.front().position;
  Vec3 high = low;
  for (const SurfacePoint& p : surface)
  {
    for (std::size_t a = 0; a < 3; ++a)
    {
      low[a] = std::min(low[a], p.position[a]);
      high[a] = std::max(high[a], p.position[a]);
    }
  }
  Crossings grid;
  grid.low = low - Vec3{cell_mm, cell_mm, cell_mm};
  for (std::size_t a = 0; a < 3; ++a)
  {
    grid.size[a] = static_cast<int>((high[a] - low[a]) / cell_mm) + 3;
  }
  grid.count.assign(grid.at(0, 0, grid.size[2]), 0);
  return grid;
}

/// Each normal counts once in every cell it passes between the smallest and the largest radius,
/// less the further away: a sphere of any radius counts by the share of directions it covers.
Crossings cross_normals(const std::vector<SurfacePoint>& surface, double spacing)
{
  Crossings grid = empty_crossings(surface);
  const std::size_t stride = std::max<std::size_t>(1, surface.size() / voters);
  for (std::size_t n = 0; n < surface.size(); n += stride)
  {
    for (double r = smallest_mm; r <= largest_mm; r += 0.5 * cell_mm)
    {
      const Vec3 q = (surface[n].position + r * surface[n].normal - grid.low) / cell_mm;
      const int i = static_cast<int>(std::floor(q.x));
      const int j = static_cast<int>(std::floor(q.y));
      const int k = static_cast<int>(std::floor(q.z));
      if (i >= 0 && j >= 0 && k >= 0 && i < grid.size[0] && j < grid.size[1] && k < grid.size[2])
      {
        grid.count[grid.at(i, j, k)] += static_cast<float>(spacing * spacing / (r * r));
      }
    }
  }
  return grid;
}

/// The mean of a cell and those around it: the normals of voxels waver.
float smoothed(const Crossings& grid, int i, int j, int k)
{
  float sum = 0;
  for (int c = std::max(k - 1, 0); c <= std::min(k + 1, grid.size[2] - 1); ++c)
    for (int b = std::max(j - 1, 0); b <= std::min(j + 1, grid.size[1] - 1); ++b)
      for (int a = std::max(i - 1, 0); a <= std::min(i + 1, grid.size[0] - 1); ++a)
      {
        sum += grid.count[grid.at(a, b, c)];
      }
  return sum;
}

/// The places where most normals cross, at least three cells apart.
std::vector<Vec3> peaks(const Crossings& grid, std::size_t most)
{
  std::vector<std::pair<float, Vec3>> cells;
  for (int k = 0; k < grid.size[2]; ++k)
    for (int j = 0; j < grid.size[1]; ++j)
      for (int i = 0; i < grid.size[0]; ++i)
      {
        cells.emplace_back(smoothed(grid, i, j, k), grid.centre(i, j, k));
      }
  std::sort(cells.begin(), cells.end(),
            [](const auto& a, const auto& b) { return a.first > b.first; });
  std::vector<Vec3> places;
  for (const auto& [count, centre] : cells)
  {
    if (places.size() == most)
    {
      break;
    }
    const Vec3 here = centre;
    if (std::none_of(places.begin(), places.end(),
                     [&](Vec3 p) { return norm(p - here) < 3 * cell_mm; }))
    {
      places.push_back(here);
    }
  }
  return places;
}

/// The radius at which most of the surface around a place turns to it, per direction.
double likely_radius(const std::vector<SurfacePoint>& surface, Vec3 centre)
{
  constexpr double bin = 2;
  std::vector<double> counts(static_cast<std::size_t>(largest_mm / bin) + 2, 0);
  for (const SurfacePoint& s : surface)
  {
    const Vec3 d = s.position - centre;
    const double r = norm(d);
    if (r > smallest_mm && r < largest_mm && dot(d, s.normal) < -0.8 * r)
    {
      counts[static_cast<std::size_t>(r / bin)] += 1 / (r * r);
    }
  }
  std::size_t best = 1;
  const auto around = [&](std::size_t n) { return counts[n - 1] + 2 * counts[n] + counts[n + 1]; };
  for (std::size_t n = 1; n + 1 < counts.size(); ++n)
  {
    best = around(n) > around(best) ? n : best;
  }
  return (static_cast<double>(best) + 0.5) * bin;
}

std::vector<Vec3> belonging(const std::vector<SurfacePoint>& surface, Vec3 centre, double radius,
                            double tolerance)
{
  std::vector<Vec3> points;
  for (const SurfacePoint& s : surface)
  {
    const Vec3 d = s.position - centre;
    const double r = norm(d);
    if (std::abs(r - radius) < tolerance && dot(d, s.normal) < -0.8 * r)
    {
      points.push_back(s.position);
    }
  }
  return points;
}

/// Evenly spread unit vectors (Fibonacci spiral).
const std::vector<Vec3>& net()
{
  static const std::vector<Vec3> directions = []
  {
    constexpr int count = 300;
    std::vector<Vec3> spread;
    const double golden = pi * (3 - std::sqrt(5.0));
    for (int n = 0; n < count; ++n)
    {
      const double z = 1 - (2 * n + 1.0) / count;
      const double r = std::sqrt(1 - z * z);
      spread.push_back({r * std::cos(golden * n), r * std::sin(golden * n), z});
    }
    return spread;
  }();
  return directions;
}

void measure_coverage(ConcaveSphere& sphere, const std::vector<Vec3>& points)
{
  std::vector<bool> covered(net().size(), false);
  for (const Vec3& p : points)
  {
    const Vec3 d = normalized(p - sphere.centre);
    for (std::size_t n = 0; n < net().size(); ++n)
    {
      covered[n] = covered[n] || dot(d, net()[n]) > 0.99;
    }
  }
  Vec3 sum;
  double count = 0;
  for (std::size_t n = 0; n < net().size(); ++n)
  {
    if (covered[n])
    {
      sum += net()[n];
      count += 1;
    }
  }
  sphere.coverage = count / static_cast<double>(net().size());
  sphere.opening = norm(sum) > 1e-9 ? -normalized(sum) : Vec3{0, 0, 1};
}

bool refine(const BoneShape& shape, ConcaveSphere& sphere)
{
  const double finest = std::max(1.2, 0.6 * shape.voxel_mm);
  std::vector<Vec3> points;
  for (const double tolerance : {5.0, 4.0, 3.0, 2.0, finest, finest, finest, finest})
  {
    points = belonging(shape.surface, sphere.centre, sphere.radius, std::max(tolerance, finest));
    const auto fitted = points.size() < 30 ? std::nullopt : geometry::fit_sphere(points);
    if (!fitted || fitted->radius < smallest_mm || fitted->radius > largest_mm)
    {
      return false;
    }
    sphere.centre = fitted->centre;
    sphere.radius = fitted->radius;
    sphere.rms = fitted->rms;
  }
  measure_coverage(sphere, points);
  return true;
}

/// How far from the cup's floor, in degrees, bone lies behind the sphere along a meridian.
double covered_to(const BoneShape& shape, const ConcaveSphere& cup, Vec3 axis, Vec3 side)
{
  constexpr double step = 2;
  double last = 0;
  for (double angle = 30; angle < 140 && angle < last + 40; angle += step)
  {
    const double a = geometry::radians(angle);
    const Vec3 u = std::sin(a) * side - std::cos(a) * axis;
    for (double r = 0.92; r < 1.26; r += 0.05)
    {
      if (inside(shape, cup.centre + r * cup.radius * u))
      {
        last = angle;
        break;
      }
    }
    if (last < angle - 12)
    {
      break;
    }
  }
  return last + 0.5 * step;
}

} // namespace

std::vector<ConcaveSphere> concave_spheres(const BoneShape& shape, std::size_t most)
{
  const std::size_t stride = std::max<std::size_t>(1, shape.surface.size() / voters);
  const double spacing = shape.voxel_mm * std::sqrt(static_cast<double>(stride));
  const Crossings grid = cross_normals(shape.surface, spacing);
  std::vector<ConcaveSphere> spheres;
  for (const Vec3& place : peaks(grid, 12))
  {
    ConcaveSphere sphere;
    sphere.centre = place;
    sphere.radius = likely_radius(shape.surface, place);
    const bool good = refine(shape, sphere) && sphere.coverage > 0.1;
    const bool known = std::any_of(spheres.begin(), spheres.end(),
                                   [&](const ConcaveSphere& other) {
                                     return norm(other.centre - sphere.centre) < 0.3 * other.radius;
                                   });
    if (good && !known)
    {
      spheres.push_back(sphere);
    }
  }
  std::sort(spheres.begin(), spheres.end(),
            [](const ConcaveSphere& a, const ConcaveSphere& b) { return a.coverage > b.coverage; });
  spheres.resize(std::min(spheres.size(), most));
  return spheres;
}

CupRim cup_rim(const BoneShape& shape, const ConcaveSphere& cup)
{
  constexpr int meridians = 72;
  CupRim rim;
  rim.axis = cup.opening;
  for (int round = 0; round < 4; ++round)
  {
    const Vec3 e1 = geometry::any_perpendicular(rim.axis);
    const Vec3 e2 = cross(rim.axis, e1);
    std::vector<Vec3> edge;
    for (int m = 0; m < meridians; ++m)
    {
      const double phi = 2 * pi * m / meridians;
      const Vec3 side = std::cos(phi) * e1 + std::sin(phi) * e2;
      const double a = geometry::radians(covered_to(shape, cup, rim.axis, side));
      edge.push_back(std::sin(a) * side - std::cos(a) * rim.axis);
    }
    // Plane height + slopes over (e1, e2) by reweighted least squares (Cauchy weights).
    Vec3 plane{0, 0, 0}; // slope along e1, along e2, height
    for (int pass = 0; pass < 12; ++pass)
    {
      Mat3 m = {Vec3{}, Vec3{}, Vec3{}};
      Vec3 rhs;
      double seen = 0;
      for (const Vec3& u : edge)
      {
        const Vec3 row{dot(u, e1), dot(u, e2), 1};
        const double h = dot(u, rim.axis);
        const double off = (h - dot(row, plane)) / 0.12;
        const double w = 1 / ((1 + off * off) * (1 + off * off));
        seen += std::abs(off) < 1.5 ? 1.0 / meridians : 0;
        for (std::size_t k = 0; k < 3; ++k)
        {
          m[k] += w * row[k] * row;
        }
        rhs += w * h * row;
      }
      const double det = determinant(m);
      const Mat3 t = transpose(m);
      plane = Vec3{dot(rhs, cross(t[1], t[2])), dot(t[0], cross(rhs, t[2])),
                   dot(t[0], cross(t[1], rhs))} /
              det;
      rim.seen = seen;
    }
    rim.axis = normalized(rim.axis - plane.x * e1 - plane.y * e2);
  }
  return rim;
}

} // namespace calcar::anatomy
