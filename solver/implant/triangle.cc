#include "implant/triangle.hpp"

#include <algorithm>
#include <cmath>

namespace calcar::implant
{
namespace
{
/// Where the inside of a segment passes through the inside of a triangle.
std::optional<Vec3> pierced(const Vec3& from, const Vec3& to, const std::array<Vec3, 3>& t)
{
  constexpr double least = 1e-9; // of lengths and heights relative to the triangle's own
  const Vec3 normal = cross(t[1] - t[0], t[2] - t[0]);
  const double scale = norm(normal);
  if (scale == 0)
    return std::nullopt;
  const double high = dot(from - t[0], normal) / scale;
  const double low = dot(to - t[0], normal) / scale;
  const double edge = least * std::sqrt(scale);
  if (high * low >= 0 || std::abs(high) < edge || std::abs(low) < edge)
    return std::nullopt;
  const Vec3 at = from + high / (high - low) * (to - from);
  for (std::size_t n = 0; n < 3; ++n)
    if (dot(cross(t[(n + 1) % 3] - t[n], at - t[n]), normal) <= least * scale * scale)
      return std::nullopt;
  return at;
}

bool has(const std::array<std::uint32_t, 3>& triangle, std::uint32_t point)
{
  return std::find(triangle.begin(), triangle.end(), point) != triangle.end();
}
} // namespace

TrianglePoint nearest_on(const std::array<Vec3, 3>& t, const Vec3& place)
{
  const Vec3 ab = t[1] - t[0], ac = t[2] - t[0];
  const double d1 = dot(ab, place - t[0]), d2 = dot(ac, place - t[0]);
  if (d1 <= 0 && d2 <= 0)
    return {t[0], TrianglePart::corner, 0};
  const double d3 = dot(ab, place - t[1]), d4 = dot(ac, place - t[1]);
  if (d3 >= 0 && d4 <= d3)
    return {t[1], TrianglePart::corner, 1};
  const double vc = d1 * d4 - d3 * d2;
  if (vc <= 0 && d1 >= 0 && d3 <= 0 && d1 - d3 > 0)
    return {t[0] + d1 / (d1 - d3) * ab, TrianglePart::edge, 0};
  const double d5 = dot(ab, place - t[2]), d6 = dot(ac, place - t[2]);
  if (d6 >= 0 && d5 <= d6)
    return {t[2], TrianglePart::corner, 2};
  const double vb = d5 * d2 - d1 * d6;
  if (vb <= 0 && d2 >= 0 && d6 <= 0 && d2 - d6 > 0)
    return {t[0] + d2 / (d2 - d6) * ac, TrianglePart::edge, 2};
  const double va = d3 * d6 - d5 * d4;
  const double along = (d4 - d3) + (d5 - d6);
  if (va <= 0 && d4 - d3 >= 0 && d5 - d6 >= 0 && along > 0)
    return {t[1] + (d4 - d3) / along * (t[2] - t[1]), TrianglePart::edge, 1};
  const double all = va + vb + vc;
  return {t[0] + vb / all * ab + vc / all * ac, TrianglePart::face, 0};
}

std::optional<Vec3> cut_between(const geometry::TriangleSurface& surface, std::uint32_t first,
                                std::uint32_t second)
{
  const auto& a = surface.triangles[first];
  const auto& b = surface.triangles[second];
  const auto common =
      std::count_if(a.begin(), a.end(), [&](std::uint32_t point) { return has(b, point); });
  if (common > 1)
    return std::nullopt;
  const auto through = [&](const auto& edges_of, const auto& other) -> std::optional<Vec3>
  {
    const std::array<Vec3, 3> face{surface.points[other[0]], surface.points[other[1]],
                                   surface.points[other[2]]};
    for (std::size_t n = 0; n < 3; ++n)
    {
      const std::uint32_t from = edges_of[n], to = edges_of[(n + 1) % 3];
      if (has(other, from) || has(other, to))
        continue;
      if (const auto at = pierced(surface.points[from], surface.points[to], face))
        return at;
    }
    return std::nullopt;
  };
  if (const auto at = through(a, b))
    return at;
  return through(b, a);
}

} // namespace calcar::implant
