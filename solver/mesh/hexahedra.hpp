#pragma once

#include "mesh/mesh.hpp"
#include "model/layers.hpp"
#include "model/voxel_body.hpp"

namespace calcar::mesh
{

/**
 * The active voxels of a body as hexahedra, in the body's order, one region "bone": the voxel model
 * for finite elements. Points are the corners of voxels in LPS mm, ascending by the lattice's k, j,
 * i. Volumes are positive also where the image's axes are left-handed.
 */
Mesh hexahedra_of(const model::VoxelBody& body);

/// The same of a bone with the layers made from its voxels (model::layer_voxels), each a region of
/// its name after "bone": layer n is region 1 + n.
Mesh hexahedra_of(const model::VoxelModel& bone, const model::LayerVoxels& layers);

} // namespace calcar::mesh
