#include "anatomy/femur_trochanters.hpp"

#include "geometry/rotation.hpp"

#include <algorithm>
#include <array>
#include <cmath>

namespace calcar::anatomy
{

namespace
{

constexpr int azimuths = 72;
constexpr double step_mm = 1.5;

/// Distance of the surface from the shaft axis, by level and azimuth.
struct ShaftMap
{
  std::vector<double> level; ///< distance from the head centre along the axis, mm
  std::vector<Section> rows;
  std::vector<std::array<bool, azimuths>> wall; ///< the ray ended on the side wall
};

/// True when the ray ended on the side wall and not on an oblique cut: a little further in and down
/// there is bone.
bool on_wall(const BoneShape& shape, const Section& row, std::size_t azimuth, Vec3 distal)
{
  const double angle = 2 * geometry::pi * static_cast<double>(azimuth) / azimuths;
  const Vec3 ray = std::cos(angle) * row.e1 + std::sin(angle) * row.e2;
  const double inwards = std::max(0.7 * row.radii[azimuth], row.radii[azimuth] - 6);
  return inside(shape, row.centre + inwards * ray + 1.5 * shape.voxel_mm * distal);
}

ShaftMap shaft_map(const BoneShape& shape, const FemoralHead& head, const FemoralShaft& shaft,
                   Vec3 towards_head)
{
  ShaftMap map;
  const double end = std::min(shaft.end - 1.5 * shape.voxel_mm, 4.6 * head.radius);
  for (double s = 1.0 * head.radius; s <= end; s += step_mm)
  {
    const Section row = section(shape, shaft_at(shaft, head.centre, s), shaft.distal, towards_head,
                                3 * head.radius, 0, azimuths);
    if (row.area > 0)
    {
      map.level.push_back(s);
      map.rows.push_back(row);
      map.wall.emplace_back();
      for (std::size_t a = 0; a < azimuths; ++a)
      {
        map.wall.back()[a] = on_wall(shape, row, a, shaft.distal);
      }
    }
  }
  return map;
}

/// Height of the surface at row n over the chord between the row `reach` above it and the one as
/// far below it, or half as far where the bone is cut there; 0 where that is not to be seen.
double height_over_chord(const ShaftMap& map, std::size_t n, std::size_t azimuth, double reach)
{
  const auto steps = static_cast<std::size_t>(reach / step_mm);
  std::size_t below = std::min(steps, map.rows.size() - 1 - n);
  while (below > 0 && !map.wall[n + below][azimuth])
  {
    --below;
  }
  if (n < steps || below < steps / 2)
  {
    return 0;
  }
  const double above_r = map.rows[n - steps].radii[azimuth];
  const double below_r = map.rows[n + below].radii[azimuth];
  const double fraction = static_cast<double>(steps) / static_cast<double>(steps + below);
  return map.rows[n].radii[azimuth] - (above_r + fraction * (below_r - above_r));
}

/// Mean of the heights at an azimuth and its two neighbours.
double prominence_at(const ShaftMap& map, std::size_t n, int azimuth, double reach)
{
  double sum = 0;
  for (int side = -1; side <= 1; ++side)
  {
    const auto a = static_cast<std::size_t>((azimuth + side + azimuths) % azimuths);
    sum += height_over_chord(map, n, a, reach);
  }
  return sum / 3;
}

/// A cell of the map that stands out.
struct Cell
{
  std::size_t row = 0;
  int azimuth = 0;
  double height = 0;

  bool left_half() const { return 2 * azimuth < azimuths; }
};

std::vector<Cell> search(const ShaftMap& map, double head_radius)
{
  std::vector<Cell> cells;
  for (std::size_t n = 0; n < map.rows.size(); ++n)
  {
    for (int a = 0; a < azimuths; ++a)
    {
      const int folded = std::min(a, azimuths - a) * 360 / azimuths;
      if (folded >= 15 && folded <= 95 && map.level[n] >= 1.7 * head_radius &&
          map.level[n] <= 3.2 * head_radius)
      {
        cells.push_back({n, a, prominence_at(map, n, a, 0.6 * head_radius)});
      }
    }
  }
  return cells;
}

Vec3 surface_at(const ShaftMap& map, const Cell& cell)
{
  const Section& row = map.rows[cell.row];
  const double angle = 2 * geometry::pi * cell.azimuth / azimuths;
  return row.centre + row.radii[static_cast<std::size_t>(cell.azimuth)] *
                          (std::cos(angle) * row.e1 + std::sin(angle) * row.e2);
}

} // namespace

LesserTrochanter find_lesser_trochanter(const BoneShape& shape, const FemoralHead& head,
                                        const FemoralShaft& shaft)
{
  const Vec3 towards_head =
      normalized(geometry::without_component(head.centre - shaft.point, shaft.distal));
  const ShaftMap map = shaft_map(shape, head, shaft, towards_head);
  const std::vector<Cell> cells = search(map, head.radius);
  LesserTrochanter lesser;
  const auto top = std::max_element(
      cells.begin(), cells.end(), [](const Cell& a, const Cell& b) { return a.height < b.height; });
  if (top == cells.end() || top->height <= 0)
  {
    return lesser;
  }
  const Vec3 summit = surface_at(map, *top);
  double weight = 0;
  for (const Cell& cell : cells)
  {
    if (cell.left_half() != top->left_half())
    {
      lesser.opposite = std::max(lesser.opposite, cell.height);
    }
    // The mean of the top of the bump moves less with the voxels than its highest cell.
    const Vec3 point = surface_at(map, cell);
    const double w = cell.height - 0.85 * top->height;
    if (w > 0 && norm(point - summit) < 0.35 * head.radius)
    {
      lesser.tip += w * point;
      lesser.level += w * map.level[cell.row];
      weight += w;
    }
  }
  lesser.tip = lesser.tip / weight;
  lesser.level /= weight;
  lesser.prominence = top->height;
  lesser.azimuth_deg = 360.0 * top->azimuth / azimuths - (top->left_half() ? 0 : 360);
  return lesser;
}

} // namespace calcar::anatomy
