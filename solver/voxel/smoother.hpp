#pragma once

#include "voxel/multigrid.hpp"

namespace calcar::voxel
{

/**
 * Chebyshev-Jacobi smoothing: x becomes x + q(D^-1 K) D^-1 (b - K x), with the polynomial that is
 * smallest on [top / ratio, top]. `from_zero` takes x as zero, which spares a product.
 */
void smooth(const Level& level, const Smoothing& smoothing, CycleVectors& v, bool from_zero);

/// t = b - K x in the free components, 0 in fixed ones.
void residual(const Level& level, CycleVectors& v);

} // namespace calcar::voxel
