#include "geometry/orient_surface.hpp"

#include "geometry/join_points.hpp"
#include "geometry/surface_defects.hpp"
#include "geometry/surface_text.hpp"

#include <algorithm>
#include <cmath>
#include <numbers>

namespace calcar::geometry
{
namespace
{

/// The triangle across each edge of a triangle, and whether the two run it the same way.
struct Neighbour
{
  std::uint32_t triangle;
  bool turned;
};

std::vector<std::vector<Neighbour>> neighbours(const TriangleSurface& surface)
{
  std::vector<std::vector<Neighbour>> of(surface.triangles.size());
  const auto uses = sorted_edges(surface);
  for (std::size_t n = 0; n + 1 < uses.size(); n += 2) // closed: two uses of each edge
  {
    const bool turned = uses[n].forward == uses[n + 1].forward;
    of[uses[n].triangle].push_back({uses[n + 1].triangle, turned});
    of[uses[n + 1].triangle].push_back({uses[n].triangle, turned});
  }
  return of;
}

constexpr signed char unseen = -1;

/// Walks a part from a triangle; `turn` gets 0 or 1 for each. Returns the part's triangles.
std::vector<std::uint32_t> walk(const std::vector<std::vector<Neighbour>>& beside,
                                std::uint32_t start, std::vector<signed char>& turn,
                                const std::string& file)
{
  std::vector<std::uint32_t> part = {start};
  turn[start] = 0;
  for (std::size_t n = 0; n < part.size(); ++n)
    for (const Neighbour& next : beside[part[n]])
    {
      const auto wanted = static_cast<signed char>(next.turned ? 1 - turn[part[n]] : turn[part[n]]);
      if (turn[next.triangle] == unseen)
      {
        turn[next.triangle] = wanted;
        part.push_back(next.triangle);
      }
      else if (turn[next.triangle] != wanted)
        refuse_file(file, "the surface has one side only, as a Moebius strip",
                    "the surface of a body", "repair it where it was made");
    }
  return part;
}

/// Makes neighbours run their edges opposite ways; number of triangles turned.
std::size_t agree(TriangleSurface& surface)
{
  const auto beside = neighbours(surface);
  std::vector<signed char> turn(surface.triangles.size(), unseen);
  std::size_t turned = 0;
  for (std::uint32_t t = 0; t < turn.size(); ++t)
  {
    if (turn[t] != unseen)
      continue;
    const auto part = walk(beside, t, turn, surface.source.path);
    const auto ones = static_cast<std::size_t>(
        std::count_if(part.begin(), part.end(), [&](std::uint32_t n) { return turn[n] == 1; }));
    const signed char fewer = 2 * ones <= part.size() ? 1 : 0;
    turned += std::min(ones, part.size() - ones);
    for (const std::uint32_t n : part)
      if (turn[n] == fewer)
        std::swap(surface.triangles[n][1], surface.triangles[n][2]);
  }
  return turned;
}

/// One part of a surface, with the box around it.
struct Part
{
  std::vector<std::uint32_t> triangles;
  Vec3 low = {1e300, 1e300, 1e300};
  Vec3 high = {-1e300, -1e300, -1e300};
  double volume = 0;
};

std::vector<Part> split(const TriangleSurface& surface)
{
  std::vector<Part> parts;
  const auto part_of = parts_of(surface);
  for (std::uint32_t t = 0; t < part_of.size(); ++t)
  {
    parts.resize(std::max(parts.size(), static_cast<std::size_t>(part_of[t]) + 1));
    Part& part = parts[part_of[t]];
    part.triangles.push_back(t);
    const Vec3& origin = surface.points[surface.triangles[part.triangles[0]][0]];
    const auto& c = surface.triangles[t];
    part.volume += dot(surface.points[c[0]] - origin,
                       cross(surface.points[c[1]] - origin, surface.points[c[2]] - origin)) /
                   6;
    for (const std::uint32_t p : c)
      for (std::size_t axis = 0; axis < 3; ++axis)
      {
        part.low[axis] = std::min(part.low[axis], surface.points[p][axis]);
        part.high[axis] = std::max(part.high[axis], surface.points[p][axis]);
      }
  }
  return parts;
}

/// How often a part winds around a point: the sum of the solid angles of its triangles over 4 pi
/// (Van Oosterom and Strackee 1983, IEEE Trans Biomed Eng 30:125); +-1 inside, 0 outside.
double winding(const TriangleSurface& surface, const Part& part, const Vec3& x)
{
  double angle = 0;
  for (const std::uint32_t t : part.triangles)
  {
    const Vec3 a = surface.points[surface.triangles[t][0]] - x;
    const Vec3 b = surface.points[surface.triangles[t][1]] - x;
    const Vec3 c = surface.points[surface.triangles[t][2]] - x;
    const double la = norm(a);
    const double lb = norm(b);
    const double lc = norm(c);
    angle += 2 * std::atan2(dot(a, cross(b, c)),
                            la * lb * lc + dot(a, b) * lc + dot(b, c) * la + dot(c, a) * lb);
  }
  return angle / (4 * std::numbers::pi);
}

bool holds(const TriangleSurface& surface, const Part& part, const Vec3& x)
{
  for (std::size_t axis = 0; axis < 3; ++axis)
    if (x[axis] < part.low[axis] || x[axis] > part.high[axis])
      return false;
  return std::abs(winding(surface, part, x)) > 0.5;
}

/// For each part, those it lies in.
std::vector<std::vector<std::size_t>> around(const TriangleSurface& surface,
                                             const std::vector<Part>& parts)
{
  std::vector<std::vector<std::size_t>> outer(parts.size());
  for (std::size_t inner = 0; inner < parts.size(); ++inner)
  {
    const Vec3& x = surface.points[surface.triangles[parts[inner].triangles[0]][0]];
    for (std::size_t n = 0; n < parts.size(); ++n)
      if (n != inner && holds(surface, parts[n], x))
        outer[inner].push_back(n);
  }
  return outer;
}

/// Turns outermost parts whose outside is in, and what they hold; number of such parts.
std::size_t turn_out(TriangleSurface& surface, const std::vector<Part>& parts,
                     const std::vector<std::vector<std::size_t>>& outer)
{
  std::size_t turned = 0;
  for (std::size_t n = 0; n < parts.size(); ++n)
  {
    const auto outermost = std::find_if(outer[n].begin(), outer[n].end(),
                                        [&](std::size_t m) { return outer[m].empty(); });
    const Part& leader = parts[outermost == outer[n].end() ? n : *outermost];
    if (leader.volume > 0)
      continue;
    turned += outer[n].empty() ? 1 : 0;
    for (const std::uint32_t t : parts[n].triangles)
      std::swap(surface.triangles[t][1], surface.triangles[t][2]);
  }
  return turned;
}

} // namespace

ReadSurface orient_outwards(TriangleSurface surface)
{
  Warnings warnings;
  const std::string file = surface.source.path;
  if (const std::size_t turned = agree(surface); turned > 0)
    warnings.push_back({"triangles_turned",
                        std::to_string(turned) + " of " + std::to_string(surface.triangles.size()) +
                            " triangles ran against their neighbours and were turned",
                        file});
  const auto parts = split(surface);
  const double smallest = 1e-12 * std::pow(diagonal(surface.points), 3);
  for (const Part& part : parts)
    if (!(std::abs(part.volume) > smallest))
      refuse_file(file, "a part of the surface encloses no volume", "the surface of a body",
                  "remove sheets without thickness where it was made");
  const auto outer = around(surface, parts);
  if (const std::size_t turned = turn_out(surface, parts, outer); turned > 0)
    warnings.push_back({"surface_turned",
                        "the outside of " + std::to_string(turned) + " of " +
                            std::to_string(parts.size()) + " parts was in: turned",
                        file});
  const auto inner =
      std::count_if(outer.begin(), outer.end(), [](const auto& o) { return !o.empty(); });
  if (parts.size() > 1)
    warnings.push_back({"surface_parts",
                        std::to_string(parts.size()) + " parts, " + std::to_string(inner) +
                            " of them inside another",
                        file});
  return {std::move(surface), std::move(warnings)};
}

} // namespace calcar::geometry
