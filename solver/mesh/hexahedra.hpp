#pragma once

#include "mesh/mesh.hpp"
#include "model/voxel_body.hpp"

namespace calcar::mesh
{

/**
 * The active voxels of a body as hexahedra, in the body's order, one region "bone": the voxel model
 * for finite elements. Points are the corners of voxels in LPS mm, ascending by the lattice's k, j,
 * i. Volumes are positive also where the image's axes are left-handed.
 */
Mesh hexahedra_of(const model::VoxelBody& body);

} // namespace calcar::mesh
