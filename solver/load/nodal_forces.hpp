#pragma once

#include "load/load_case.hpp"

#include <vector>

namespace calcar::load
{

/**
 * A patch that was placed by a landmark, moved as a whole so that its centre lies on the surface:
 * at the mean of the nearest of these surface points (LPS mm), which does not jump with the voxels;
 * any other patch unchanged. Doing it twice changes nothing. Throws InputError (data) when that is
 * more than 30 mm away: then the landmark or the mask is wrong.
 */
Patch settled(const Patch& patch, const std::vector<Vec3>& surface_points);

/// The same for all patches of a load case or rig. Call it once the surface of the body is known.
LoadCase settled(LoadCase load_case, const std::vector<Vec3>& surface_points);
Rig settled(Rig rig, const std::vector<Vec3>& surface_points);

/**
 * Nodal forces of an applied force on surface points with outward normals and areas (mm^2), one for
 * each point. The (settled) patch's weight tells where it presses: the force is the resultant, acts
 * through the patch's centre and leaves the couple `moment`, all to rounding. A pressure p adds
 * -p w_i A_i n_i at every point, whose sum is the integral over the surface. Throws InputError
 * (data) naming the force when its patch meets fewer than three points not on a line.
 */
std::vector<Vec3> nodal_forces(const AppliedForce& force, const std::vector<Vec3>& points,
                               const std::vector<Vec3>& normals, const std::vector<double>& areas);

} // namespace calcar::load
