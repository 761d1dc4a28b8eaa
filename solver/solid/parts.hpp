#pragma once

#include "base/vec3.hpp"
#include "mesh/mesh.hpp"
#include "mesh/nodes.hpp"
#include "solid/body.hpp"

#include <cstdint>
#include <string>
#include <vector>

namespace calcar::solid
{

/// Cells joined by faces: without deformation they move as one rigid body.
struct Part
{
  std::uint32_t first = 0; ///< its first cell
  std::uint32_t cells = 0;
};

/// A node at which two parts meet: on an edge or at a corner that they share.
struct Link
{
  std::uint32_t a = 0;
  std::uint32_t b = 0;
  std::uint32_t node = 0;
};

struct Parts
{
  std::vector<Part> list;             ///< in the order of their first cells
  std::vector<std::uint32_t> of_cell; ///< the part of each cell
  std::vector<std::uint32_t> of_node; ///< one of the parts of each node; no_part without cell
  std::vector<Link> links;
};
constexpr std::uint32_t no_part = 0xffffffff;

/// Hanging nodes join the cell whose face they lie on with those beside it.
Parts parts_of(const mesh::Mesh& mesh, const mesh::Nodes& nodes,
               const std::vector<HangingNode>& hanging = {});

/// Cells that can move although nothing deforms.
struct FreePart
{
  Part part;
  std::vector<std::string> motions; ///< of the piece as one rigid body; empty: it swings on hinges
};

/**
 * What the supports leave free, largest first: pieces (parts that hang together, be it at an edge
 * or corner) that can move as a whole, and parts of held pieces that can swing. There the stiffness
 * matrix is singular. Springs hold in the directions in which they are stiff.
 *
 * More than `largest_mechanism` parts that hold only each other count as swinging: the rank of
 * their constraints would cost too much.
 */
std::vector<FreePart> free_parts(const Parts& parts, const mesh::Nodes& nodes,
                                 const Supports& supports);
constexpr std::size_t largest_mechanism = 100;

} // namespace calcar::solid
