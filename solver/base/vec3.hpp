#pragma once

#include <array>
#include <cmath>
#include <cstddef>

namespace calcar
{

/// A vector or point in space; mm, N or 1 as the user says.
struct Vec3
{
  double x = 0;
  double y = 0;
  double z = 0;

  constexpr double& operator[](std::size_t i) { return i == 0 ? x : i == 1 ? y : z; }
  constexpr double operator[](std::size_t i) const { return i == 0 ? x : i == 1 ? y : z; }
  constexpr bool operator==(const Vec3&) const = default;
};

constexpr Vec3 operator+(Vec3 a, Vec3 b)
{
  return {a.x + b.x, a.y + b.y, a.z + b.z};
}
constexpr Vec3 operator-(Vec3 a, Vec3 b)
{
  return {a.x - b.x, a.y - b.y, a.z - b.z};
}
constexpr Vec3 operator-(Vec3 a)
{
  return {-a.x, -a.y, -a.z};
}
constexpr Vec3 operator*(double s, Vec3 a)
{
  return {s * a.x, s * a.y, s * a.z};
}
constexpr Vec3 operator*(Vec3 a, double s)
{
  return s * a;
}
constexpr Vec3 operator/(Vec3 a, double s)
{
  return {a.x / s, a.y / s, a.z / s};
}
constexpr Vec3& operator+=(Vec3& a, Vec3 b)
{
  return a = a + b;
}
constexpr Vec3& operator-=(Vec3& a, Vec3 b)
{
  return a = a - b;
}
constexpr Vec3& operator*=(Vec3& a, double s)
{
  return a = s * a;
}
constexpr double dot(Vec3 a, Vec3 b)
{
  return a.x * b.x + a.y * b.y + a.z * b.z;
}
constexpr Vec3 cross(Vec3 a, Vec3 b)
{
  return {a.y * b.z - a.z * b.y, a.z * b.x - a.x * b.z, a.x * b.y - a.y * b.x};
}
inline double norm(Vec3 a)
{
  return std::sqrt(dot(a, a));
}
inline Vec3 normalized(Vec3 a)
{
  return a / norm(a);
}

/// A 3x3 matrix by rows: m[row][column].
using Mat3 = std::array<Vec3, 3>;

constexpr Vec3 operator*(const Mat3& m, Vec3 v)
{
  return {dot(m[0], v), dot(m[1], v), dot(m[2], v)};
}
constexpr Mat3 transpose(const Mat3& m)
{
  return {Vec3{m[0].x, m[1].x, m[2].x}, Vec3{m[0].y, m[1].y, m[2].y}, Vec3{m[0].z, m[1].z, m[2].z}};
}
constexpr Mat3 operator*(const Mat3& a, const Mat3& b)
{
  const Mat3 bt = transpose(b);
  return {bt * a[0], bt * a[1], bt * a[2]};
}
constexpr double determinant(const Mat3& m)
{
  return dot(m[0], cross(m[1], m[2]));
}
constexpr Mat3 identity()
{
  return {Vec3{1, 0, 0}, Vec3{0, 1, 0}, Vec3{0, 0, 1}};
}

} // namespace calcar
