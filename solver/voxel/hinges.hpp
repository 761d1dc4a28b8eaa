#pragma once

#include "model/voxel_body.hpp"
#include "voxel/parts.hpp"

#include <cstdint>
#include <string>
#include <vector>

/// Which parts of a body can move although nothing deforms: there K is singular.
namespace calcar::voxel
{

/**
 * The parts that can swing: [part], all false when the body is held. Parts are rigid; supports hold
 * their nodes, springs in the directions in which they are stiff; where parts meet they move alike.
 * A part swings when it takes part in a motion that obeys all that, judged by the rank of the
 * constraints; then so do parts that only such a part holds. What is left is the largest set of
 * parts that supports and each other hold, and K is regular there.
 *
 * More than `largest_mechanism` parts that hold each other in rings, none of them held by those
 * that are held already, count as swinging: their rank would cost too much.
 */
std::vector<bool> swinging_parts(const image::Grid& grid, const Parts& parts,
                                 const model::VoxelSupports& supports);

constexpr std::size_t largest_mechanism = 500;

/// A piece: parts that hang together, be it by corners only.
struct PieceSupport
{
  std::uint64_t first = 0;  ///< its first voxel, an index into VoxelBody::voxels
  std::uint64_t voxels = 0; ///< how many it has
  bool touched = false;     ///< a support stands on it
  std::vector<std::string>
      free_motions; ///< those of a rigid piece, in words; empty when it is held
};

/// How the supports hold each piece, as if it were rigid; in the order of pieces_of().
std::vector<PieceSupport> piece_supports(const image::Grid& grid, const Parts& parts,
                                         const std::vector<std::uint32_t>& piece_of,
                                         const model::VoxelSupports& supports);

} // namespace calcar::voxel
