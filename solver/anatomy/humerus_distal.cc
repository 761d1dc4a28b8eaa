#include "anatomy/humerus_distal.hpp"

#include "geometry/rotation.hpp"

#include <algorithm>
#include <cmath>

namespace calcar::anatomy
{

namespace
{

using geometry::without_component;

constexpr double least_flattened = 1.9; ///< width over depth above the elbow; a tibia has up to 1.6

/// The most flattened slice of the end and its ratio of widths.
const Slice* flattest(const LongBone& bone, double from, double to)
{
  const Slice* best = nullptr;
  for (const Slice& slice : bone.slices)
  {
    const bool inside = slice.level > from && slice.level < to && slice.narrow > 0;
    if (inside && (best == nullptr || slice.wide * best->narrow > best->wide * slice.narrow))
    {
      best = &slice;
    }
  }
  return best;
}

} // namespace

std::optional<DistalHumerus> find_distal_humerus(const BoneShape& shape, const LongBone& bone,
                                                 std::optional<Vec3> medial_hint)
{
  const double r = bone.radius;
  const double end = bone.ends[0].level;
  const Slice* flat = flattest(bone, end + 1.0 * r, end + 5 * r);
  if (flat == nullptr || flat->wide < least_flattened * flat->narrow)
  {
    return std::nullopt;
  }
  DistalHumerus distal;
  distal.flattened = flat->wide / flat->narrow;
  std::vector<Vec3> block;
  std::vector<Vec3> condyles;
  for (const SurfacePoint& s : shape.surface)
  {
    const double above = bone.level(s.position) - end;
    if (above < 4.5 * r)
    {
      block.push_back(s.position);
    }
    if (above < 0.9 * r)
    {
      condyles.push_back(s.position);
    }
  }
  Vec3 across = flat->widest;
  Vec3 a, b;
  for (int pass = 0; pass < 4; ++pass)
  {
    a = extreme_point(block, across, 1.5);
    b = extreme_point(block, -across, 1.5);
    across = normalized(without_component(a - b, bone.axis));
  }
  Vec3 sum;
  for (const Vec3& p : condyles)
  {
    sum += without_component(p - bone.point, bone.axis) / static_cast<double>(condyles.size());
  }
  const Vec3 forward = cross(bone.axis, across);
  distal.forward = std::abs(dot(sum, forward));
  distal.anterior = dot(sum, forward) > 0 ? forward : -forward;
  const double farther = dot(a - bone.point, across) + dot(b - bone.point, across);
  const bool a_is_medial = medial_hint ? dot(across, *medial_hint) > 0 : farther > 0;
  distal.protrusion = a_is_medial ? farther : -farther;
  distal.medial_epicondyle = a_is_medial ? a : b;
  distal.lateral_epicondyle = a_is_medial ? b : a;
  distal.medial = a_is_medial ? across : -across;
  distal.width = norm(a - b);
  return distal;
}

} // namespace calcar::anatomy
