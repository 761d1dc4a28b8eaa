#pragma once

#include "base/vec3.hpp"

#include <array>
#include <functional>
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

/// Where a top is looked for, mm.
struct TopSearch
{
  double reach = 40;  ///< to all sides of the line along the direction
  double length = 20; ///< down from the start, which must lie above the bone
  double depth = 5;   ///< of the top
};

/**
 * The middle of the top of a body: the mean of its surface, seen along a direction from `start`
 * downwards, each place weighted by how far it rises above the level `depth` below the highest
 * point. Seen every 2 mm. Where a ridge is flat its highest point moves with every voxel, this
 * middle does not. The start itself where nothing is met.
 */
Vec3 middle_of_top(const std::function<bool(Vec3)>& inside, Vec3 start, Vec3 direction,
                   const TopSearch& search);

} // namespace calcar::anatomy
