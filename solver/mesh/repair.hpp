#pragma once

#include "base/warning.hpp"
#include "mesh/mesh.hpp"

namespace calcar::mesh
{

/// A mesh with what was done to it.
struct RepairedMesh
{
  Mesh mesh;
  Warnings warnings; ///< one for each kind of repair, with counts
};

/**
 * Repairs what is safe to repair, each step told by a warning:
 *
 * 1. points that no cell uses are dropped;
 * 2. points in one place (1e-9 of the diagonal) are joined, unless that gives a cell two equal
 *    corners or a face to more than two cells: then none is;
 * 3. cells with the corners of an earlier cell of the same region are dropped;
 * 4. cells whose corners stand in the wrong order are turned (all of them when a program counts the
 *    other way round), see misordered_cells();
 * 5. slivers and worse of tetrahedra are improved by moving inner points or drawing them
 *    into others and exchanging cells, see improve(): the surface and the interfaces of regions
 *    stay as they are;
 * 6. parts that no face joins to the rest are dropped, the smallest first, as long as all that is
 *    dropped has less than 1 % of the volume.
 *
 * What is left to refuse is refused by require_sound().
 */
RepairedMesh repair(Mesh mesh);

} // namespace calcar::mesh
