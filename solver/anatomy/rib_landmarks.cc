#include "anatomy/rib_landmarks.hpp"

#include "geometry/rotation.hpp"

#include <algorithm>
#include <cmath>
#include <optional>
#include <vector>

namespace calcar::anatomy
{

namespace
{

constexpr double least_bump_mm = 1.0; ///< from which on a tubercle is told
constexpr double end_margin_mm = 10;  ///< an extreme point nearer to an end may lie beyond it

bool head_seen(const RibDirections& rib)
{
  return !rib.dorsal.at_border && rib.head_weight > 0.5;
}

/// Where along the line the tubercle may lie.
double tubercle_until(const RibDirections& rib)
{
  return std::min(55.0, 0.3 * length(rib.curve));
}

/// The oval of the shaft behind the tubercle, seen along the line.
struct Oval
{
  double half_long = 1;
  double half_short = 1;
  double lean = 0; ///< of the long axis from the upright to the convex side, radians
};

/// Unit direction across the line to the convex side.
Vec3 outward_at(const RibDirections& rib, const Frame& frame, double at)
{
  const double hand = rib.side == Side::right ? -1 : 1;
  return hand * normalized(cross(frame.proximal, tangent_at(rib.curve, at, 6)));
}

/// Mean of the sections over 40 mm from where the tubercle cannot lie any more.
Oval oval_behind(const RibLine& line, const RibDirections& rib, const Frame& frame)
{
  const bool forward = norm(rib.curve.points.front() - line.curve.points.front()) < 1e-6;
  const double from = tubercle_until(rib);
  Oval sum{0, 0, 0};
  double count = 0;
  for (const RibStation& s : line.stations)
  {
    const double at = forward ? s.along : length(rib.curve) - s.along;
    if (at > from && at < from + 40)
    {
      const double up = dot(s.long_axis, frame.proximal);
      const double out = dot(s.long_axis, outward_at(rib, frame, at));
      sum.half_long += s.half_long;
      sum.half_short += s.half_short;
      sum.lean += std::atan(out / (std::abs(up) > 0.1 ? up : 0.1));
      count += 1;
    }
  }
  return count > 0 ? Oval{sum.half_long / count, sum.half_short / count, sum.lean / count}
                   : Oval{6, 4, 0};
}

/// A point of the surface and how far it stands out of the oval.
struct Standing
{
  Vec3 point;
  double out_mm = 0;
};

/// The surface on the convex side between neck and angle.
std::vector<Standing> standing_points(const RibLine& line, const RibDirections& rib,
                                      const Frame& frame)
{
  const Oval oval = oval_behind(line, rib, frame);
  const RibCurve dorsal = part_of(rib.curve, 0, tubercle_until(rib) + 15);
  std::vector<Standing> points;
  for (const SurfacePoint& s : line.shape.surface)
  {
    std::size_t best = 0;
    for (std::size_t n = 0; n < dorsal.points.size(); ++n)
    {
      best =
          norm(s.position - dorsal.points[n]) < norm(s.position - dorsal.points[best]) ? n : best;
    }
    const Vec3 q = s.position - dorsal.points[best];
    const double at = dorsal.along[best];
    const Vec3 outward = outward_at(rib, frame, at);
    if (at < 12 || at > tubercle_until(rib) || norm(q) > 20 || dot(q, outward) < 0.6 * norm(q))
    {
      continue;
    }
    const double angle = std::atan2(dot(q, frame.proximal), dot(q, outward)) + oval.lean;
    const double edge =
        1 / std::hypot(std::cos(angle) / oval.half_short, std::sin(angle) / oval.half_long);
    points.push_back({s.position, norm(q) - edge});
  }
  return points;
}

/// The point of the tubercle that stands out farthest: the middle of the outermost 0.8 mm.
std::optional<Vec3> tubercle_point(const RibLine& line, const RibDirections& rib,
                                   const Frame& frame)
{
  const std::vector<Standing> points = standing_points(line, rib, frame);
  const auto top =
      std::max_element(points.begin(), points.end(),
                       [](const Standing& a, const Standing& b) { return a.out_mm < b.out_mm; });
  if (top == points.end() || top->out_mm < least_bump_mm)
  {
    return std::nullopt;
  }
  Vec3 sum;
  double count = 0;
  for (const Standing& p : points)
  {
    if (p.out_mm > top->out_mm - 0.8 && norm(p.point - top->point) < 6)
    {
      sum += p.point;
      count += 1;
    }
  }
  return sum / count;
}

void add_measures(const RibLine& line, const RibDirections& rib, BoneAnatomy& bone)
{
  double high = 0;
  double thick = 0;
  double count = 0;
  const double total = length(line.curve);
  for (const RibStation& s : line.stations)
  {
    if (s.along > 0.1 * total && s.along < 0.9 * total)
    {
      const bool upright = std::abs(dot(s.long_axis, rib.superior)) > std::sqrt(0.5);
      high += 2 * (upright ? s.half_long : s.half_short);
      thick += 2 * (upright ? s.half_short : s.half_long);
      count += 1;
    }
  }
  const auto measured = [](double value, const char* unit) {
    return Measure{value, 0, unit, "measured"};
  };
  bone.measures[bone.whole ? "length_mm" : "visible_length_mm"] = measured(total, "mm");
  bone.measures["section_height_mm"] = measured(high / count, "mm");
  bone.measures["section_thickness_mm"] = measured(thick / count, "mm");
  bone.measures["turn_deg"] = measured(bend_of(rib.curve).turn_deg, "deg");
}

/// The directions in which extreme points are sought: the frame's of a whole rib, the patient's of
/// a piece, whose own frame turns with the place it was cut from. Nothing of a specimen's piece.
struct Compass
{
  Vec3 posterior;
  Vec3 lateral;
};

std::optional<Compass> compass(const BoneAnatomy& bone, bool patient)
{
  if (bone.whole)
  {
    return Compass{-bone.frame.anterior, -bone.frame.medial};
  }
  const double left = bone.side == Side::right ? -1 : 1;
  return patient ? std::optional(Compass{{0, 1, 0}, {left, 0, 0}}) : std::nullopt;
}

void add_extremes(const RibDirections& rib, const Compass& towards, BoneAnatomy& bone)
{
  if (const auto at = farthest_along(rib.curve, towards.posterior, end_margin_mm))
  {
    bone.landmarks["rib_angle"] = point_at(rib.curve, *at);
  }
  if (const auto at = farthest_along(rib.curve, towards.lateral, end_margin_mm))
  {
    bone.landmarks["lateral_point"] = point_at(rib.curve, *at);
  }
}

} // namespace

void add_rib_landmarks(const RibLine& line, const RibDirections& rib, bool patient,
                       BoneAnatomy& bone)
{
  const double total = length(rib.curve);
  bone.landmarks["midpoint"] = bone.frame.origin;
  bone.landmarks["dorsal_end"] = rib.curve.points.front();
  bone.landmarks["ventral_end"] = rib.curve.points.back();
  if (const auto towards = compass(bone, patient))
  {
    add_extremes(rib, *towards, bone);
  }
  if (head_seen(rib))
  {
    bone.landmarks["rib_head"] = rib.curve.points.front();
    const auto tubercle = tubercle_point(line, rib, bone.frame);
    if (tubercle && rib.dorsal.bump_mm > least_bump_mm)
    {
      bone.landmarks["rib_tubercle"] = *tubercle;
    }
  }
  if (!rib.ventral.at_border)
  {
    bone.landmarks["sternal_end"] = rib.curve.points.back();
  }
  add_measures(line, rib, bone);
  for (double at = 0; at <= total; at += 10)
  {
    bone.shaft_centres.push_back(point_at(rib.curve, at));
  }
  bone.shaft_distal = tangent_at(rib.curve, 0.5 * total, 12);
  bone.cut_centre = rib.curve.points.back();
}

} // namespace calcar::anatomy
