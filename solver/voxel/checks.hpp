#pragma once

#include "base/offset_set.hpp"
#include "model/voxel_body.hpp"
#include "voxel/voxel_ranges.hpp"

#include <cstdint>
#include <string>
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

/**
 * The rigid motions that the supports leave to a piece, in words ("translation along j", "rotation
 * about i"); empty when it is held. Springs count with the directions in which they are stiff.
 */
std::vector<std::string> free_motions(const model::VoxelBody& body, const Piece& piece,
                                      const model::VoxelSupports& supports);

/// The same for many pieces at once, in one pass over the supports; empty words for a piece that is
/// held.
std::vector<std::vector<std::string>> free_motions(const model::VoxelBody& body,
                                                   const std::vector<Piece>& pieces,
                                                   const model::VoxelSupports& supports);

/**
 * Parts joined to the rest by an edge or corner only (fewer than three common nodes, or all on a
 * line), and not held on their own: they can swing without any resistance. A small number of free
 * voxels like this does no harm unless they are loaded.
 */
std::vector<Piece> hinged_parts(const model::VoxelBody& body, const model::VoxelSupports& supports);

/// Grid, order of the voxels, moduli. Throws InputError (data) naming the voxel, its value and what
/// is allowed.
void check_body(const model::VoxelBody& body);

/// Supports stand on nodes of active voxels, with one value per component, and hold every piece.
/// `nodes` as from node_set(). Throws InputError (data).
void check_supports(const model::VoxelBody& body, const OffsetSet& nodes,
                    const model::VoxelSupports& supports);

/// Forces are finite and act on nodes of active voxels. Throws InputError (data).
void check_forces(const image::Grid& grid, const OffsetSet& nodes,
                  const std::vector<model::NodalForce>& forces);

} // namespace calcar::voxel
