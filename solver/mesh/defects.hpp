#pragma once

#include "base/warning.hpp"
#include "mesh/connectivity.hpp"
#include "mesh/mesh.hpp"

#include <cstdint>
#include <string>
#include <vector>

namespace calcar::mesh
{

/// Cells that hang together by faces.
struct MeshPart
{
  std::uint32_t first_cell = 0;
  std::size_t cells = 0;
  double volume = 0; ///< mm^3
};

/// What is wrong with a mesh, by the numbers of its cells and points; all lists ascending. The
/// grades of cells and their limits stand in mesh/quality.hpp.
struct Defects
{
  std::vector<std::uint32_t> inverted;        ///< cells
  std::vector<std::uint32_t> degenerate;      ///< cells
  std::vector<std::uint32_t> slivers;         ///< cells
  std::vector<std::uint32_t> duplicate_cells; ///< the same corners as an earlier cell
  std::vector<FaceOfCell> crowded_faces; ///< of more than two cells: the third and further uses
  std::vector<std::uint32_t>
      duplicate_points; ///< in the place of an earlier point: within 1e-9 of the diagonal
  std::vector<std::uint32_t> hanging_points;      ///< in the middle of another cell's edge or face
  std::vector<std::uint32_t> unreferenced_points; ///< of no cell
  std::vector<EdgeKey> branching_edges;           ///< of the boundary: bodies joined by an edge
  std::vector<std::uint32_t> pinched_points;      ///< of the boundary: bodies joined by a point
  std::vector<MeshPart> parts;                    ///< the largest first; one for a sound mesh

  /// Nothing that keeps the mesh from being solved: branching edges, pinched points (where the
  /// cells beside them hang together elsewhere) and unreferenced points do not.
  bool sound() const;
};

/// Finds them all; about 1 s for a million tetrahedra.
Defects find_defects(const Mesh& mesh);

/// One line for each kind of defect that there is, with its count and the first few by the file's
/// numbers and place: "3 inverted cells: cell 17 at (1, 2, 3) mm, ..."; of slivers the worst.
struct DefectLine
{
  std::string code; ///< "inverted_cells"
  std::string words;
  bool stops; ///< the mesh cannot be solved with it
};
std::vector<DefectLine> defect_lines(const Defects& defects, const Mesh& mesh);

/**
 * Throws InputError (data) at the mesh's file, one problem for each kind of defect that stops, with
 * what to do; returns the others as warnings. To be called on what repair() returned: that a mesh
 * reaches a solver unchecked is the worst that can happen to it.
 */
Warnings require_sound(const Mesh& mesh);

} // namespace calcar::mesh
