#include "anatomy/femur_distal.hpp"

#include "geometry/fit.hpp"
#include "geometry/rotation.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <map>

namespace calcar::anatomy
{

namespace
{

using geometry::without_component;

std::vector<Vec3> distal_points(const BoneShape& shape, const FemoralHead& head,
                                const FemoralShaft& shaft, double height)
{
  std::vector<Vec3> points;
  for (const SurfacePoint& s : shape.surface)
  {
    if (dot(s.position - head.centre, shaft.distal) > shaft.end - height)
    {
      points.push_back(s.position);
    }
  }
  return points;
}

/// The points on one side of a level along a direction.
std::vector<Vec3> beyond(const std::vector<Vec3>& points, Vec3 direction, double level)
{
  std::vector<Vec3> some;
  for (const Vec3& p : points)
  {
    if (dot(p, direction) > level)
    {
      some.push_back(p);
    }
  }
  return some;
}

/// The direction in which most of the surface near `start` faces: the mean, then the mean of those
/// near it.
Vec3 commonest_normal(const std::vector<SurfacePoint>& points, Vec3 start)
{
  Vec3 face = start;
  for (const double near : {0.4, 0.8, 0.9, 0.94, 0.94})
  {
    Vec3 sum;
    for (const SurfacePoint& s : points)
    {
      sum += dot(s.normal, face) > near ? s.normal : Vec3{};
    }
    face = norm(sum) > 0 ? normalized(sum) : face;
  }
  return face;
}

struct Range
{
  double low = std::numeric_limits<double>::max();
  double high = std::numeric_limits<double>::lowest();
  double middle() const { return 0.5 * (low + high); }
  double width() const { return high - low; }
};

Range range_along(const std::vector<Vec3>& points, Vec3 direction)
{
  Range range;
  for (const Vec3& p : points)
  {
    range.low = std::min(range.low, dot(p, direction));
    range.high = std::max(range.high, dot(p, direction));
  }
  return range;
}

/// Lowest surface (distance along `distal`) on a line of columns from the medial to the lateral
/// condyle, half way from front to back; the notch is where it is highest between them.
std::optional<Vec3> find_notch(const BoneShape& shape, const std::vector<Vec3>& block, Vec3 medial,
                               Vec3 posterior, Vec3 distal, double head_radius)
{
  const Range across = range_along(block, medial);
  const Range depth = range_along(block, posterior);
  const Range along = range_along(block, distal);
  std::vector<Vec3> floor;
  for (double m = -0.7 * head_radius; m <= 0.7 * head_radius; m += 0.5)
  {
    const Vec3 below =
        (across.middle() + m) * medial + depth.middle() * posterior + (along.high + 2) * distal;
    for (double up = 0; up < 3 * head_radius; up += 0.25)
    {
      if (inside(shape, below - up * distal))
      {
        floor.push_back(below - up * distal);
        break;
      }
    }
  }
  if (floor.size() < 5)
  {
    return std::nullopt;
  }
  const Vec3 notch = extreme_point(floor, -distal, 1.0);
  const double depth_of_notch = along.high - dot(notch, distal);
  const bool between = std::abs(dot(notch, medial) - across.middle()) < 0.5 * head_radius;
  return between && depth_of_notch > 0.15 * head_radius ? std::optional(notch) : std::nullopt;
}

} // namespace

Vec3 distal_centroid(const BoneShape& shape, const FemoralHead& head, const FemoralShaft& shaft)
{
  return geometry::moments(distal_points(shape, head, shaft, 1.3 * head.radius)).centroid;
}

double cut_face(const BoneShape& shape, const FemoralHead& head, const FemoralShaft& shaft)
{
  std::vector<SurfacePoint> facing;
  for (const SurfacePoint& s : shape.surface)
  {
    if (dot(s.position - head.centre, shaft.distal) > shaft.end - head.radius &&
        dot(s.normal, shaft.distal) > 0.4)
    {
      facing.push_back(s);
    }
  }
  const Vec3 face = commonest_normal(facing, shaft.distal);
  // The fullest layer of a voxel and a half across that normal; at the rim of a cut the normals are
  // bent, so that the layer counts and not their direction.
  const double half = 0.75 * shape.voxel_mm;
  std::map<long, double> layers;
  for (const SurfacePoint& s : facing)
  {
    layers[std::lround(dot(s.position, face) / half)] += 1;
  }
  double most = 0;
  for (const auto& [layer, count] : layers)
  {
    const auto next = layers.find(layer + 1);
    most = std::max(most, count + (next != layers.end() ? next->second : 0));
  }
  // A plane with unit normal n and area A leaves A |n_i| / (area of a voxel's face i) points on the
  // faces i.
  const image::Grid& g = shape.mask.grid;
  const Vec3 n = transpose(g.direction) * face;
  const double points_per_mm2 = std::abs(n.x) / (g.spacing.y * g.spacing.z) +
                                std::abs(n.y) / (g.spacing.z * g.spacing.x) +
                                std::abs(n.z) / (g.spacing.x * g.spacing.y);
  return most / points_per_mm2 * dot(face, shaft.distal) /
         (geometry::pi * shaft.radius * shaft.radius);
}

bool has_condyles(const BoneShape& shape, const FemoralHead& head, const FemoralShaft& shaft)
{
  const std::vector<Vec3> block = distal_points(shape, head, shaft, 1.3 * head.radius);
  if (shaft.end < 7 * head.radius || block.size() < 50)
  {
    return false;
  }
  std::vector<Vec3> flat;
  for (const Vec3& p : block)
  {
    flat.push_back(without_component(p, shaft.distal));
  }
  const Vec3 across = eigenpairs(geometry::moments(flat).moments)[0].direction;
  const bool wide = range_along(block, across).width() > 3.6 * shaft.radius;
  const Vec3 bottom = extreme_point(block, shaft.distal, 1.0);
  // The end face of a cut has many points at the very end; the summits of two condyles have few.
  std::size_t at_end = 0;
  for (const SurfacePoint& s : shape.surface)
  {
    const bool end_face = dot(s.position - bottom, shaft.distal) > -2.0 * shape.voxel_mm &&
                          dot(s.normal, shaft.distal) > 0.95;
    at_end += end_face ? 1 : 0;
  }
  const double share = static_cast<double>(at_end) / static_cast<double>(block.size());
  return wide && share < 0.15 && !leaves_image(shape, bottom, 1.5 * head.radius);
}

std::optional<DistalFemur> find_condyles(const BoneShape& shape, const FemoralHead& head,
                                         const FemoralShaft& shaft, Vec3 medial, Vec3 posterior)
{
  const std::vector<Vec3> block = distal_points(shape, head, shaft, 1.7 * head.radius);
  // Less than a voxel deep the summit of a condyle would be the step on which the voxels end.
  const double summit = std::max(1.0, shape.voxel_mm);
  DistalFemur distal;
  Vec3 m = normalized(without_component(medial, shaft.distal));
  Vec3 back = normalized(without_component(without_component(posterior, shaft.distal), m));
  for (int pass = 0; pass < 8; ++pass)
  {
    const double middle = range_along(block, m).middle();
    const double gap = 0.25 * head.radius;
    const std::vector<Vec3> inner = beyond(block, m, middle + gap);
    const std::vector<Vec3> outer = beyond(block, -m, gap - middle);
    if (inner.empty() || outer.empty())
    {
      return std::nullopt;
    }
    distal.medial_condyle = extreme_point(inner, back, summit);
    distal.lateral_condyle = extreme_point(outer, back, summit);
    m = normalized(without_component(distal.medial_condyle - distal.lateral_condyle, shaft.distal));
    const Vec3 next = cross(shaft.distal, m);
    back = dot(next, back) < 0 ? -next : next;
  }
  const std::vector<Vec3> low = distal_points(shape, head, shaft, 1.3 * head.radius);
  const auto notch = find_notch(shape, low, m, back, shaft.distal, head.radius);
  if (!notch)
  {
    return std::nullopt;
  }
  distal.notch = *notch;
  distal.centroid = geometry::moments(low).centroid;
  return distal;
}

} // namespace calcar::anatomy
