#include "anatomy/femur.hpp"
#include "geometry/rotation.hpp"

#include <algorithm>
#include <cmath>

namespace calcar::anatomy
{

namespace
{

using geometry::without_component;

constexpr double subtrochanteric_mm = 25; ///< below the lesser trochanter: the middle of the region

/// The centres and areas of the shaft's sections from below the trochanters to above the condyles
/// or the cut.
struct ShaftLine
{
  std::vector<double> level; ///< distance from the head centre along the shaft's axis, mm
  std::vector<Section> sections;
};

/// Follows the shaft: each section starts from the centre of the one before it, so that a bow is no
/// hindrance.
ShaftLine follow_shaft(const BoneShape& shape, const FemurParts& parts, double from, double to)
{
  ShaftLine line;
  Vec3 centre = shaft_at(parts.shaft, parts.head.centre, from);
  for (double level = from; level <= to; level += 2)
  {
    const Section s =
        section(shape, centre, parts.shaft.distal, -parts.neck.direction, 3 * parts.head.radius, 2);
    if (s.area <= 0)
    {
      break;
    }
    line.level.push_back(level);
    line.sections.push_back(s);
    centre = s.centre + 2 * parts.shaft.distal;
  }
  return line;
}

/// Mean area of the sections within `reach` of one.
double mean_area(const ShaftLine& line, std::size_t at, std::size_t reach)
{
  double sum = 0;
  for (std::size_t n = at - reach; n <= at + reach; ++n)
  {
    sum += line.sections[n].area;
  }
  return sum / static_cast<double>(2 * reach + 1);
}

/// Centre at the level of least area. The shaft is nearly a tube there, so that voxels and ripples
/// move the least section by centimetres: the least mean over 40 mm, then the summit of a parabola
/// through 100 mm. Nothing when that is at an end.
std::optional<Vec3> find_isthmus(const ShaftLine& line)
{
  const std::size_t count = line.sections.size();
  constexpr std::size_t reach = 25;
  if (count < 2 * reach + 3)
  {
    return std::nullopt;
  }
  std::size_t least = reach;
  for (std::size_t n = reach; n + reach < count; ++n)
  {
    least = mean_area(line, n, 10) < mean_area(line, least, 10) ? n : least;
  }
  if (least == reach || least + reach + 1 == count)
  {
    return std::nullopt;
  }
  // On the symmetric grid -reach..reach the parabola's coefficients have a closed form.
  double s1 = 0;
  double s2 = 0;
  double x2 = 0;
  double x4 = 0;
  double mean = 0;
  for (std::size_t n = least - reach; n <= least + reach; ++n)
  {
    const double x = static_cast<double>(n) - static_cast<double>(least);
    const double area = line.sections[n].area;
    s1 += x * area;
    s2 += x * x * area;
    mean += area;
    x2 += x * x;
    x4 += x * x * x * x;
  }
  const double number = 2 * reach + 1;
  const double slope = s1 / x2;
  const double curve = (s2 - x2 * mean / number) / (x4 - x2 * x2 / number);
  const double shift = curve > 0 ? std::clamp(-slope / (2 * curve), -1.0 * reach, 1.0 * reach) : 0;
  return line.sections[static_cast<std::size_t>(static_cast<double>(least) + std::round(shift))]
      .centre;
}

void add_neck_cortex(const BoneShape& shape, const FemurParts& parts, BoneAnatomy& bone)
{
  const Vec3 down = normalized(without_component(parts.shaft.distal, parts.neck.direction));
  const double limit = 2 * parts.head.radius;
  const double medial = distance_to_surface(shape, parts.neck.centre, down, limit);
  const double lateral = distance_to_surface(shape, parts.neck.centre, -down, limit);
  bone.landmarks["medial_neck_cortex"] = parts.neck.centre + medial * down;
  bone.landmarks["lateral_neck_cortex"] = parts.neck.centre - lateral * down;
  bone.measures["neck_width_mm"] = {medial + lateral, 0.5 * shape.voxel_mm, "mm", "measured"};
}

void add_trochanters(const BoneShape& shape, const FemurParts& parts, BoneAnatomy& bone)
{
  const Vec3 lateral = -bone.frame.medial;
  std::vector<Vec3> points;
  for (const SurfacePoint& s : shape.surface)
  {
    const double level = dot(s.position - parts.head.centre, parts.shaft.distal);
    const Vec3 from_axis = s.position - shaft_at(parts.shaft, parts.head.centre, level);
    if (level < parts.lesser.level - 0.5 * parts.head.radius && dot(from_axis, lateral) > 0)
    {
      points.push_back(s.position);
    }
  }
  if (!points.empty())
  {
    bone.landmarks["greater_trochanter"] = extreme_point(points, lateral, 1.5);
    bone.landmarks["greater_trochanter_tip"] = extreme_point(points, bone.frame.proximal, 1.5);
  }
  if (parts.lesser.prominence > 1)
  {
    bone.landmarks["lesser_trochanter"] = parts.lesser.tip;
  }
}

void add_subtrochanteric(const BoneShape& shape, const FemurParts& parts, BoneAnatomy& bone)
{
  const double level = parts.lesser.level + subtrochanteric_mm;
  const Vec3 start = shaft_at(parts.shaft, parts.head.centre, level);
  if (level > parts.shaft.end - 3 * shape.voxel_mm || !inside(shape, start))
  {
    return;
  }
  const Section s =
      section(shape, start, parts.shaft.distal, bone.frame.medial, 2 * parts.head.radius);
  bone.landmarks["subtrochanteric_medial"] = s.centre + s.radii[0] * s.e1;
}

/// Landmarks of the shaft that only a whole femur shows, the middle by its own length.
void add_shaft(const BoneShape& shape, const FemurParts& parts, BoneAnatomy& bone)
{
  const double top = extent_along(shape, bone.frame.origin, bone.frame.proximal);
  const double bottom = extent_along(shape, bone.frame.origin, -bone.frame.proximal);
  const double r = parts.head.radius;
  bone.measures[bone.whole ? "length_mm" : "visible_length_mm"] = {top + bottom, shape.voxel_mm,
                                                                   "mm", "measured"};
  // Of a crop too short to follow its shaft, the cut is where the farthest points lie.
  std::vector<Vec3> points;
  for (const SurfacePoint& point : shape.surface)
  {
    points.push_back(point.position);
  }
  bone.cut_centre = extreme_point(points, parts.shaft.distal, 2 * shape.voxel_mm);
  const ShaftLine line = follow_shaft(shape, parts, parts.lesser.level + 0.5 * r,
                                      parts.shaft.end - 2 * shape.voxel_mm);
  if (line.sections.empty())
  {
    return;
  }
  bone.shaft_distal = parts.shaft.distal;
  for (std::size_t n = 0; n < line.sections.size(); n += 5)
  {
    bone.shaft_centres.push_back(line.sections[n].centre);
  }
  bone.cut_centre =
      line.sections.back().centre + (parts.shaft.end - line.level.back()) * parts.shaft.distal;
  if (!bone.whole)
  {
    return;
  }
  bone.cut_centre = parts.distal->centroid;
  ShaftLine tube;
  double nearest = 1e300;
  for (std::size_t n = 0; n < line.level.size(); ++n)
  {
    const double height = dot(line.sections[n].centre - bone.frame.origin, bone.frame.proximal);
    const double from_middle = std::abs(height - 0.5 * (top - bottom));
    if (from_middle < nearest)
    {
      nearest = from_middle;
      bone.landmarks["midshaft_centre"] = line.sections[n].centre;
    }
    if (line.level[n] < parts.shaft.end - 4 * r)
    {
      tube.level.push_back(line.level[n]);
      tube.sections.push_back(line.sections[n]);
    }
  }
  if (const auto isthmus = find_isthmus(tube))
  {
    bone.landmarks["isthmus"] = *isthmus;
  }
}

} // namespace

void add_femur_landmarks(const BoneShape& shape, const FemurParts& parts, BoneAnatomy& bone)
{
  add_neck_cortex(shape, parts, bone);
  add_trochanters(shape, parts, bone);
  add_subtrochanteric(shape, parts, bone);
  add_shaft(shape, parts, bone);
  const auto measured = [](double value, double deviation) {
    return Measure{value, deviation, "mm", "measured"};
  };
  bone.measures["head_radius_mm"] = measured(parts.head.radius, parts.head.rms);
  bone.measures["shaft_radius_mm"] = measured(parts.shaft.radius, 0.5 * shape.voxel_mm);
  bone.measures["shaft_below_lesser_trochanter_mm"] =
      measured(parts.shaft.end - parts.lesser.level, 0.1 * parts.head.radius);
  bone.measures["femoral_offset_mm"] = measured(
      norm(without_component(parts.head.centre - parts.shaft.point, parts.shaft.distal)), 1);
}

} // namespace calcar::anatomy
