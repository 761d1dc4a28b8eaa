#pragma once

#include "base/warning.hpp"
#include "image/volume.hpp"

#include <array>
#include <string>

namespace calcar::image
{

/// A grid with the doubts met while it was made.
struct CheckedGrid
{
  Grid grid;
  Warnings warnings;
};

/**
 * A grid from the columns of an affine: column a is the step in LPS mm from one voxel to the next
 * along index axis a, `origin` the centre of voxel (0,0,0).
 *
 * Axes that are slightly skewed (float rounding, resampling tools) are replaced by the nearest
 * orthonormal ones about the centre of the image: silently when no corner moves by 0.02 voxel, with
 * the warning "skewed_axes" up to 0.5 voxel. Beyond that, and for steps that are zero or not
 * finite, InputError (data) at `place`.
 */
CheckedGrid grid_from_steps(const std::array<int, 3>& size, const std::array<Vec3, 3>& steps,
                            Vec3 origin, const std::string& place);

/// Largest distance in mm between corresponding corners of two grids of equal size.
double corner_distance(const Grid& a, const Grid& b);

/// What differs between two grids, in words ("size 4x5x6 against 5x4x6 ..."); empty when same_grid
/// holds.
std::string grid_difference(const Grid& a, const Grid& b, double tolerance_mm = 1e-3);

/// Throws InputError (data) at `place` when the grids differ, saying in words what differs.
void require_same_grid(const Grid& volume, const Grid& labels, const std::string& place,
                       double tolerance_mm = 1e-3);

template <typename A, typename B>
void require_same_grid(const Image<A>& volume, const Image<B>& labels, double tolerance_mm = 1e-3)
{
  require_same_grid(volume.grid, labels.grid, labels.source.path, tolerance_mm);
}

} // namespace calcar::image
