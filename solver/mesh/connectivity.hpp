#pragma once

#include "mesh/mesh.hpp"

#include <array>
#include <cstdint>
#include <utility>
#include <vector>

namespace calcar::mesh
{

/// All faces by key, as sorted_faces() gives them.
using SortedFaces = std::vector<std::pair<FaceKey, FaceOfCell>>;

/// Calls `what(first, last)` with the range of uses of each face, ascending by key.
template <typename What>
void each_face(const SortedFaces& faces, const What& what)
{
  for (auto first = faces.begin(); first != faces.end();)
  {
    auto last = first + 1;
    while (last != faces.end() && last->first == first->first)
      ++last;
    what(first, last);
    first = last;
  }
}

/// The part that each cell belongs to, numbered in order of their first cells; cells hang together
/// by faces: an edge or a point alone is a hinge, which holds nothing.
std::vector<std::uint32_t> parts_of(const Mesh& mesh, const SortedFaces& faces);

/// True when two cells have their common face the same way round, which with positive volumes on
/// both sides of it cannot be.
bool same_way_round(const Mesh& mesh, FaceOfCell a, FaceOfCell b);

/// A cell with the corners of an earlier one, and the first such.
struct DuplicateCell
{
  std::uint32_t cell;
  std::uint32_t original;
};

/// Ascending by cell.
std::vector<DuplicateCell> duplicate_cells(const Mesh& mesh);

/// An edge by its points, the smaller first.
using EdgeKey = std::array<std::uint32_t, 2>;

/// Edges of boundary faces that other than two boundary faces share, ascending.
std::vector<EdgeKey> branching_edges(const Mesh& mesh, const std::vector<FaceOfCell>& boundary);

/// Points at which fans of boundary faces meet at the point alone, ascending; points of branching
/// edges are not among them.
std::vector<std::uint32_t> pinched_points(const Mesh& mesh,
                                          const std::vector<FaceOfCell>& boundary);

/// Points that lie in the middle of an edge or of a quadrilateral of the boundary to which they do
/// not belong: cells beside each other that were refined unequally. Ascending.
std::vector<std::uint32_t> hanging_points(const Mesh& mesh,
                                          const std::vector<FaceOfCell>& boundary);

} // namespace calcar::mesh
