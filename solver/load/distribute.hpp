#pragma once

#include "base/vec3.hpp"

#include <vector>

namespace calcar::load
{

/**
 * Nodal forces on points whose resultant and whose moment about the origin are exact, by the
 * smallest correction to the intended pressure: with w_i the weights (area times intended pressure,
 * >= 0)
 *
 *   f_i = w_i (a + b x (x_i - c)),   c the weighted centre of the points,
 *
 * where a and b follow from sum f_i = resultant and sum x_i x f_i = moment. It is the minimum of
 * sum |f_i|^2 / w_i under the six conditions. Points in mm, resultant in N, moment in N mm. Throws
 * InputError when fewer than three points that are not on a line carry weight (the moment cannot be
 * met).
 */
std::vector<Vec3> distribute(Vec3 resultant, Vec3 moment, const std::vector<Vec3>& points,
                             const std::vector<double>& weights);

} // namespace calcar::load
