#pragma once

#include "base/offset_set.hpp"
#include "model/voxel_body.hpp"
#include "voxel/pieces.hpp"

#include <vector>

namespace calcar::voxel
{

/// Grid, order of the voxels, moduli. Throws InputError (data) naming the voxel, its value and what
/// is allowed.
void check_body(const model::VoxelBody& body);

/// Supports stand on nodes of active voxels, with one value per component, and hold every piece and
/// every part of it that hangs on edges or corners. `nodes` as from node_set(). Throws InputError
/// (data) naming the free motion of a piece, or the part that can swing.
void check_supports(const model::VoxelBody& body, const OffsetSet& nodes,
                    const model::VoxelSupports& supports);

/// Forces are finite and act on nodes of active voxels. Throws InputError (data).
void check_forces(const image::Grid& grid, const OffsetSet& nodes,
                  const std::vector<model::NodalForce>& forces);

} // namespace calcar::voxel
