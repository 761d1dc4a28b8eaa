#pragma once

#include "solid/body.hpp"

#include <cstdint>
#include <vector>

namespace calcar::solid
{

/// A cell of an octree over a coarse hexahedron: which children lead to it. Child 0 holds corner 0,
/// then they count line by line, as the corners of p4est do.
struct Leaf
{
  static constexpr int most_levels = 20;

  std::uint32_t coarse = 0; ///< cell of the coarse mesh
  std::uint32_t level = 0;  ///< 0: the coarse cell itself
  std::uint64_t path = 0;   ///< three bits for each level, the first level highest
  auto operator<=>(const Leaf&) const = default;

  int child(std::uint32_t at_level) const
  {
    return static_cast<int>(path >> (3 * (most_levels - 1 - static_cast<int>(at_level))) & 7U);
  }
  void descend(unsigned int child)
  {
    path |= std::uint64_t{child} << (3 * (most_levels - 1 - static_cast<int>(level)));
    ++level;
  }
};

/**
 * Hexahedra of unequal size. Points are those of the coarse mesh, then those that refinement made.
 * Cells have the regions of the coarse ones; its sets and the numbers of its file are left out.
 */
struct RefinedMesh
{
  mesh::Mesh mesh;
  std::vector<std::uint32_t> coarse;      ///< the coarse cell of each cell
  std::vector<mesh::FaceOfCell> boundary; ///< true boundary: without faces beside smaller or larger
  std::vector<HangingNode> hanging;       ///< ascending by node
  std::size_t nodes = 0;                  ///< of mesh::nodes_of
};

/**
 * The mesh of all leaves of octrees over coarse hexahedra, in ascending order. New points lie in
 * the middle of edges, faces and cells. Leaves that share a corner must differ by one level at
 * most; std::logic_error where they do not.
 *
 * A node of a smaller cell on an edge or face of a larger one hangs on the larger one's nodes there
 * by its shape functions. In second order its corners hang too: in one place with the larger one's
 * node in the middle, of which they are not the same.
 */
RefinedMesh refined_mesh(const mesh::Mesh& coarse, const std::vector<Leaf>& leaves);

} // namespace calcar::solid
