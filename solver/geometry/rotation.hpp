#pragma once

#include "base/vec3.hpp"

namespace calcar::geometry
{

constexpr double pi = 3.14159265358979323846;

constexpr double radians(double degrees)
{
  return degrees * pi / 180;
}
constexpr double degrees(double radians)
{
  return radians * 180 / pi;
}

/// Rotation by an angle (radians, right-hand rule) about an axis through the origin (Rodrigues).
/// The axis need not be of unit length but must not be zero.
Mat3 rotation_about(Vec3 axis, double angle);

/// The shortest rotation that turns the direction `from` into the direction `to`.
Mat3 rotation_between(Vec3 from, Vec3 to);

/// A unit vector perpendicular to `v`; the same one every time.
Vec3 any_perpendicular(Vec3 v);

/// The part of `v` perpendicular to the unit vector `axis`.
Vec3 without_component(Vec3 v, Vec3 axis);

/// Angle between two directions in degrees, 0 to 180.
double angle_deg(Vec3 a, Vec3 b);

/// Closest points of two lines, each given by a point and a direction. Parallel lines: the points
/// given.
struct ClosestPoints
{
  Vec3 on_first;
  Vec3 on_second;
  double distance = 0; ///< mm
};
ClosestPoints closest_points(Vec3 point_1, Vec3 direction_1, Vec3 point_2, Vec3 direction_2);

} // namespace calcar::geometry
