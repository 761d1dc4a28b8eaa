#include "anatomy/pelvis_acetabulum.hpp"

#include "anatomy/sphere_on_bone.hpp"
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

/// Each normal counts along its way between the smallest and the largest radius, less the further
/// away: a sphere of any radius counts by the share of directions it covers.
VoteGrid cross_normals(const std::vector<SurfacePoint>& surface, double spacing)
{
  VoteGrid votes = empty_votes(surface, cell_mm, 0.5 * cell_mm);
  const std::size_t stride = std::max<std::size_t>(1, surface.size() / voters);
  for (std::size_t n = 0; n < surface.size(); n += stride)
  {
    for (double r = smallest_mm; r <= largest_mm; r += 0.5 * cell_mm)
    {
      vote_nearest(votes, surface[n].position + r * surface[n].normal, spacing * spacing / (r * r));
    }
  }
  return spread(votes);
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

std::optional<ConcaveSphere> refine(const BoneShape& shape, Vec3 centre)
{
  SphereSearch search;
  search.smallest_mm = smallest_mm;
  search.largest_mm = largest_mm;
  search.finest_mm = std::max(1.2, 0.6 * shape.voxel_mm);
  search.facing = 0.8;
  search.hollow = true;
  search.net = 300;
  const auto sphere =
      refine_sphere(shape.surface, centre, likely_radius(shape.surface, centre), search);
  if (!sphere)
  {
    return std::nullopt;
  }
  Vec3 sum;
  for (const Vec3& d : sphere->covered)
  {
    sum += d;
  }
  return ConcaveSphere{sphere->centre, sphere->radius, sphere->rms, sphere->coverage,
                       norm(sum) > 1e-9 ? -normalized(sum) : Vec3{0, 0, 1}};
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
  std::vector<ConcaveSphere> spheres;
  for (const VotedPlace& place : most_voted(cross_normals(shape.surface, spacing), 12, 3 * cell_mm))
  {
    const auto sphere = refine(shape, place.centre);
    const bool good = sphere && sphere->coverage > 0.1;
    const bool known =
        good && std::any_of(spheres.begin(), spheres.end(),
                            [&](const ConcaveSphere& other)
                            { return norm(other.centre - sphere->centre) < 0.3 * other.radius; });
    if (good && !known)
    {
      spheres.push_back(*sphere);
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
    const EdgePlane plane = plane_of_edge(edge, rim.axis);
    rim.axis = plane.axis;
    rim.seen = plane.seen;
  }
  return rim;
}

} // namespace calcar::anatomy
