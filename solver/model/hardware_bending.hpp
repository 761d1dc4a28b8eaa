#pragma once

#include "implant/component.hpp"
#include "model/hardware_shares.hpp"

#include <vector>

namespace calcar::model
{

/**
 * Bending inside a trilinear hexahedron, mm^2: of a bar along the unit vector `along` bent in the
 * plane of `along` and the unit vector `towards` (both in grid axes) by the curvature k, the strain
 * energy per volume of what varies within an element is E k^2 / 2 times
 *
 *   f = sum over the axes a of h_a^2 / 12 e_a : C : e_a / E,
 *   e_a = d strain / d x_a - sym(d^2 u / d x_a^2 (x) a)   (per curvature),
 *
 * with the displacement u of pure bending, whose squares along an axis the element cannot follow.
 * For cubes bent along an axis f = h^2 / 12 (lambda (1 - nu)^2 + 3 mu (1 + nu^2)) / E. The second
 * e_a is that of a bending with `virtual_poisson`: with 0 f is what mean stresses lack of a moment
 * (virtual work of a curvature without contraction).
 */
double bending_within(Vec3 along, Vec3 towards, Vec3 spacing, double poisson,
                      double virtual_poisson);

/// How stiff the voxels of a bar are against its real section.
struct BarBending
{
  std::vector<double> over_exact; ///< of each run: bending stiffness of the voxels over the exact
  double least = 1;               ///< along the axis
  double most = 1;
  double mean_stress_share = 1; ///< as ComponentRaster has it
};

/// Of a bar with the given shares and the alloy's modulus (MPa) in all of its voxels. Stretches
/// whose area is not that of their run (a taper, an end) are left out.
BarBending bar_bending(const implant::Component& bar, const image::Grid& grid,
                       const std::vector<VoxelShare>& shares, double youngs, double poisson);

} // namespace calcar::model
