#pragma once

#include "model/lattice.hpp"

#include <vector>

namespace calcar::model
{

/**
 * The nodes on the surface of a voxel body with outward normals and areas, in LPS.
 *
 * The staircase of voxel faces has neither the true normal nor the true area. The normal is that of
 * the body smoothed over `radius_voxels`: n = -sum w(r) r / |...| over the active voxels at r from
 * the node. The area of a node is sum over its exposed faces of (face area / 4) |n . n_face|, which
 * is exact for a plane of any direction, so that loads spread over a patch do not depend on how the
 * scan lies in the scanner.
 */
struct Surface
{
  std::vector<NodeIndex> nodes;
  std::vector<Vec3> points;  ///< mm
  std::vector<Vec3> normals; ///< unit
  std::vector<double> areas; ///< mm^2
};

Surface surface_of(const VoxelBody& body, const Lattice& lattice, int radius_voxels = 3);

} // namespace calcar::model
