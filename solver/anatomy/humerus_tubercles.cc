#include "anatomy/humerus_proximal.hpp"
#include "geometry/rotation.hpp"

#include <algorithm>
#include <cmath>

namespace calcar::anatomy
{

namespace
{

using geometry::pi;
using geometry::without_component;

constexpr int azimuths = 120;
constexpr double step_mm = 1.5;

/// Distance of the surface from the shaft's axis by level and azimuth; azimuth 0 is the head's side
/// and turns about the axis.
struct WallMap
{
  std::vector<double> below; ///< the head's centre along the axis, mm, in rising order
  std::vector<Section> rows;
};

WallMap wall_map(const BoneShape& shape, const LongBone& bone, const HumeralHead& head)
{
  WallMap map;
  const double centre = bone.level(head.centre);
  for (double below = -0.6 * head.radius; below < 1.9 * head.radius; below += step_mm)
  {
    const Section row = section(shape, bone.at(centre - below), bone.axis, head.towards,
                                2.5 * head.radius, 0, azimuths);
    if (row.area > 0)
    {
      map.below.push_back(below);
      map.rows.push_back(row);
    }
  }
  return map;
}

std::size_t wrapped(int azimuth)
{
  return static_cast<std::size_t>((azimuth % azimuths + azimuths) % azimuths);
}

Vec3 offset_at(const Section& row, int azimuth)
{
  const double angle = 2 * pi * azimuth / azimuths;
  return row.radii[wrapped(azimuth)] * (std::cos(angle) * row.e1 + std::sin(angle) * row.e2);
}

/// How deep the wall lies below the chords that reach 24 and 33 degrees to both sides of an
/// azimuth; negative where it bulges.
double furrow(const Section& row, int azimuth)
{
  const double angle = 2 * pi * azimuth / azimuths;
  const Vec3 ray = std::cos(angle) * row.e1 + std::sin(angle) * row.e2;
  double depth = 0;
  for (const int reach : {8, 11})
  {
    const Vec3 a = offset_at(row, azimuth - reach);
    const Vec3 along = normalized(offset_at(row, azimuth + reach) - a);
    const Vec3 out = normalized(ray - dot(ray, along) * along);
    depth += 0.5 * dot(a - offset_at(row, azimuth), out);
  }
  return depth;
}

struct Furrow
{
  int azimuth = 0;
  double depth = 0;
};

/// The deepest furrow on one side of the head's plane, on average of the levels of the tubercles.
Furrow deepest(const WallMap& map, double head_radius, int sign)
{
  Furrow best{0, -1e9};
  for (int a = azimuths * 85 / 360; a <= azimuths * 168 / 360; ++a)
  {
    double sum = 0;
    double count = 0;
    for (std::size_t n = 0; n < map.rows.size(); ++n)
    {
      if (map.below[n] > -0.1 * head_radius && map.below[n] < 0.9 * head_radius)
      {
        for (int beside = -1; beside <= 1; ++beside)
        {
          sum += furrow(map.rows[n], sign * a + beside);
          count += 1;
        }
      }
    }
    if (count > 0 && sum / count > best.depth)
    {
      best = {sign * a, sum / count};
    }
  }
  return best;
}

/// Height of the wall over the chord to the levels 0.55 head radii above and below.
double height(const WallMap& map, std::size_t n, int azimuth, double head_radius)
{
  const auto reach = static_cast<std::size_t>(0.55 * head_radius / step_mm);
  if (n < reach || n + reach >= map.rows.size())
  {
    return 0;
  }
  double sum = 0;
  for (int beside = -2; beside <= 2; ++beside)
  {
    const std::size_t a = wrapped(azimuth + beside);
    const double chord = 0.5 * (map.rows[n - reach].radii[a] + map.rows[n + reach].radii[a]);
    sum += (map.rows[n].radii[a] - chord) / 5;
  }
  return sum;
}

/// The most prominent place between the head's side and the groove.
void find_lesser(const WallMap& map, double head_radius, const Furrow& groove, Tubercles& found)
{
  const int sign = groove.azimuth > 0 ? 1 : -1;
  const int last = std::abs(groove.azimuth) - azimuths * 8 / 360;
  const int first = std::max(azimuths * 30 / 360, last - azimuths * 65 / 360);
  struct Cell
  {
    Vec3 point;
    double height;
  };
  std::vector<Cell> cells;
  Cell top{{}, 0};
  for (std::size_t n = 0; n < map.rows.size(); ++n)
  {
    for (int a = first; a <= last; ++a)
    {
      if (map.below[n] > 0.1 * head_radius && map.below[n] < 1.1 * head_radius)
      {
        cells.push_back({map.rows[n].centre + offset_at(map.rows[n], sign * a),
                         height(map, n, sign * a, head_radius)});
        top = cells.back().height > top.height ? cells.back() : top;
      }
    }
  }
  found.prominence = top.height;
  double weight = 0;
  Vec3 sum;
  for (const Cell& cell : cells)
  {
    const double w = cell.height - 0.85 * top.height;
    if (w > 0 && norm(cell.point - top.point) < 0.35 * head_radius)
    {
      sum += w * cell.point;
      weight += w;
    }
  }
  found.lesser = weight > 0 ? sum / weight : top.point;
}

} // namespace

Tubercles find_tubercles(const BoneShape& shape, const LongBone& bone, const HumeralHead& head)
{
  const WallMap map = wall_map(shape, bone, head);
  Tubercles found;
  if (map.rows.empty())
  {
    return found;
  }
  const Furrow plus = deepest(map, head.radius, 1);
  const Furrow minus = deepest(map, head.radius, -1);
  const Furrow& groove = plus.depth > minus.depth ? plus : minus;
  found.groove = groove.depth;
  found.opposite = std::min(plus.depth, minus.depth);
  const Vec3 e2 = map.rows.front().e2;
  found.anterior = groove.azimuth > 0 ? e2 : -e2;
  find_lesser(map, head.radius, groove, found);
  return found;
}

} // namespace calcar::anatomy
