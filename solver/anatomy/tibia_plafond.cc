#include "anatomy/long_bone_face.hpp"
#include "anatomy/tibia_parts.hpp"
#include "geometry/fit.hpp"
#include "geometry/rotation.hpp"

#include <algorithm>
#include <cmath>
#include <map>

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

/// Points of the joint surface, each with a weight.
struct JointSurface
{
  std::vector<Vec3> points;
  std::vector<double> weights;
};

/// Points of the face within `near` of a plane, whose normal is at most 42 degrees off its own,
/// fully from 28 on: a sharp bound would let the centre jump with the voxels.
JointSurface lying_in(const EndFace& face, Vec3 on_plane, Vec3 normal, double near)
{
  const double none = std::cos(geometry::radians(42));
  const double full = std::cos(geometry::radians(28));
  JointSurface surface;
  for (int j = -face.half; j <= face.half; ++j)
  {
    for (int i = -face.half; i <= face.half; ++i)
    {
      const double along = dot(face.normal(i, j), normal);
      if (along > none && std::abs(dot(face.point(i, j) - on_plane, normal)) < near)
      {
        surface.points.push_back(face.point(i, j));
        surface.weights.push_back(std::min((along - none) / (full - none), 1.0));
      }
    }
  }
  return surface;
}

/// The joint surface: its points, and its plane in `plafond`. Empty when there is none.
std::vector<Vec3> joint_surface(const EndFace& face, double depth, double radius,
                                TibialPlafond& plafond)
{
  plafond.normal = face.outwards;
  plafond.centre = face.origin - depth * face.outwards;
  JointSurface surface;
  for (int round = 0; round < 8; ++round)
  {
    surface = lying_in(face, plafond.centre, plafond.normal, 0.35 * radius);
    if (surface.points.size() < 20)
    {
      return {};
    }
    const geometry::Moments all = geometry::moments(surface.points, surface.weights);
    const Vec3 n = eigenpairs(all.moments)[2].direction;
    const Vec3 next = dot(n, face.outwards) < 0 ? -n : n;
    plafond.centre = all.centroid;
    // An ankle's joint line is nearly square to the shaft: what leans farther is no plafond.
    plafond.normal =
        dot(next, face.outwards) > std::cos(geometry::radians(25)) ? next : plafond.normal;
  }
  return surface.points;
}

double mean_of(const std::vector<double>& values)
{
  double sum = 0;
  for (const double value : values)
  {
    sum += value;
  }
  return values.empty() ? 0 : sum / static_cast<double>(values.size());
}

/// Breadth of the joint surface in front and behind: on average of the lines from medial to
/// lateral, 0.3 to 0.8 of the way from its middle to its edges.
void measure_breadth(const std::vector<Vec3>& points, TibialPlafond& plafond)
{
  struct Line
  {
    double low = 1e300;
    double high = -1e300;
  };
  std::map<long, Line> lines;
  for (const Vec3& p : points)
  {
    Line& line = lines[std::lround(dot(p - plafond.centre, plafond.ahead))];
    const double x = dot(p - plafond.centre, plafond.medial);
    line.low = std::min(line.low, x);
    line.high = std::max(line.high, x);
  }
  const double half = 0.5 * static_cast<double>(lines.rbegin()->first - lines.begin()->first);
  const double middle = 0.5 * static_cast<double>(lines.rbegin()->first + lines.begin()->first);
  std::vector<double> before, behind, all;
  for (const auto& [at, line] : lines)
  {
    const double y = (static_cast<double>(at) - middle) / half;
    const double breadth = line.high - line.low;
    all.push_back(breadth);
    if (std::abs(y) > 0.3 && std::abs(y) < 0.8)
    {
      (y > 0 ? before : behind).push_back(breadth);
    }
  }
  plafond.breadth = mean_of(all);
  plafond.broader = mean_of(before) - mean_of(behind);
}

/// How far the malleolus's tip lies before the middle of what of it hangs below the joint surface.
double tip_before_middle(const std::vector<Vec3>& points, const TibialPlafond& plafond, Vec3 up)
{
  double low = 1e300;
  double high = -1e300;
  for (const Vec3& p : points)
  {
    if (dot(p - plafond.malleolus, up) < 0.55 * plafond.drop)
    {
      const double y = dot(p - plafond.malleolus, plafond.ahead);
      low = std::min(low, y);
      high = std::max(high, y);
    }
  }
  return -0.5 * (low + high);
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
  const Vec3 tip = extreme_point(points, -bone.axis, std::max(3.0, 1.3 * shape.voxel_mm));
  const Vec3 last = extreme_point(points, -bone.axis, 0.5);
  plafond.malleolus = tip + dot(last - tip, bone.axis) * bone.axis;
  const EndFace face = look_at_end(shape, bone.at(end - shape.voxel_mm), -bone.axis,
                                   geometry::any_perpendicular(bone.axis), 3.2 * r, 3 * r);
  const double window = std::max(0.3 * r, shape.voxel_mm);
  const double depth = commonest_depth(face, window, 0.35 * r + shape.voxel_mm, 3 * r);
  const std::vector<Vec3> joint =
      depth < 0 ? std::vector<Vec3>{} : joint_surface(face, depth, r, plafond);
  if (joint.empty())
  {
    return std::nullopt;
  }
  const Vec3 above = plafond.centre + 2.0 * r * bone.axis;
  plafond.centre = above - distance_to_surface(shape, above, -bone.axis, 4 * r) * bone.axis;
  plafond.drop = dot(plafond.centre - plafond.malleolus, bone.axis);
  const Vec3 beside = without_component(plafond.malleolus - plafond.centre, bone.axis);
  if (plafond.drop < 0.35 * r || norm(beside) < 0.7 * r)
  {
    return std::nullopt;
  }
  plafond.medial = normalized(beside);
  plafond.ahead = cross(bone.axis, plafond.medial);
  plafond.tilt_deg = geometry::degrees(std::asin(dot(plafond.normal, plafond.ahead)));
  measure_breadth(joint, plafond);
  plafond.tip_off = tip_before_middle(points, plafond, bone.axis);
  return plafond;
}

} // namespace calcar::anatomy
