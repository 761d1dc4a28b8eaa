#pragma once

#include "mesh/file_mesh.hpp"

#include <cstdint>
#include <span>
#include <string>
#include <vector>

namespace calcar::mesh
{

/// The cells of a file, all of one kind, by the places of their nodes in FileMesh::points.
struct FileCells
{
  ElementKind kind = ElementKind::tet4;
  CellShape shape = CellShape::tetrahedron;
  std::size_t corners = 4; ///< of a cell
  std::vector<std::uint64_t> tags;
  std::vector<std::uint32_t> nodes; ///< node_count(kind) each, corners first
  std::vector<std::uint16_t> region;

  std::size_t size() const { return tags.size(); }
  std::span<const std::uint32_t> cell(std::size_t c) const
  {
    const std::size_t n = node_count(kind);
    return {nodes.data() + n * c, n};
  }
};

/**
 * Checks the nodes in the middle of edges, faces and cells: none farther from the mean of the
 * corners around it than 1 % of the edge, or of a diagonal. Throws InputError (data) at `place`
 * naming the first that is, and how many there are.
 */
void check_straight(const FileCells& cells, const FileMesh& file, const std::string& place);

/// Refuses two cells with the same corners, which would carry load twice.
void check_distinct(const FileCells& cells, const std::string& place);

/// Triangles and quads of the file as face sets of the mesh, named by their region. `point` gives
/// the mesh's point of each node of the file. Warns of faces between two cells.
void add_surfaces(const FileMesh& file, const std::vector<std::uint32_t>& point, ReadMesh& read);

} // namespace calcar::mesh
