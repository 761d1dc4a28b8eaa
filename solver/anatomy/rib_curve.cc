#include "anatomy/rib_curve.hpp"

#include "geometry/fit.hpp"
#include "geometry/rotation.hpp"

#include <algorithm>
#include <cmath>

namespace calcar::anatomy
{

namespace
{

using geometry::without_component;

constexpr double summit_mm = 18; ///< on each side of the top of a curve, over which it is smoothed

/// Index of the first of the two points between which a length lies.
std::size_t segment_of(const RibCurve& curve, double at)
{
  const auto after = std::upper_bound(curve.along.begin() + 1, curve.along.end() - 1, at);
  return static_cast<std::size_t>(after - curve.along.begin()) - 1;
}

RibCurve measured(std::vector<Vec3> points)
{
  RibCurve curve;
  curve.along = {0};
  for (std::size_t n = 1; n < points.size(); ++n)
  {
    curve.along.push_back(curve.along.back() + norm(points[n] - points[n - 1]));
  }
  curve.points = std::move(points);
  return curve;
}

/// Where the parabola fitted to the height of the curve around `about` has its top, relative to it:
/// a flat top is told to more than a point of the line.
double summit(const RibCurve& curve, Vec3 direction, double about)
{
  const double reach = std::min({summit_mm, about, length(curve) - about});
  double s0 = 0;
  double s2 = 0;
  double s4 = 0;
  double h0 = 0;
  double h1 = 0;
  double h2 = 0;
  for (double x = -reach; x <= reach + 1e-9; x += reach / 10)
  {
    const double height = dot(point_at(curve, about + x) - point_at(curve, about), direction);
    s0 += 1;
    s2 += x * x;
    s4 += x * x * x * x;
    h0 += height;
    h1 += x * height;
    h2 += x * x * height;
  }
  const double slope = h1 / s2;
  const double bow = (s0 * h2 - s2 * h0) / (s0 * s4 - s2 * s2);
  return bow < 0 ? std::clamp(-0.5 * slope / bow, -reach, reach) : 0;
}

} // namespace

RibCurve curve_through(const std::vector<Vec3>& points, double step_mm)
{
  const RibCurve rough = measured(points);
  const int steps = std::max(2, static_cast<int>(std::round(length(rough) / step_mm)));
  std::vector<Vec3> even;
  for (int n = 0; n <= steps; ++n)
  {
    even.push_back(point_at(rough, n * length(rough) / steps));
  }
  return measured(std::move(even));
}

double length(const RibCurve& curve)
{
  return curve.along.back();
}

Vec3 point_at(const RibCurve& curve, double at)
{
  const std::size_t n = segment_of(curve, at);
  const double t = (at - curve.along[n]) / (curve.along[n + 1] - curve.along[n]);
  return curve.points[n] + t * (curve.points[n + 1] - curve.points[n]);
}

Vec3 tangent_at(const RibCurve& curve, double at, double reach_mm)
{
  const double from = std::max(at - reach_mm, 0.0);
  const double to = std::min(at + reach_mm, length(curve));
  return normalized(point_at(curve, to) - point_at(curve, from));
}

RibCurve reversed(const RibCurve& curve)
{
  return measured({curve.points.rbegin(), curve.points.rend()});
}

RibCurve part_of(const RibCurve& curve, double from, double to)
{
  std::vector<Vec3> points = {point_at(curve, from)};
  for (std::size_t n = 0; n < curve.points.size(); ++n)
  {
    if (curve.along[n] > from && curve.along[n] < to)
    {
      points.push_back(curve.points[n]);
    }
  }
  points.push_back(point_at(curve, to));
  return curve_through(points);
}

RibBend bend_of(const RibCurve& curve)
{
  const geometry::Moments m = geometry::moments(curve.points);
  const auto axes = eigenpairs(m.moments);
  RibBend bend;
  bend.centre = m.centroid;
  bend.normal = axes[2].direction;
  bend.rms = std::sqrt(std::max(axes[2].value, 0.0));
  const Vec3 chord = normalized(curve.points.back() - curve.points.front());
  const Vec3 across = normalized(cross(bend.normal, chord));
  const double side = dot(bend.centre - curve.points.front(), across) < 0 ? -1 : 1;
  bend.outward = side * across;
  for (const Vec3& p : curve.points)
  {
    const double out = dot(p - curve.points.front(), bend.outward);
    bend.rise_mm = std::max(bend.rise_mm, out);
    bend.fall_mm = std::max(bend.fall_mm, -out);
  }
  const double reach = std::min(8.0, 0.2 * length(curve));
  Vec3 before = tangent_at(curve, 0, 2 * reach);
  for (double at = reach; at <= length(curve) - reach; at += reach)
  {
    const Vec3 now = normalized(without_component(tangent_at(curve, at, reach), bend.normal));
    before = normalized(without_component(before, bend.normal));
    const double turn = std::atan2(dot(cross(before, now), bend.normal), dot(before, now));
    bend.turn_deg += geometry::degrees(turn);
    before = now;
  }
  bend.turn_deg = std::abs(bend.turn_deg);
  return bend;
}

Frame rib_frame(const RibCurve& dorsal_to_ventral, double at, Vec3 superior, Side side)
{
  Frame frame;
  frame.origin = point_at(dorsal_to_ventral, at);
  frame.proximal = superior;
  const double reach = std::min(12.0, 0.25 * length(dorsal_to_ventral));
  frame.anterior =
      normalized(without_component(tangent_at(dorsal_to_ventral, at, reach), superior));
  const double hand = side == Side::right ? -1 : 1;
  frame.medial = hand * cross(frame.anterior, frame.proximal);
  return frame;
}

std::optional<double> farthest_along(const RibCurve& curve, Vec3 direction, double margin_mm)
{
  std::size_t best = 0;
  for (std::size_t n = 1; n < curve.points.size(); ++n)
  {
    best = dot(curve.points[n] - curve.points[best], direction) > 0 ? n : best;
  }
  const double about = curve.along[best];
  if (about < margin_mm || about > length(curve) - margin_mm)
  {
    return std::nullopt;
  }
  return about + summit(curve, direction, about);
}

} // namespace calcar::anatomy
