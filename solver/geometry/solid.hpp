#pragma once

#include "base/vec3.hpp"

#include <functional>
#include <vector>

namespace calcar::geometry
{

/**
 * A solid as a value: `distance(p)` is negative inside, positive outside, in mm.
 *
 * Spheres, capsules, cylinders and swept tubes give the exact Euclidean distance (a tube of varying
 * radius up to its taper); ellipsoids and combinations give a bound that has the right sign
 * everywhere and is right to first order near the surface. Formulas after I. Quilez, "Distance
 * functions", iquilezles.org.
 */
struct Solid
{
  std::function<double(const Vec3&)> distance;

  bool contains(const Vec3& point) const { return distance(point) < 0; }
};

Solid sphere(Vec3 centre, double radius);

/// Semi-axes along the three columns-as-rows of `axes` (orthonormal): axes[0] with radii.x and so
/// on.
Solid ellipsoid(Vec3 centre, Vec3 radii, const Mat3& axes = identity());

/// All points within `radius` of the segment from a to b.
Solid capsule(Vec3 a, Vec3 b, double radius);

/// A capsule whose radius runs linearly from `radius_a` to `radius_b`; its ends are spheres.
Solid tapered_capsule(Vec3 a, Vec3 b, double radius_a, double radius_b);

/// Cylinder with flat ends at a and b.
Solid cylinder(Vec3 a, Vec3 b, double radius);

/// The points behind a plane: on the side away from `normal`.
Solid half_space(Vec3 point, Vec3 normal);

/// A point of a swept tube.
struct TubePoint
{
  Vec3 centre;
  double radius; ///< mm
};

/// A tube along a polyline whose radius runs linearly between the points; round ends. Throws
/// std::invalid_argument when there is no point.
Solid swept_tube(const std::vector<TubePoint>& points);

Solid unite(std::vector<Solid> solids);
Solid intersect(std::vector<Solid> solids);
Solid subtract(Solid from, Solid what);

/// Union with a fillet of about `blend` mm where the surfaces meet; adds material there, never
/// removes any.
Solid smooth_unite(Solid a, Solid b, double blend);

/// Difference whose edges are rounded over about `blend` mm.
Solid smooth_subtract(Solid from, Solid what, double blend);

/// The solid grown by `by` mm, or shrunk when negative.
Solid offset(Solid solid, double by);

/// The layer of `thickness` mm below the surface.
Solid shell(Solid solid, double thickness);

/// The fillet function behind smooth_unite: the minimum of a and b, lower by at most blend/4 where
/// they are near.
double smooth_minimum(double a, double b, double blend);

} // namespace calcar::geometry
