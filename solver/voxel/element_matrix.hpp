#pragma once

#include "base/vec3.hpp"

#include <array>

namespace calcar::voxel
{

/// A 24x24 matrix by rows; unknown 3 corner + axis, corner = i + 2 j + 4 k.
using ElementMatrix = std::array<double, 24 * 24>;

/**
 * The stiffness of one trilinear hexahedron with edges `spacing` (mm), in N/mm for moduli in MPa:
 *
 *   K = sum over 2x2x2 Gauss points of V/8 B^T C B,   C = lambda m m^T + mu diag(2, 2, 2, 1, 1, 1),
 *
 * m = (1, 1, 1, 0, 0, 0), exact because B^T C B is at most quadratic along each edge. Written from
 * the textbook and not from the kernel of the matrix-free product: what is assembled from it can
 * judge the product.
 */
ElementMatrix element_matrix(const Vec3& spacing, double lambda, double mu);

} // namespace calcar::voxel
