#pragma once

#include "mesh/mesh.hpp"

#include <cstddef>

namespace calcar::mesh
{

/// A mesh of which slivers and worse cells were improved.
struct Improved
{
  Mesh mesh;
  std::size_t bad_before = 0; ///< cells whose grade was not good
  std::size_t bad_after = 0;
  std::size_t points_moved = 0;
  std::size_t cells_exchanged = 0;
};

/**
 * Improves the bad cells of a mesh of tetrahedra by moving points, taking edges and faces away and
 * drawing points into others, the worst first, in sweeps until none is bad or a sweep finds nothing
 * (after Freitag and Ollivier-Gooch 1997, Int J Numer Methods Eng 40:3979). The surface, the faces
 * between regions, named faces and named points stay as they are; so do the volume and each
 * region's volume. New cells get new numbers beyond the file's. Meshes of hexahedra are handed
 * back.
 */
Improved improve(Mesh mesh);

} // namespace calcar::mesh
