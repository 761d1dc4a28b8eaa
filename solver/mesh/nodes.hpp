#pragma once

#include "mesh/mesh.hpp"

#include <array>
#include <cstdint>
#include <span>
#include <vector>

namespace calcar::mesh
{

/**
 * The nodes of the displacements of a mesh of its degree. Nodes 0, 1, ... are the mesh's points;
 * for degree 2 follow the middles of the edges, ascending by their two ends, and for hexahedra the
 * middles of the faces, ascending by their sorted corners, and of the cells.
 *
 * `of_cell` lists cell after cell, in VTK's order: 4 or 10 nodes of a tetrahedron, 8 or 27 of a
 * hexahedron (VTK_QUADRATIC_TETRA, VTK_TRIQUADRATIC_HEXAHEDRON; the first 20 of the 27 are the
 * nodes of VTK_QUADRATIC_HEXAHEDRON, which files of serendipity hexahedra list).
 */
struct Nodes
{
  std::vector<Vec3> points;           ///< mm
  std::vector<std::uint32_t> of_cell; ///< `per_cell` each
  int per_cell = 0;

  std::span<const std::uint32_t> cell(std::size_t c) const
  {
    return {of_cell.data() + static_cast<std::size_t>(per_cell) * c,
            static_cast<std::size_t>(per_cell)};
  }
};

Nodes nodes_of(const Mesh& mesh);

/// The nodes of a face by their place in the cell's list: 3, 6, 4 or 9; corners first, as
/// reference_cell() has them, then the middles of the edges between them, then the face's own.
std::span<const std::uint8_t> nodes_of_face(CellShape shape, int degree, int face);

} // namespace calcar::mesh
