#pragma once

#include "model/voxel_body.hpp"
#include "voxel/voxel_ranges.hpp"

#include <vector>

namespace calcar::voxel
{

/// What holds voxels together in one piece.
enum class Joint
{
  node, ///< a common corner is enough: the piece moves as one, though perhaps as a mechanism
  face  ///< a common face
};

/// A connected part of a body.
struct Piece
{
  VoxelRanges voxels;
};

/// The connected pieces, largest first (equal ones in the order of their first voxels).
std::vector<Piece> pieces(const model::VoxelBody& body, Joint joint = Joint::node);

} // namespace calcar::voxel
