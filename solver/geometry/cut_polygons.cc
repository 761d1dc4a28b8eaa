#include "geometry/cut_polygons.hpp"

#include "geometry/surface_text.hpp"

#include <algorithm>
#include <span>

namespace calcar::geometry
{
namespace
{
using Corners = std::span<const std::uint32_t>;
using Triangle = std::array<std::uint32_t, 3>;

constexpr std::size_t most_corners = 256;
constexpr double planar = 0.05; // of the longest edge

/// Twice the area times the normal (Newell): also for corners that are not quite in a plane.
Vec3 twice_area(const std::vector<Vec3>& points, Corners corners)
{
  Vec3 sum;
  const Vec3& origin = points[corners[0]];
  for (std::size_t n = 1; n + 1 < corners.size(); ++n)
    sum += cross(points[corners[n]] - origin, points[corners[n + 1]] - origin);
  return sum;
}

/// How far the corners leave the plane through their mean, relative to the longest edge.
double warp(const std::vector<Vec3>& points, Corners corners, const Vec3& normal)
{
  Vec3 mean;
  for (const std::uint32_t c : corners)
    mean += points[c] / static_cast<double>(corners.size());
  double farthest = 0;
  double longest = 0;
  for (std::size_t n = 0; n < corners.size(); ++n)
  {
    const Vec3& x = points[corners[n]];
    farthest = std::max(farthest, std::abs(dot(x - mean, normal)));
    longest = std::max(longest, norm(points[corners[(n + 1) % corners.size()]] - x));
  }
  return longest > 0 ? farthest / longest : 0;
}

/// Twice the area of a triangle as seen along the normal; negative when it is turned away.
double seen_area(const std::vector<Vec3>& points, const Triangle& t, const Vec3& normal)
{
  return dot(cross(points[t[1]] - points[t[0]], points[t[2]] - points[t[0]]), normal);
}

void cut_quad(const std::vector<Vec3>& points, Corners c, const Vec3& normal,
              std::vector<Triangle>& to)
{
  const std::array<std::array<Triangle, 2>, 2> ways = {
      {{{{c[0], c[1], c[2]}, {c[0], c[2], c[3]}}}, {{{c[0], c[1], c[3]}, {c[1], c[2], c[3]}}}}};
  const auto least = [&](const std::array<Triangle, 2>& way)
  { return std::min(seen_area(points, way[0], normal), seen_area(points, way[1], normal)); };
  const bool first_shorter = norm(points[c[2]] - points[c[0]]) <= norm(points[c[3]] - points[c[1]]);
  const bool both = least(ways[0]) > 0 && least(ways[1]) > 0;
  const bool first = both ? first_shorter : least(ways[0]) >= least(ways[1]);
  for (const Triangle& triangle : ways[first ? 0 : 1])
    to.push_back(triangle);
}

bool is_ear(const std::vector<Vec3>& points, Corners corners, std::size_t at, const Vec3& normal)
{
  const std::size_t n = corners.size();
  const Triangle ear = {corners[(at + n - 1) % n], corners[at], corners[(at + 1) % n]};
  if (seen_area(points, ear, normal) <= 0)
    return false;
  return std::none_of(corners.begin(), corners.end(),
                      [&](std::uint32_t c)
                      {
                        return std::find(ear.begin(), ear.end(), c) == ear.end() &&
                               seen_area(points, {ear[0], ear[1], c}, normal) >= 0 &&
                               seen_area(points, {ear[1], ear[2], c}, normal) >= 0 &&
                               seen_area(points, {ear[2], ear[0], c}, normal) >= 0;
                      });
}

void cut_ears(const std::vector<Vec3>& points, Corners corners, const Vec3& normal,
              std::vector<Triangle>& to)
{
  std::vector<std::uint32_t> left(corners.begin(), corners.end());
  while (left.size() > 3)
  {
    const std::size_t n = left.size();
    std::size_t at = 0;
    while (at < n && !is_ear(points, left, at, normal))
      ++at;
    at =
        at < n ? at : 0; // corners on a line or crossing edges: what comes of it shows when checked
    to.push_back({left[(at + n - 1) % n], left[at], left[(at + 1) % n]});
    left.erase(left.begin() + static_cast<std::ptrdiff_t>(at));
  }
  to.push_back({left[0], left[1], left[2]});
}

} // namespace

TriangleSurface cut_polygons(const FileSurface& polygons, const std::string& file)
{
  TriangleSurface surface;
  surface.points = polygons.points;
  for (std::size_t p = 0; p < polygons.polygons(); ++p)
  {
    const Corners corners =
        Corners(polygons.corners)
            .subspan(polygons.first[p], polygons.first[p + 1] - polygons.first[p]);
    const auto refuse = [&](const std::string& given, const std::string& allowed)
    {
      const bool known = p < polygons.line.size();
      refuse_file(known ? file + ":" + std::to_string(polygons.line[p]) : file,
                  (known ? "a polygon " : "polygon " + std::to_string(p + 1) + " ") + given,
                  allowed, "export the surface as triangles");
    };
    if (corners.size() < 3 || corners.size() > most_corners)
      refuse("with " + std::to_string(corners.size()) + " corners", "3 to 256 corners");
    if (corners.size() == 3)
    {
      surface.triangles.push_back({corners[0], corners[1], corners[2]});
      continue;
    }
    const Vec3 twice = twice_area(polygons.points, corners);
    const Vec3 normal = norm(twice) > 0 ? normalized(twice) : Vec3{};
    if (warp(polygons.points, corners, normal) > planar)
      refuse("whose corners do not lie in a plane", "within 5 % of its longest edge");
    if (corners.size() == 4)
      cut_quad(polygons.points, corners, normal, surface.triangles);
    else
      cut_ears(polygons.points, corners, normal, surface.triangles);
  }
  return surface;
}

} // namespace calcar::geometry
