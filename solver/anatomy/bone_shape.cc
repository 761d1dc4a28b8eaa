#include "anatomy/bone_shape.hpp"

#include "base/error.hpp"
#include "geometry/rotation.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <string>

namespace calcar::anatomy
{

namespace
{

using image::Grid;
using image::Mask;

constexpr std::array<std::array<int, 3>, 6> neighbours = {
    {{1, 0, 0}, {-1, 0, 0}, {0, 1, 0}, {0, -1, 0}, {0, 0, 1}, {0, 0, -1}}};
constexpr int rim =
    5; ///< empty voxels around the bone, wide enough for the neighbourhood of the normals
constexpr std::uint8_t unseen = 2;

/// Marks all voxels of value `from` that hang together with the start by faces as `to`; returns how
/// many.
std::size_t flood(Mask& mask, std::size_t start, std::uint8_t from, std::uint8_t to)
{
  const auto nx = static_cast<std::size_t>(mask.grid.size[0]);
  const auto ny = static_cast<std::size_t>(mask.grid.size[1]);
  std::vector<std::size_t> front = {start};
  mask.values[start] = to;
  std::size_t count = 0;
  while (!front.empty())
  {
    const std::size_t at = front.back();
    front.pop_back();
    ++count;
    const int i = static_cast<int>(at % nx);
    const int j = static_cast<int>(at / nx % ny);
    const int k = static_cast<int>(at / nx / ny);
    for (const auto& n : neighbours)
    {
      if (mask.grid.contains(i + n[0], j + n[1], k + n[2]))
      {
        const std::size_t next = mask.grid.offset(i + n[0], j + n[1], k + n[2]);
        if (mask.values[next] == from)
        {
          mask.values[next] = to;
          front.push_back(next);
        }
      }
    }
  }
  return count;
}

/// The mask cut to the bone's bounding box, with a rim of empty voxels.
Mask cropped(const Mask& mask, const std::string& place)
{
  std::array<int, 3> low = mask.grid.size;
  std::array<int, 3> high = {-1, -1, -1};
  std::size_t count = 0;
  for (int k = 0; k < mask.grid.size[2]; ++k)
  {
    for (int j = 0; j < mask.grid.size[1]; ++j)
    {
      for (int i = 0; i < mask.grid.size[0]; ++i)
      {
        if (mask.at(i, j, k) != 0)
        {
          const std::array<int, 3> at = {i, j, k};
          for (std::size_t a = 0; a < 3; ++a)
          {
            low[a] = std::min(low[a], at[a]);
            high[a] = std::max(high[a], at[a]);
          }
          ++count;
        }
      }
    }
  }
  if (count < 1000)
  {
    throw InputError(
        Fault::data,
        Problem{place, "the mask holds " + std::to_string(count) + " voxels of bone",
                "at least 1000",
                "check that the label number is the one of the bone, and the voxel size", ""});
  }
  Mask out;
  out.grid = mask.grid;
  for (std::size_t a = 0; a < 3; ++a)
  {
    out.grid.size[a] = high[a] - low[a] + 1 + 2 * rim;
  }
  out.grid.origin =
      mask.grid.point({static_cast<double>(low[0] - rim), static_cast<double>(low[1] - rim),
                       static_cast<double>(low[2] - rim)});
  out.values.assign(out.grid.voxels(), 0);
  for (int k = low[2]; k <= high[2]; ++k)
  {
    for (int j = low[1]; j <= high[1]; ++j)
    {
      for (int i = low[0]; i <= high[0]; ++i)
      {
        out.at(i - low[0] + rim, j - low[1] + rim, k - low[2] + rim) =
            mask.at(i, j, k) != 0 ? unseen : 0;
      }
    }
  }
  return out;
}

/// Keeps the largest piece as 1; returns the fraction of voxels dropped.
double keep_largest(Mask& mask)
{
  std::size_t best = 0;
  std::size_t best_start = 0;
  std::size_t total = 0;
  for (std::size_t n = 0; n < mask.values.size(); ++n)
  {
    if (mask.values[n] == unseen)
    {
      const std::size_t count = flood(mask, n, unseen, 3);
      total += count;
      if (count > best)
      {
        best = count;
        best_start = n;
      }
    }
  }
  flood(mask, best_start, 3, 1);
  for (auto& value : mask.values)
  {
    value = value == 1 ? 1 : 0;
  }
  return 1 - static_cast<double>(best) / static_cast<double>(total);
}

void fill_cavities(Mask& mask)
{
  flood(mask, 0, 0, unseen);
  for (auto& value : mask.values)
  {
    value = value == unseen ? 0 : 1;
  }
}

/// Outward normal at a voxel of the surface: away from the centroid of the bone in a ball around
/// it.
Vec3 normal_at(const Mask& mask, int i, int j, int k, double ball_mm)
{
  const Grid& g = mask.grid;
  Vec3 sum;
  const int ri = std::clamp(static_cast<int>(ball_mm / g.spacing.x), 1, rim - 1);
  const int rj = std::clamp(static_cast<int>(ball_mm / g.spacing.y), 1, rim - 1);
  const int rk = std::clamp(static_cast<int>(ball_mm / g.spacing.z), 1, rim - 1);
  for (int c = -rk; c <= rk; ++c)
  {
    for (int b = -rj; b <= rj; ++b)
    {
      for (int a = -ri; a <= ri; ++a)
      {
        if (g.contains(i + a, j + b, k + c) && mask.at(i + a, j + b, k + c) != 0)
        {
          sum += Vec3{a * g.spacing.x, b * g.spacing.y, c * g.spacing.z};
        }
      }
    }
  }
  return norm(sum) > 0 ? g.direction * normalized(-sum) : Vec3{0, 0, 1};
}

std::vector<SurfacePoint> surface_points(const Mask& mask, double voxel_mm)
{
  const Grid& g = mask.grid;
  std::vector<SurfacePoint> points;
  for (int k = rim; k < g.size[2] - rim; ++k)
  {
    for (int j = rim; j < g.size[1] - rim; ++j)
    {
      for (int i = rim; i < g.size[0] - rim; ++i)
      {
        if (mask.at(i, j, k) == 0)
        {
          continue;
        }
        bool known = false;
        Vec3 normal;
        for (const auto& n : neighbours)
        {
          if (mask.at(i + n[0], j + n[1], k + n[2]) == 0)
          {
            normal = known ? normal : normal_at(mask, i, j, k, std::max(3.0, 2 * voxel_mm));
            known = true;
            points.push_back({g.point({i + 0.5 * n[0], j + 0.5 * n[1], k + 0.5 * n[2]}), normal});
          }
        }
      }
    }
  }
  return points;
}

} // namespace

BoneShape bone_shape(const image::Mask& mask, const std::string& place)
{
  BoneShape shape;
  shape.mask = cropped(mask, place);
  shape.left_out = keep_largest(shape.mask);
  fill_cavities(shape.mask);
  const Grid& g = shape.mask.grid;
  shape.voxel_mm = std::max({g.spacing.x, g.spacing.y, g.spacing.z});
  shape.surface = surface_points(shape.mask, shape.voxel_mm);
  shape.volume_mm3 = g.voxel_volume() * static_cast<double>(std::count(shape.mask.values.begin(),
                                                                       shape.mask.values.end(), 1));
  const Vec3 last{mask.grid.size[0] - 1.0, mask.grid.size[1] - 1.0, mask.grid.size[2] - 1.0};
  shape.image_corners = {g.index(mask.grid.point({0, 0, 0})), g.index(mask.grid.point(last))};
  return shape;
}

double value_at(const BoneShape& shape, Vec3 point)
{
  const Grid& g = shape.mask.grid;
  const Vec3 index = g.index(point);
  const int i = static_cast<int>(std::floor(index.x));
  const int j = static_cast<int>(std::floor(index.y));
  const int k = static_cast<int>(std::floor(index.z));
  if (i < 0 || j < 0 || k < 0 || i + 1 >= g.size[0] || j + 1 >= g.size[1] || k + 1 >= g.size[2])
  {
    return 0;
  }
  const double u = index.x - i;
  const double v = index.y - j;
  const double w = index.z - k;
  const auto row = [&](int b, int c)
  { return (1 - u) * shape.mask.at(i, j + b, k + c) + u * shape.mask.at(i + 1, j + b, k + c); };
  return (1 - w) * ((1 - v) * row(0, 0) + v * row(1, 0)) +
         w * ((1 - v) * row(0, 1) + v * row(1, 1));
}

Vec3 extreme_point(const std::vector<Vec3>& points, Vec3 direction, double depth_mm)
{
  double farthest = std::numeric_limits<double>::lowest();
  for (const Vec3& p : points)
  {
    farthest = std::max(farthest, dot(p, direction));
  }
  Vec3 sum;
  double count = 0;
  for (const Vec3& p : points)
  {
    if (dot(p, direction) > farthest - depth_mm)
    {
      sum += p;
      count += 1;
    }
  }
  return sum / count;
}

bool leaves_image(const BoneShape& shape, Vec3 point, double radius_mm)
{
  const auto [low, high] = shape.image_corners;
  for (const SurfacePoint& s : shape.surface)
  {
    if (norm(s.position - point) > radius_mm)
    {
      continue;
    }
    // A surface point lies half a voxel outside the last voxel of the bone along one axis.
    const Vec3 index = shape.mask.grid.index(s.position);
    for (std::size_t a = 0; a < 3; ++a)
    {
      if (index[a] < low[a] - 0.25 || index[a] > high[a] + 0.25)
      {
        return true;
      }
    }
  }
  return false;
}

double distance_to_surface(const BoneShape& shape, Vec3 from, Vec3 direction, double limit_mm)
{
  const Vec3 spacing = shape.mask.grid.spacing;
  const double step = 0.5 * std::min({spacing.x, spacing.y, spacing.z});
  double before = value_at(shape, from);
  for (double t = step; t < limit_mm; t += step)
  {
    const double now = value_at(shape, from + t * direction);
    if (now < 0.5)
    {
      const double back = before > now ? (0.5 - now) / (before - now) : 0.5;
      return std::max(t - back * step, 0.0);
    }
    before = now;
  }
  return limit_mm;
}

Section section(const BoneShape& shape, Vec3 point, Vec3 normal, Vec3 towards, double limit_mm,
                int recentre, int rays)
{
  Section s;
  s.centre = point;
  const Vec3 in_plane = geometry::without_component(towards, normal);
  s.e1 = norm(in_plane) > 1e-9 ? normalized(in_plane) : geometry::any_perpendicular(normal);
  s.e2 = cross(normal, s.e1);
  for (int pass = 0; pass <= recentre; ++pass)
  {
    if (!inside(shape, s.centre))
    {
      s.area = 0;
      return s;
    }
    s.radii.assign(static_cast<std::size_t>(rays), 0);
    s.area = 0;
    s.closed = true;
    Vec3 first_moment;
    const double dphi = 2 * geometry::pi / rays;
    for (int k = 0; k < rays; ++k)
    {
      const Vec3 ray = std::cos(k * dphi) * s.e1 + std::sin(k * dphi) * s.e2;
      const double r = distance_to_surface(shape, s.centre, ray, limit_mm);
      s.radii[static_cast<std::size_t>(k)] = r;
      s.closed = s.closed && r < limit_mm;
      s.area += 0.5 * r * r * dphi;
      first_moment += r * r * r / 3 * dphi * ray;
    }
    if (pass < recentre)
    {
      s.centre += first_moment / s.area;
    }
  }
  return s;
}

} // namespace calcar::anatomy
