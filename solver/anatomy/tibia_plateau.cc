#include "anatomy/long_bone_face.hpp"
#include "anatomy/tibia_parts.hpp"
#include "geometry/fit.hpp"
#include "geometry/rotation.hpp"

#include <algorithm>
#include <cmath>

namespace calcar::anatomy
{

namespace
{

using geometry::without_component;

/// The widest slice of the end: the one with the greatest standard deviation across.
const Slice* widest_slice(const LongBone& bone, double from)
{
  const Slice* widest = nullptr;
  for (const Slice& slice : bone.slices)
  {
    if (slice.level > from && (widest == nullptr || slice.wide > widest->wide))
    {
      widest = &slice;
    }
  }
  return widest;
}

/// Greatest reach of the surface from the axis in a direction, within 30 degrees of it, between two
/// levels; and the point.
struct Reach
{
  double distance = 0;
  Vec3 point;
};

Reach reach_towards(const BoneShape& shape, const LongBone& bone, Vec3 direction, double low,
                    double high)
{
  std::vector<Vec3> points;
  for (const SurfacePoint& s : shape.surface)
  {
    const double level = bone.level(s.position);
    const Vec3 out = without_component(s.position - bone.point, bone.axis);
    if (level > low && level < high && dot(out, direction) > 0.85 * norm(out))
    {
      points.push_back(s.position);
    }
  }
  if (points.empty())
  {
    return {};
  }
  const Vec3 top = extreme_point(points, direction, 0.9);
  return {dot(top - bone.point, direction), top};
}

/// The front: where the tuberosity stands out, against where the plateau overhangs the shaft, and
/// where the shaft has its crest.
void find_front(const BoneShape& shape, const LongBone& bone, TibialPlateau& plateau)
{
  const double end = bone.ends[1].level;
  const double w = plateau.width;
  const Vec3 b = cross(bone.axis, plateau.across);
  const Reach plus = reach_towards(shape, bone, b, end - 1.05 * w, end - 0.42 * w);
  const Reach minus = reach_towards(shape, bone, -b, end - 1.05 * w, end - 0.42 * w);
  const double overhang = -dot(plateau.middle - bone.point, b);
  const auto sharp = sharpness(shape, bone, b);
  double crest = -1;
  double back = -1;
  for (std::size_t n = 0; n <= 16; ++n)
  {
    crest = std::max(crest, sharp[(n + 64) % 72]); // within 40 degrees
    back = std::max(back, sharp[n + 28]);
  }
  const double sum =
      (plus.distance - minus.distance + overhang) / (0.045 * w) + (crest - back) / 0.15;
  plateau.front = sum > 0 ? b : -b;
  plateau.tuberosity = sum > 0 ? plus.point : minus.point;
  plateau.front_clear = std::clamp(std::abs(sum), 0.0, 1.0);
}

/// Sums over the columns of one joint surface.
struct Surface
{
  double count = 0;
  Vec3 sum;
  std::vector<Vec3> points;
};

/// The columns of the joint surfaces: 0 against `across`, 1 towards it.
std::array<Surface, 2> joint_surfaces(const EndFace& face, Vec3 middle, double width)
{
  std::array<Surface, 2> surfaces;
  for (int j = -face.half; j <= face.half; ++j)
  {
    for (int i = -face.half; i <= face.half; ++i)
    {
      if (face.upright(i, j) < std::cos(geometry::radians(35)))
      {
        continue;
      }
      const Vec3 p = face.point(i, j);
      const double across = dot(p - middle, face.u);
      if (std::abs(across) > 0.12 * width && face.at(i, j) < 0.4 * width)
      {
        Surface& s = surfaces[across > 0 ? 1 : 0];
        s.count += 1;
        s.sum += p;
        s.points.push_back(p);
      }
    }
  }
  return surfaces;
}

/// Plane through both surfaces: its unit normal, outwards.
Vec3 plane_normal(const std::array<Surface, 2>& surfaces, Vec3 outwards)
{
  std::vector<Vec3> points;
  for (const Surface& surface : surfaces)
  {
    // Each about its own mean height: the two plateaus need not lie level.
    const Vec3 mean = surface.sum / surface.count;
    for (const Vec3& p : surface.points)
    {
      points.push_back(p - dot(mean, outwards) * outwards);
    }
  }
  const Vec3 n = eigenpairs(geometry::moments(points).moments)[2].direction;
  return dot(n, outwards) < 0 ? -n : n;
}

/// How much deeper the middle of a surface lies than its surroundings, mm: a dish is positive.
double dish(const Surface& surface, Vec3 centre, Vec3 normal, double radius)
{
  double inner = 0, inner_count = 0, outer = 0, outer_count = 0;
  for (const Vec3& p : surface.points)
  {
    const Vec3 d = p - centre;
    const double r = norm(without_component(d, normal)) / radius;
    if (r < 0.5)
    {
      inner += dot(d, normal);
      inner_count += 1;
    }
    else if (r < 1.0)
    {
      outer += dot(d, normal);
      outer_count += 1;
    }
  }
  return inner_count > 0 && outer_count > 0 ? outer / outer_count - inner / inner_count : 0;
}

/// Depth of a slice's half from front to back, mm, a quarter of the width beside the middle.
double depth_beside(const BoneShape& shape, const TibialPlateau& plateau, Vec3 level_point,
                    double sign)
{
  const Vec3 at = level_point + sign * 0.24 * plateau.width * plateau.across;
  const double limit = plateau.width;
  return inside(shape, at) ? distance_to_surface(shape, at, plateau.front, limit) +
                                 distance_to_surface(shape, at, -plateau.front, limit)
                           : 0;
}

void find_surfaces(const BoneShape& shape, const LongBone& bone, TibialPlateau& plateau)
{
  const double w = plateau.width;
  const EndFace face = look_at_end(shape, bone.at(bone.ends[1].level + shape.voxel_mm), bone.axis,
                                   plateau.across, 0.7 * w, 0.5 * w);
  const auto surfaces = joint_surfaces(face, plateau.middle, w);
  if (surfaces[0].count < 30 || surfaces[1].count < 30)
  {
    plateau.eminence_mm = -w;
    return;
  }
  plateau.minus_centre = surfaces[0].sum / surfaces[0].count;
  plateau.plus_centre = surfaces[1].sum / surfaces[1].count;
  plateau.normal = plane_normal(surfaces, bone.axis);
  const Vec3 mean = 0.5 * (plateau.minus_centre + plateau.plus_centre);
  std::vector<Vec3> between;
  for (int j = -face.half; j <= face.half; ++j)
  {
    for (int i = -face.half; i <= face.half; ++i)
    {
      const Vec3 p = face.bone(i, j) ? face.point(i, j) : Vec3{};
      const Vec3 d = p - mean;
      if (face.bone(i, j) && std::abs(dot(d, plateau.across)) < 0.16 * w &&
          std::abs(dot(d, plateau.front)) < 0.22 * w)
      {
        between.push_back(p);
      }
    }
  }
  if (between.empty())
  {
    plateau.eminence_mm = -w;
    return;
  }
  plateau.eminence = extreme_point(between, bone.axis, 0.8);
  plateau.eminence_mm = dot(plateau.eminence - mean, plateau.normal);
  plateau.deeper = dish(surfaces[1], plateau.plus_centre, plateau.normal, 0.2 * w) -
                   dish(surfaces[0], plateau.minus_centre, plateau.normal, 0.2 * w);
  const Vec3 below = mean - 0.14 * w * bone.axis;
  plateau.larger = depth_beside(shape, plateau, below, 1) - depth_beside(shape, plateau, below, -1);
  plateau.tuberosity_off = -dot(plateau.tuberosity - plateau.middle, plateau.across);
}

} // namespace

std::optional<TibialPlateau> find_plateau(const BoneShape& shape, const LongBone& bone)
{
  const double end = bone.ends[1].level;
  const Slice* widest = widest_slice(bone, std::max(bone.to, end - 6 * bone.radius));
  if (widest == nullptr || widest->wide < 1.15 * widest->narrow)
  {
    return std::nullopt;
  }
  TibialPlateau plateau;
  plateau.across = widest->widest;
  const std::vector<Vec3> block =
      positions(points_beyond(shape, bone, widest->level - 1.2 * bone.radius));
  plateau.plus_end = extreme_point(block, plateau.across, 1.2);
  plateau.minus_end = extreme_point(block, -plateau.across, 1.2);
  plateau.width = dot(plateau.plus_end - plateau.minus_end, plateau.across);
  plateau.middle =
      widest->centre +
      dot(0.5 * (plateau.plus_end + plateau.minus_end) - widest->centre, plateau.across) *
          plateau.across;
  find_front(shape, bone, plateau);
  find_surfaces(shape, bone, plateau);
  return plateau;
}

} // namespace calcar::anatomy
