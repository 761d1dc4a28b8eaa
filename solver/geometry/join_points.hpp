#pragma once

#include "base/vec3.hpp"

#include <cstdint>
#include <vector>

namespace calcar::geometry
{

/**
 * For each point the number of the first one in its place: of points closer than `tolerance` (mm)
 * to each other or linked through such points; 0: with the same coordinates. Where the
 * tolerance holds more than 64 points on average, only the same coordinates count.
 */
std::vector<std::uint32_t> same_place(const std::vector<Vec3>& points, double tolerance = 0);

/// Diagonal of the box around points, mm.
double diagonal(const std::vector<Vec3>& points);

} // namespace calcar::geometry
