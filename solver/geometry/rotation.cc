#include "geometry/rotation.hpp"

#include <algorithm>
#include <cmath>

namespace calcar::geometry
{

Mat3 rotation_about(Vec3 axis, double angle)
{
  const Vec3 n = normalized(axis);
  const double c = std::cos(angle);
  const double s = std::sin(angle);
  const double t = 1 - c;
  return {Vec3{t * n.x * n.x + c, t * n.x * n.y - s * n.z, t * n.x * n.z + s * n.y},
          Vec3{t * n.x * n.y + s * n.z, t * n.y * n.y + c, t * n.y * n.z - s * n.x},
          Vec3{t * n.x * n.z - s * n.y, t * n.y * n.z + s * n.x, t * n.z * n.z + c}};
}

Mat3 rotation_between(Vec3 from, Vec3 to)
{
  const Vec3 a = normalized(from);
  const Vec3 b = normalized(to);
  const Vec3 axis = cross(a, b);
  if (norm(axis) < 1e-12)
  {
    return dot(a, b) > 0 ? identity() : rotation_about(any_perpendicular(a), pi);
  }
  return rotation_about(axis, std::atan2(norm(axis), dot(a, b)));
}

Vec3 any_perpendicular(Vec3 v)
{
  const Vec3 n = normalized(v);
  const Vec3 helper = std::abs(n.x) < 0.6 ? Vec3{1, 0, 0} : Vec3{0, 1, 0};
  return normalized(cross(n, helper));
}

Vec3 without_component(Vec3 v, Vec3 axis)
{
  return v - dot(v, axis) * axis;
}

double angle_deg(Vec3 a, Vec3 b)
{
  return degrees(std::atan2(norm(cross(a, b)), dot(a, b)));
}

ClosestPoints closest_points(Vec3 point_1, Vec3 direction_1, Vec3 point_2, Vec3 direction_2)
{
  const Vec3 d1 = normalized(direction_1);
  const Vec3 d2 = normalized(direction_2);
  const Vec3 w = point_2 - point_1;
  const double b = dot(d1, d2);
  const double denominator = 1 - b * b;
  if (denominator < 1e-12)
  {
    return {point_1, point_2, norm(without_component(w, d1))};
  }
  const double t1 = (dot(w, d1) - b * dot(w, d2)) / denominator;
  const double t2 = (b * dot(w, d1) - dot(w, d2)) / denominator;
  const Vec3 q1 = point_1 + t1 * d1;
  const Vec3 q2 = point_2 + t2 * d2;
  return {q1, q2, norm(q1 - q2)};
}

} // namespace calcar::geometry
