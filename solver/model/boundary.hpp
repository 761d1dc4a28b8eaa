#pragma once

#include "base/warning.hpp"
#include "load/load_case.hpp"
#include "model/surface.hpp"
#include "model/voxel_body.hpp"

#include <vector>

namespace calcar::model
{

/// Unit: turns a vector or tensor in LPS into the grid's axes, and back.
Vec3 to_grid(const image::Grid& grid, Vec3 lps);
Vec3 to_lps(const image::Grid& grid, Vec3 along_axes);
SymTensor to_grid(const image::Grid& grid, const SymTensor& lps);
SymTensor to_lps(const image::Grid& grid, const SymTensor& along_axes);

/**
 * What a rig means for this body: the nodes of each support fixed, or held by springs whose sum is
 * the support's stiffness, shared out by the patch's weight times the volume around a node. A rig
 * whose forces are balanced by inertia only keeps the body in its place (model/inertia_relief.hpp),
 * whatever supports it names. Throws InputError (data) naming the support when none of the body's
 * nodes lies in its patch.
 */
VoxelSupports supports_of(const load::Rig& rig, const VoxelBody& body, const Surface& surface);

/**
 * Nodal forces of a force on its patch of the surface, in grid axes; resultant exact, and its
 * moment that of the force through the patch's centre. Throws InputError (data) naming the force
 * when the patch has no surface.
 */
std::vector<NodalForce> forces_of(const load::AppliedForce& force, const VoxelBody& body,
                                  const Surface& surface);

} // namespace calcar::model
