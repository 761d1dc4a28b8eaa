#include "anatomy/vertebra_view.hpp"
#include "geometry/rotation.hpp"

#include <algorithm>
#include <cmath>

namespace calcar::anatomy
{

namespace
{

constexpr int rounds = 5;

double median(std::vector<double> values)
{
  const auto middle = values.begin() + static_cast<std::ptrdiff_t>(values.size() / 2);
  std::nth_element(values.begin(), middle, values.end());
  return *middle;
}

/// y of the posterior wall in the middle of the body: the median of rays.
double posterior_wall(const VertebraView& view)
{
  const double radius = view.radius;
  std::vector<double> found;
  for (const double x : {-0.2, 0.0, 0.2})
  {
    for (const double z : {-0.4, -0.2, 0.0, 0.2, 0.4})
    {
      const Vec3 from = view.middle + radius * Vec3{x, 0, z};
      found.push_back(
          from.y - distance_to_surface(view.shape, view.lps(from), -view.axes.front, 8 * radius));
    }
  }
  return median(found);
}

void find_body(const VertebraView& view, VertebraParts& parts)
{
  const auto& size = view.along.grid.size;
  const double half = std::max(parts.superior.half_width, parts.inferior.half_width) + view.step;
  const double x = 0.5 * (parts.superior.centre.x + parts.inferior.centre.x);
  Vec3 sum;
  double count = 0;
  for (int k = 0; k < size[2]; ++k)
  {
    for (int j = 0; j < size[1]; ++j)
    {
      for (int i = 0; i < size[0]; ++i)
      {
        const Vec3 p = view.at(i, j, k);
        if (p.y >= view.wall && std::abs(p.x - x) <= half && view.along.at(i, j, k) >= inside_from)
        {
          sum += p;
          count += 1;
        }
      }
    }
  }
  parts.body_centre = sum / std::max(count, 1.0);
  const Vec3 from{x, parts.body_centre.y,
                  0.5 * (parts.superior.centre.z + parts.inferior.centre.z)};
  const auto to_surface = [&](Vec3 direction)
  { return distance_to_surface(view.shape, view.lps(from), direction, 100); };
  parts.anterior_wall = from + Vec3{0, to_surface(view.axes.front), 0};
  parts.posterior_wall = from - Vec3{0, to_surface(-view.axes.front), 0};
  // A sixth of the depth before the middle, clear of the pedicles.
  const Vec3 before{x, 0.5 * (parts.anterior_wall.y + parts.posterior_wall.y) + parts.depth() / 6,
                    from.z};
  const auto across = [&](Vec3 direction)
  { return distance_to_surface(view.shape, view.lps(before), direction, 100); };
  parts.body_width = across(view.axes.right) + across(-view.axes.right);
}

/// Largest height of the body in the midline, in its front (1) or rear (-1) third.
double midline_height(const VertebraView& view, const VertebraParts& parts, int side)
{
  const std::vector<double> top = height_map(view, 1);
  const std::vector<double> bottom = height_map(view, -1);
  const auto& size = view.along.grid.size;
  const double middle = 0.5 * (parts.anterior_wall.y + parts.posterior_wall.y);
  double best = 0;
  for (int j = 0; j < size[1]; ++j)
  {
    for (int i = 0; i < size[0]; ++i)
    {
      const Vec3 p = view.at(i, j, 0);
      const auto column = static_cast<std::size_t>(i + size[0] * j);
      if (std::abs(p.x - parts.body_centre.x) <= view.step &&
          side * (p.y - middle) > parts.depth() / 6 && !std::isnan(top[column]))
      {
        best = std::max(best, top[column] - bottom[column]);
      }
    }
  }
  return best;
}

Vec3 from_canal(const VertebraParts& parts)
{
  return {parts.body_centre.x - parts.canal->x, parts.body_centre.y - parts.canal->y, 0};
}

std::optional<VertebraParts> parts_along(const BoneShape& shape, const ThickPart& part,
                                         const VertebraAxes& axes, double step, double grain)
{
  const image::Volume along = along_axes(shape, axes, step);
  VertebraParts parts;
  parts.axes = axes;
  VertebraView view{shape,
                    along,
                    axes,
                    step,
                    grain,
                    parts.local(along.grid.origin),
                    parts.local(part.centre),
                    part.radius};
  view.wall = posterior_wall(view);
  const auto superior = find_endplate(view, 1);
  const auto inferior = find_endplate(view, -1);
  if (!superior || !inferior)
  {
    return std::nullopt;
  }
  parts.superior = *superior;
  parts.inferior = *inferior;
  correct_for_pedicles(view, parts);
  find_body(view, parts);
  parts.height_anterior = midline_height(view, parts, 1);
  parts.height_posterior = midline_height(view, parts, -1);
  parts.canal = canal_hole(along, axes, least_canal * part.radius * part.radius);
  if (parts.canal && parts.canal->y > view.wall)
  {
    parts.canal.reset(); // a hole in or before the body is none
  }
  find_pedicles(view, parts);
  return parts;
}

/// Half way from the axes to those of the parts: axes that lean make the rims on one side look
/// steep, and the centres found then lean the other way by as much.
VertebraAxes corrected(const VertebraParts& parts)
{
  const Vec3 line = parts.lps(parts.superior.centre) - parts.lps(parts.inferior.centre);
  const Vec3 up = normalized(parts.axes.up + normalized(line));
  if (parts.canal)
  {
    return axes_from(up, parts.lps(from_canal(parts)));
  }
  return axes_from(up, parts.axes.front);
}

} // namespace

std::optional<VertebraParts> find_vertebra_parts(const BoneShape& shape, const ThickPart& part,
                                                 const VertebraAxes& axes, double grain_mm)
{
  const double step = std::clamp(0.5 * grain_mm, 0.75, 1.0);
  VertebraAxes now = axes;
  std::optional<VertebraParts> parts;
  for (int round = 0; round < rounds; ++round)
  {
    // The first rounds need not be fine.
    parts = parts_along(shape, part, now, round < 3 ? 1.5 * step : step, grain_mm);
    if (!parts)
    {
      return parts;
    }
    now = corrected(*parts);
  }
  return parts_along(shape, part, now, step, grain_mm);
}

} // namespace calcar::anatomy
