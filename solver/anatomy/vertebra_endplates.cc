#include "anatomy/vertebra_view.hpp"

#include <algorithm>
#include <cmath>

namespace calcar::anatomy
{

namespace
{

constexpr double behind_wall = 0.35; ///< how far rims reach behind the waist, in radii of the body

using Columns = std::vector<std::array<int, 2>>;

/// z = z0 + a (x - x0) + b (y - y0)
struct Plane
{
  Vec3 centre;
  double a = 0, b = 0;

  double at(Vec3 p) const { return centre.z + a * (p.x - centre.x) + b * (p.y - centre.y); }
};

/// Least-squares plane through the heights of columns.
Plane fitted_plane(const VertebraView& view, const std::vector<double>& heights,
                   const Columns& columns)
{
  const int nx = view.along.grid.size[0];
  Plane plane;
  const double count = static_cast<double>(columns.size());
  const auto point = [&](const std::array<int, 2>& c)
  {
    Vec3 p = view.at(c[0], c[1], 0);
    p.z = heights[static_cast<std::size_t>(c[0] + nx * c[1])];
    return p;
  };
  for (const auto& column : columns)
  {
    plane.centre += point(column) / count;
  }
  double xx = 0, xy = 0, yy = 0, xz = 0, yz = 0;
  for (const auto& column : columns)
  {
    const Vec3 d = point(column) - plane.centre;
    xx += d.x * d.x;
    xy += d.x * d.y;
    yy += d.y * d.y;
    xz += d.x * d.z;
    yz += d.y * d.z;
  }
  const double det = xx * yy - xy * xy;
  if (det > 1e-9 * xx * yy)
  {
    plane.a = (xz * yy - yz * xy) / det;
    plane.b = (yz * xx - xz * xy) / det;
  }
  return plane;
}

/// The columns around the middle of the body.
Columns middle_columns(const VertebraView& view, const std::vector<double>& heights, int side)
{
  const auto& size = view.along.grid.size;
  Columns columns;
  for (int j = 0; j < size[1]; ++j)
  {
    for (int i = 0; i < size[0]; ++i)
    {
      const Vec3 p = view.at(i, j, 0) - view.middle;
      const double z = heights[static_cast<std::size_t>(i + size[0] * j)];
      if (std::hypot(p.x, p.y) < 0.6 * view.radius && !std::isnan(z) &&
          side * (z - view.middle.z) > 0)
      {
        columns.push_back({i, j});
      }
    }
  }
  return columns;
}

/// The columns that hang together with `from` and end near a plane.
Columns columns_near(const VertebraView& view, const std::vector<double>& heights,
                     const Plane& plane, const Columns& from)
{
  const auto& size = view.along.grid.size;
  const double most = 0.22 * view.radius + 0.4 * view.grain;
  std::vector<char> seen(heights.size(), 0);
  Columns front = from;
  Columns columns;
  while (!front.empty())
  {
    const auto [i, j] = front.back();
    front.pop_back();
    if (i < 0 || j < 0 || i >= size[0] || j >= size[1])
    {
      continue;
    }
    const auto column = static_cast<std::size_t>(i + size[0] * j);
    const bool near = std::abs(heights[column] - plane.at(view.at(i, j, 0))) < most; // not for NaN
    if (seen[column] || !near)
    {
      continue;
    }
    seen[column] = 1;
    columns.push_back({i, j});
    front.insert(front.end(), {{i + 1, j}, {i - 1, j}, {i, j + 1}, {i, j - 1}});
  }
  return columns;
}

/**
 * The columns without those over the roots of the pedicles, which lie flush with the superior
 * endplate: not behind the rim in the midline, and not beside the front two fifths. Sets the middle
 * x of the front half, where there are none.
 */
Columns without_pedicles(const VertebraView& view, const Columns& columns, double& middle_x)
{
  double rim = 1e9;
  double front = -1e9;
  for (const auto& [i, j] : columns)
  {
    const Vec3 p = view.at(i, j, 0);
    front = std::max(front, p.y);
    rim = std::abs(p.x - view.middle.x) < 0.35 * view.radius ? std::min(rim, p.y) : rim;
  }
  double low = 1e9;
  double high = -1e9;
  double sum = 0;
  double count = 0;
  for (const auto& [i, j] : columns)
  {
    const Vec3 p = view.at(i, j, 0);
    const double share = (p.y - rim) / (front - rim);
    sum += share > 0.5 ? p.x : 0;
    count += share > 0.5 ? 1 : 0;
    low = share > 0.6 ? std::min(low, p.x) : low;
    high = share > 0.6 ? std::max(high, p.x) : high;
  }
  middle_x = count > 0 ? sum / count : view.middle.x;
  const double more = 0.025 * (high - low);
  Columns kept;
  for (const auto& [i, j] : columns)
  {
    const Vec3 p = view.at(i, j, 0);
    if (p.y >= rim && p.x >= low - more && p.x <= high + more)
    {
      kept.push_back({i, j});
    }
  }
  return kept;
}

/// Mean y of the columns in the middle half of the width.
double strip_centre(const VertebraView& view, const Columns& columns, const FoundEndplate& plate)
{
  double sum = 0;
  double count = 0;
  for (const auto& [i, j] : columns)
  {
    const Vec3 p = view.at(i, j, 0);
    if (std::abs(p.x - plate.centre.x) <= 0.5 * plate.half_width)
    {
      sum += p.y;
      count += 1;
    }
  }
  return count > 0 ? sum / count : plate.centre.y;
}

/// Height of an endplate near (x, y): the mean within a tenth of its width.
double height_near(const VertebraView& view, const std::vector<double>& heights,
                   const FoundEndplate& plate)
{
  const auto& size = view.along.grid.size;
  const double reach = std::max(0.1 * std::sqrt(plate.area), view.step);
  double sum = 0;
  double count = 0;
  for (int j = 0; j < size[1]; ++j)
  {
    for (int i = 0; i < size[0]; ++i)
    {
      const Vec3 p = view.at(i, j, 0) - plate.centre;
      const double z = heights[static_cast<std::size_t>(i + size[0] * j)];
      if (std::hypot(p.x, p.y) < reach && !std::isnan(z))
      {
        sum += z;
        count += 1;
      }
    }
  }
  return count > 0 ? sum / count : plate.centre.z;
}

} // namespace

/// The outermost surface over each column of the body, with its posterior rims, from above (side 1)
/// or below (-1); NaN where there is none.
std::vector<double> height_map(const VertebraView& view, int side)
{
  const auto& size = view.along.grid.size;
  std::vector<double> heights(static_cast<std::size_t>(size[0]) * static_cast<std::size_t>(size[1]),
                              std::nan(""));
  for (int j = 0; j < size[1]; ++j)
  {
    for (int i = 0; i < size[0]; ++i)
    {
      if (view.at(i, j, 0).y < view.wall - behind_wall * view.radius)
      {
        continue;
      }
      float before = 0;
      for (int n = 0; n < size[2]; ++n)
      {
        const int k = side > 0 ? size[2] - 1 - n : n;
        const float value = view.along.at(i, j, k);
        if (value >= inside_from)
        {
          const double back = (value - inside_from) / std::max(value - before, 1e-6F);
          heights[static_cast<std::size_t>(i + size[0] * j)] =
              view.at(i, j, k).z + side * back * view.step;
          break;
        }
        before = value;
      }
    }
  }
  return heights;
}

std::optional<FoundEndplate> find_endplate(const VertebraView& view, int side)
{
  const std::vector<double> heights = height_map(view, side);
  const Columns middle = middle_columns(view, heights, side);
  Columns columns = middle;
  double middle_x = view.middle.x;
  Plane plane;
  for (int round = 0; round < 4; ++round)
  {
    if (columns.size() < 8)
    {
      return std::nullopt;
    }
    plane = fitted_plane(view, heights, columns);
    columns = without_pedicles(view, columns_near(view, heights, plane, middle), middle_x);
  }
  FoundEndplate plate;
  const double count = static_cast<double>(columns.size());
  for (const auto& [i, j] : columns)
  {
    plate.centre += view.at(i, j, 0) / count;
  }
  plate.centre.x = middle_x;
  plate.centre.z = plane.at(plate.centre);
  plate.area = count * view.step * view.step;
  plate.slope = plane.b;
  for (const auto& [i, j] : columns)
  {
    plate.half_width = std::max(plate.half_width, std::abs(view.at(i, j, 0).x - middle_x));
  }
  plate.strip_y = strip_centre(view, columns, plate);
  return plate;
}

/// The roots of the pedicles fill the rear corners of the superior endplate, so that its centroid
/// seems to lie further back: how far it lies before the middle of the middle strip is taken from
/// the endplate where that is more.
void correct_for_pedicles(const VertebraView& view, VertebraParts& parts)
{
  const double before = std::max(parts.superior.centre.y - parts.superior.strip_y,
                                 parts.inferior.centre.y - parts.inferior.strip_y);
  for (FoundEndplate* plate : {&parts.superior, &parts.inferior})
  {
    plate->centre.y = plate->strip_y + before;
    plate->centre.z =
        height_near(view, height_map(view, plate == &parts.superior ? 1 : -1), *plate);
  }
}

} // namespace calcar::anatomy
