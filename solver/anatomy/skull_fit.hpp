#pragma once

#include "base/vec3.hpp"

#include <optional>
#include <vector>

namespace calcar::anatomy
{

/// An ellipsoid with its axes.
struct VaultEllipsoid
{
  Vec3 centre;
  Vec3 right, anterior, superior; ///< unit axes
  Vec3 radii;                     ///< semi-axes along right, anterior, superior, mm
  double rms = 0;                 ///< of the points from it, mm
};

/// The median plane.
struct MedianPlane
{
  Vec3 point;
  Vec3 right;              ///< unit normal
  double asymmetry_mm = 0; ///< rms distance between the surface and its mirror image
};

/**
 * The ellipsoid of least squares through the outer surface above the level of its own centre, one
 * of its planes being the median plane: A x^2 + B y^2 + C z^2 + 2 D y z + 2 E y + 2 F z = 1 with x
 * from the plane, linear in its six unknowns; points farther than three times the rms are left out;
 * the level and the axes settle each other in ten rounds, beginning with `anterior` and `superior`.
 * Anterior is the long axis in the median plane when it is at least 5 % longer than the other, else
 * it stays as given. Nothing when the points show no ellipsoid.
 */
std::optional<VaultEllipsoid> fit_vault(const std::vector<Vec3>& outer, const MedianPlane& median,
                                        Vec3 anterior, Vec3 superior);

/**
 * The ellipsoid with given axes nearest to the points and to usual radii: the least of sum (r_i /
 * tolerance)^2 * 40 / n + sum ((radius - usual) / deviation)^2, r_i the distance of point i from it
 * to first order; Gauss-Newton from `start`. 40 stands for how many independent places a surface
 * has.
 */
VaultEllipsoid fit_piece(const std::vector<Vec3>& outer, VaultEllipsoid start, Vec3 usual,
                         Vec3 deviation, double tolerance_mm);

/// Distance from an ellipsoid's surface, to first order.
double distance_from(const VaultEllipsoid& ellipsoid, Vec3 p);

} // namespace calcar::anatomy
