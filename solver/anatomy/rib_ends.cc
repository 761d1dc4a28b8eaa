#include "anatomy/rib_side.hpp"
#include "geometry/rotation.hpp"

#include <algorithm>
#include <cmath>

namespace calcar::anatomy
{

namespace
{

double median(std::vector<double> values)
{
  const auto middle = values.begin() + static_cast<long>(values.size() / 2);
  std::nth_element(values.begin(), middle, values.end());
  return *middle;
}

/// Farthest that a section reaches within 35 degrees of a direction.
double reach(const RibStation& station, Vec3 direction)
{
  const Section& s = station.section;
  const double step = 2 * geometry::pi / static_cast<double>(s.radii.size());
  double farthest = 0;
  for (std::size_t k = 0; k < s.radii.size(); ++k)
  {
    const double angle = static_cast<double>(k) * step;
    const Vec3 ray = std::cos(angle) * s.e1 + std::sin(angle) * s.e2;
    farthest = dot(ray, direction) > 0.82 ? std::max(farthest, s.radii[k]) : farthest;
  }
  return farthest;
}

/// Fraction of the length at which half of the turn is made.
double half_turn(const RibCurve& curve)
{
  const double total = bend_of(curve).turn_deg;
  for (double at = 0.2 * length(curve); at < 0.8 * length(curve); at += 2)
  {
    if (bend_of(part_of(curve, 0, at)).turn_deg >= 0.5 * total)
    {
      return at / length(curve);
    }
  }
  return 0.5;
}

RibEnd end_of(const RibLine& line, bool first, double typical_height, double typical_reach)
{
  const double total = length(line.curve);
  const RibBend bend = bend_of(line.curve);
  const Vec3 middle = tangent_at(line.curve, 0.5 * total, 8);
  const double turn = dot(cross(middle, bend.normal), bend.outward) > 0 ? 1 : -1;
  RibEnd end;
  const Vec3 tip = first ? line.curve.points.front() : line.curve.points.back();
  end.at_border = leaves_image(line.shape, tip, std::max(8.0, 2.5 * line.voxel_mm));
  double sum = 0;
  double count = 0;
  for (const RibStation& s : line.stations)
  {
    const double from_end = first ? s.along : total - s.along;
    if (from_end > 10 && from_end < 22)
    {
      sum += s.half_long;
      count += 1;
    }
    if (from_end > 12 && from_end < std::min(55.0, 0.3 * total))
    {
      const Vec3 out = turn * normalized(cross(tangent_at(line.curve, s.along, 6), bend.normal));
      end.bump_mm = std::max(end.bump_mm, reach(s, out) - typical_reach);
    }
  }
  end.height = count > 0 ? sum / count / typical_height : 1;
  if (end.at_border)
  {
    end.bump_mm = 0;
    end.height = 1;
  }
  return end;
}

double saturated(double value, double full)
{
  return std::clamp(value / full, -1.0, 1.0);
}

} // namespace

RibEnds rib_ends(const RibLine& line)
{
  std::vector<double> heights;
  std::vector<double> reaches;
  const RibBend bend = bend_of(line.curve);
  const double total = length(line.curve);
  for (const RibStation& s : line.stations)
  {
    heights.push_back(s.half_long);
    if (s.along > 0.3 * total && s.along < 0.7 * total)
    {
      const Vec3 out = normalized(cross(tangent_at(line.curve, s.along, 6), bend.normal));
      reaches.push_back(std::max(reach(s, out), reach(s, -out)));
    }
  }
  const double height = median(heights);
  const double typical = reaches.empty() ? height : median(reaches);
  RibEnds ends;
  ends.end = {end_of(line, true, height, typical), end_of(line, false, height, typical)};
  ends.half_turn = half_turn(line.curve);
  return ends;
}

std::vector<SideSign> head_signs(const RibEnds& ends)
{
  const auto& [first, last] = ends.end;
  std::vector<SideSign> signs = {{"the tubercle", saturated(first.bump_mm - last.bump_mm, 3)},
                                 {"the low neck", saturated(last.height - first.height, 0.3)}};
  if (!first.at_border && !last.at_border)
  {
    signs.push_back({"the sharp bend at the angle", saturated(0.5 - ends.half_turn, 0.12)});
  }
  return signs;
}

} // namespace calcar::anatomy
