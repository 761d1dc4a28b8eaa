#pragma once

#include "base/symmetric_tensor.hpp"
#include "base/vec3.hpp"

#include <optional>
#include <vector>

namespace calcar::geometry
{

/// A sphere with the root mean square distance of its points from it, mm.
struct FittedSphere
{
  Vec3 centre;
  double radius = 0;
  double rms = 0;
  std::size_t points = 0; ///< that took part
};

/**
 * Least-squares sphere: minimises sum (|p|^2 - 2 c.p - (r^2 - c^2))^2, linear in its four unknowns
 * (Kasa 1976), then three Gauss-Newton steps on the geometric distance. Nothing when fewer than
 * four points or all in one plane.
 */
std::optional<FittedSphere> fit_sphere(const std::vector<Vec3>& points);

/**
 * Sphere through the points that belong to it: starts from `start`, keeps the points within a
 * tolerance that shrinks from `4 * tolerance_mm` to `tolerance_mm` of the surface, and fits again.
 * Nothing when fewer than 20 points remain.
 */
std::optional<FittedSphere> fit_sphere_robust(const std::vector<Vec3>& points, FittedSphere start,
                                              double tolerance_mm);

/// A straight line by principal components, with the rms distance of its points, mm.
struct FittedLine
{
  Vec3 point;     ///< weighted centroid
  Vec3 direction; ///< unit vector; the sign is that of the last point minus the first
  double rms = 0;
};

/// Line of least squared distance. `weights` may be empty (all 1). Nothing when fewer than two
/// distinct points.
std::optional<FittedLine> fit_line(const std::vector<Vec3>& points,
                                   const std::vector<double>& weights = {});

/// A circle in the plane through `centre` with `normal`.
struct FittedCircle
{
  Vec3 centre;
  Vec3 normal;
  double radius = 0;
  double rms = 0; ///< in the plane, mm
};

/// Least-squares circle of points projected on the plane through their centroid with the given
/// normal. Nothing when fewer than three points or all on one line.
std::optional<FittedCircle> fit_circle(const std::vector<Vec3>& points, Vec3 normal);

/// Weighted mean and second moments about it: moments = sum w (p-c)(p-c)^T / sum w, mm^2.
struct Moments
{
  Vec3 centroid;
  SymTensor moments;
  double weight = 0;
};
Moments moments(const std::vector<Vec3>& points, const std::vector<double>& weights = {});

} // namespace calcar::geometry
