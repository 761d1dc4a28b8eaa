#include "anatomy/long_bone_face.hpp"
#include "anatomy/tibia_parts.hpp"
#include "geometry/rotation.hpp"

#include <algorithm>
#include <cmath>

namespace calcar::anatomy
{

namespace
{

using geometry::without_component;

/// Depth that is the most frequent among upright columns: the joint surface. Within 1.5 voxels.
double commonest_depth(const EndFace& face, double window, double from, double to)
{
  std::vector<double> depths;
  for (int j = -face.half; j <= face.half; ++j)
  {
    for (int i = -face.half; i <= face.half; ++i)
    {
      if (face.upright(i, j) > std::cos(geometry::radians(40)) && face.at(i, j) > from &&
          face.at(i, j) < to)
      {
        depths.push_back(face.at(i, j));
      }
    }
  }
  std::sort(depths.begin(), depths.end());
  std::size_t best = 0;
  double depth = -1;
  for (std::size_t n = 0, last = 0; n < depths.size(); ++n)
  {
    while (last < depths.size() && depths[last] < depths[n] + window)
    {
      ++last;
    }
    if (last - n > best)
    {
      best = last - n;
      depth = depths[n] + 0.5 * window;
    }
  }
  return depth;
}

} // namespace

std::optional<TibialPlafond> find_plafond(const BoneShape& shape, const LongBone& bone)
{
  const double r = bone.radius;
  const double end = bone.ends[0].level;
  std::vector<Vec3> points;
  for (const SurfacePoint& s : shape.surface)
  {
    if (bone.level(s.position) < end + 2 * r)
    {
      points.push_back(s.position);
    }
  }
  TibialPlafond plafond;
  // Across the axis the tip is the middle of its last millimetres, along it the outermost of them.
  const Vec3 tip = extreme_point(points, -bone.axis, std::max(2.0, 0.9 * shape.voxel_mm));
  const Vec3 last = extreme_point(points, -bone.axis, 0.5);
  plafond.malleolus = tip + dot(last - tip, bone.axis) * bone.axis;
  const EndFace face = look_at_end(shape, bone.at(end - shape.voxel_mm), -bone.axis,
                                   geometry::any_perpendicular(bone.axis), 3.2 * r, 3 * r);
  const double window = std::max(0.3 * r, shape.voxel_mm);
  const double depth = commonest_depth(face, window, 0.35 * r + shape.voxel_mm, 3 * r);
  if (depth < 0)
  {
    return std::nullopt;
  }
  Vec3 sum;
  double count = 0;
  for (int j = -face.half; j <= face.half; ++j)
  {
    for (int i = -face.half; i <= face.half; ++i)
    {
      if (face.upright(i, j) > std::cos(geometry::radians(35)) &&
          std::abs(face.at(i, j) - depth) < 0.35 * r)
      {
        sum += face.point(i, j);
        count += 1;
      }
    }
  }
  if (count < 20)
  {
    return std::nullopt;
  }
  const Vec3 mean = sum / count;
  const Vec3 above = mean + 2.0 * r * bone.axis;
  plafond.centre = above - distance_to_surface(shape, above, -bone.axis, 4 * r) * bone.axis;
  plafond.drop = dot(plafond.centre - plafond.malleolus, bone.axis);
  const Vec3 beside = without_component(plafond.malleolus - plafond.centre, bone.axis);
  if (plafond.drop < 0.35 * r || norm(beside) < 0.7 * r)
  {
    return std::nullopt;
  }
  plafond.medial = normalized(beside);
  return plafond;
}

} // namespace calcar::anatomy
