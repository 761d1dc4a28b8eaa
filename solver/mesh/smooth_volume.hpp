#pragma once

#include "image/volume.hpp"
#include "mesh/mesh.hpp"

namespace calcar::mesh
{

/// Convolution along each axis with a Gaussian of one voxel; nothing lies beyond the ends.
void smooth(image::Volume& volume);

/// The box along the axes of space that holds the centres of all voxels.
Box box_of(const image::Grid& grid);

} // namespace calcar::mesh
