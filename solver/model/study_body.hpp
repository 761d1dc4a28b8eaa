#pragma once

#include "base/warning.hpp"
#include "image/volume.hpp"
#include "model/lattice.hpp"
#include "model/voxel_body.hpp"

#include <string>
#include <vector>

namespace calcar::model
{

/// A side of voxels along the image's own index axes: "+k" is the face towards larger k.
struct VoxelSide
{
  int axis = 2;
  int sign = +1;
};

/// Reads "+k", "-i", ... Throws std::invalid_argument for anything else.
VoxelSide voxel_side(const std::string& text);
/// The six sides there are: "+i", "-i", ...
const std::vector<std::string>& voxel_side_names();

/**
 * The body of a study: every voxel of a modulus image (MPa) that is not 0, on the image's own
 * voxels. Throws InputError (data) for a negative or infinite modulus, naming the voxel, and for an
 * image without any modulus.
 */
VoxelBody study_body(const image::Volume& modulus, double poisson_ratio);

/**
 * The corners of the outward faces of a region: for the active voxels with this label, the face on
 * `side` where no active voxel lies behind it. `area_mm2` is the share of the faces' area that
 * belongs to each node (a quarter of each face). Ascending by k, j, i.
 */
struct RegionNodes
{
  std::vector<NodeIndex> nodes;
  std::vector<double> areas; ///< mm^2
};
RegionNodes region_nodes(const VoxelBody& body, const Lattice& lattice,
                         const image::LabelMap& labels, int label, VoxelSide side);

} // namespace calcar::model
