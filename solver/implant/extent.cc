#include "implant/extent.hpp"

#include "geometry/rotation.hpp"
#include "image/box.hpp"
#include "implant/canal.hpp"

#include <algorithm>
#include <cmath>

namespace calcar::implant
{

double level_on(const Path& path, Vec3 point)
{
  const double s = path.nearest(point);
  const double length = path.length();
  if (s > 1e-6 && s < length - 1e-6)
    return s;
  const double end = s > 1e-6 ? length : 0;
  return end + dot(point - path.point(end), path.tangent(end));
}

std::optional<Span> lesion_span(const Site& site, const lesion::PlacedLesion& lesion,
                                const Path& path)
{
  const image::Grid& grid = site.ground.mask.grid;
  const Vec3 middle = grid.index(lesion.centre);
  std::array<int, 3> low{}, high{};
  for (std::size_t a = 0; a < 3; ++a)
  {
    const double reach = lesion.reach_mm / grid.spacing[a] + 1;
    low[a] = static_cast<int>(std::max(0.0, std::floor(middle[a] - reach)));
    high[a] = static_cast<int>(std::min(grid.size[a] - 1.0, std::ceil(middle[a] + reach)));
  }
  std::optional<Span> span;
  for (int k = low[2]; k <= high[2]; ++k)
    for (int j = low[1]; j <= high[1]; ++j)
      for (int i = low[0]; i <= high[0]; ++i)
      {
        if (!site.ground.mask.at(i, j, k))
          continue;
        const Vec3 p = grid.point({double(i), double(j), double(k)});
        if (!lesion.solid.contains(p))
          continue;
        const double s = level_on(path, p);
        span = span ? Span{std::min(span->from, s), std::max(span->to, s)} : Span{s, s};
      }
  return span;
}

double bone_diameter(const Site& site, Vec3 point, Vec3 axis)
{
  const Vec3 first = across(axis, site.bone().frame.medial);
  const Vec3 second =
      normalized(geometry::without_component(across(axis, site.bone().frame.anterior), first));
  constexpr int rays = 24;
  double sum = 0;
  for (int n = 0; n < rays; ++n)
  {
    const double angle = 2 * geometry::pi * n / rays;
    const Vec3 towards = std::cos(angle) * first + std::sin(angle) * second;
    sum += way_out(site, point, towards).value_or(0);
  }
  return 2 * sum / rays;
}

std::optional<Span> lesions_along(const Site& site, const Path& line)
{
  std::optional<Span> all;
  for (const lesion::PlacedLesion& lesion : site.lesions)
    if (const auto span = lesion_span(site, lesion, line))
      all = all ? Span{std::min(all->from, span->from), std::max(all->to, span->to)} : span;
  return all;
}

} // namespace calcar::implant
