#include "geometry/solid.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <stdexcept>

namespace calcar::geometry
{

namespace
{

/// Where on the segment a-b, from 0 to 1, the point nearest to p lies.
double nearest_fraction(Vec3 p, Vec3 a, Vec3 b)
{
  const Vec3 ab = b - a;
  const double length2 = dot(ab, ab);
  return length2 > 0 ? std::clamp(dot(p - a, ab) / length2, 0.0, 1.0) : 0.0;
}

/// Distance to a cone with spherical ends: the fraction slides along the axis by the slope of the
/// side, so that the distance is measured perpendicular to the side and not to the axis.
double tapered_distance(Vec3 p, Vec3 a, Vec3 b, double radius_a, double radius_b)
{
  const Vec3 ab = b - a;
  const double length = norm(ab);
  const double drop = radius_a - radius_b;
  if (length <= std::abs(drop))
  {
    return std::min(norm(p - a) - radius_a, norm(p - b) - radius_b);
  }
  const Vec3 axis = ab / length;
  const double along = dot(p - a, axis);
  const double radial = norm(p - a - along * axis);
  const double slope = drop / std::sqrt(length * length - drop * drop);
  const double fraction = std::clamp((along - radial * slope) / length, 0.0, 1.0);
  return norm(p - (a + fraction * ab)) - (radius_a - fraction * drop);
}

/// Holds a piece of a tube.
struct Ball
{
  Vec3 centre;
  double radius;
};

} // namespace

Solid sphere(Vec3 centre, double radius)
{
  return {[=](const Vec3& p) { return norm(p - centre) - radius; }};
}

Solid ellipsoid(Vec3 centre, Vec3 radii, const Mat3& axes)
{
  return {[=](const Vec3& p)
          {
            const Vec3 q = axes * (p - centre);
            const Vec3 unit{q.x / radii.x, q.y / radii.y, q.z / radii.z};
            const Vec3 gradient{unit.x / radii.x, unit.y / radii.y, unit.z / radii.z};
            const double k0 = norm(unit);
            const double k1 = norm(gradient);
            return k1 > 1e-12 ? k0 * (k0 - 1) / k1 : -std::min({radii.x, radii.y, radii.z});
          }};
}

Solid capsule(Vec3 a, Vec3 b, double radius)
{
  return {[=](const Vec3& p)
          { return norm(p - (a + nearest_fraction(p, a, b) * (b - a))) - radius; }};
}

Solid tapered_capsule(Vec3 a, Vec3 b, double radius_a, double radius_b)
{
  return {[=](const Vec3& p) { return tapered_distance(p, a, b, radius_a, radius_b); }};
}

Solid cylinder(Vec3 a, Vec3 b, double radius)
{
  const Vec3 middle = 0.5 * (a + b);
  const double half = 0.5 * norm(b - a);
  const Vec3 axis = normalized(b - a);
  return {[=](const Vec3& p)
          {
            const double along = dot(p - middle, axis);
            const double side = norm(p - middle - along * axis) - radius;
            const double end = std::abs(along) - half;
            const double outside = std::hypot(std::max(side, 0.0), std::max(end, 0.0));
            return outside + std::min(std::max(side, end), 0.0);
          }};
}

Solid half_space(Vec3 point, Vec3 normal)
{
  const Vec3 n = normalized(normal);
  return {[=](const Vec3& p) { return dot(p - point, n); }};
}

Solid swept_tube(const std::vector<TubePoint>& points)
{
  if (points.empty())
  {
    throw std::invalid_argument("swept_tube: a tube needs at least one point");
  }
  if (points.size() == 1)
  {
    return sphere(points[0].centre, points[0].radius);
  }
  std::vector<Ball> balls;
  for (std::size_t i = 0; i + 1 < points.size(); ++i)
    balls.push_back({0.5 * (points[i].centre + points[i + 1].centre),
                     0.5 * norm(points[i + 1].centre - points[i].centre) +
                         std::max(points[i].radius, points[i + 1].radius)});
  return {[points, balls](const Vec3& p)
          {
            const auto piece = [&](std::size_t i)
            {
              return tapered_distance(p, points[i].centre, points[i + 1].centre, points[i].radius,
                                      points[i + 1].radius);
            };
            const auto away2 = [&](const Ball& ball)
            { return dot(p - ball.centre, p - ball.centre); };
            std::size_t first = 0;
            double least = away2(balls[0]);
            for (std::size_t i = 1; i < balls.size(); ++i)
              if (const double away = away2(balls[i]); away < least)
              {
                least = away;
                first = i;
              }
            double nearest = piece(first);
            for (std::size_t i = 0; i < balls.size(); ++i)
            {
              const double reach = nearest + balls[i].radius; // nothing is nearer in a ball farther
              if (reach > 0 && away2(balls[i]) < reach * reach)
                nearest = std::min(nearest, piece(i));
            }
            return nearest;
          }};
}

Solid unite(std::vector<Solid> solids)
{
  return {[solids = std::move(solids)](const Vec3& p)
          {
            double d = std::numeric_limits<double>::max();
            for (const Solid& solid : solids)
            {
              d = std::min(d, solid.distance(p));
            }
            return d;
          }};
}

Solid intersect(std::vector<Solid> solids)
{
  return {[solids = std::move(solids)](const Vec3& p)
          {
            double d = std::numeric_limits<double>::lowest();
            for (const Solid& solid : solids)
            {
              d = std::max(d, solid.distance(p));
            }
            return d;
          }};
}

Solid subtract(Solid from, Solid what)
{
  return {[from = std::move(from), what = std::move(what)](const Vec3& p)
          { return std::max(from.distance(p), -what.distance(p)); }};
}

double smooth_minimum(double a, double b, double blend)
{
  if (blend <= 0)
  {
    return std::min(a, b);
  }
  const double h = std::max(blend - std::abs(a - b), 0.0) / blend;
  return std::min(a, b) - 0.25 * h * h * blend;
}

Solid smooth_unite(Solid a, Solid b, double blend)
{
  return {[a = std::move(a), b = std::move(b), blend](const Vec3& p)
          { return smooth_minimum(a.distance(p), b.distance(p), blend); }};
}

Solid smooth_subtract(Solid from, Solid what, double blend)
{
  return {[from = std::move(from), what = std::move(what), blend](const Vec3& p)
          { return -smooth_minimum(-from.distance(p), what.distance(p), blend); }};
}

Solid offset(Solid solid, double by)
{
  return {[solid = std::move(solid), by](const Vec3& p) { return solid.distance(p) - by; }};
}

Solid shell(Solid solid, double thickness)
{
  return {[solid = std::move(solid), thickness](const Vec3& p)
          {
            const double d = solid.distance(p);
            return std::max(d, -d - thickness);
          }};
}

} // namespace calcar::geometry
