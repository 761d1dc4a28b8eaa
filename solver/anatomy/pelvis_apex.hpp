#pragma once

#include "base/vec3.hpp"

#include <array>
#include <vector>

namespace calcar::anatomy
{

using Vector6 = std::array<double, 6>;
using Matrix6 = std::array<Vector6, 6>; ///< of which the lower triangle counts

/// Solves a symmetric positive definite system of six by Cholesky's square roots.
Vector6 solve(Matrix6 matrix, Vector6 right);

/**
 * The farthest point of a rounded end along a unit direction, finer than its voxels: the top of a
 * paraboloid through the points within `depth_mm` of the farthest one. Where these do not make a
 * dome, their mean. The points must not be empty.
 */
Vec3 apex(const std::vector<Vec3>& points, Vec3 direction, double depth_mm);

} // namespace calcar::anatomy
