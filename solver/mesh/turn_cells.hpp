#pragma once

#include "mesh/mesh.hpp"

#include <cstdint>
#include <vector>

namespace calcar::mesh
{

/**
 * Cells whose corners stand in the wrong order, ascending: a cell that has its faces the same way
 * round as its neighbours do. Of each part that hangs together by faces those are taken which leave
 * it with a positive volume when turned. Cells with a negative volume that fit their neighbours are
 * not among them: there the mesh is folded, and turning would not help.
 */
std::vector<std::uint32_t> misordered_cells(const Mesh& mesh);

/// Turns cells: their corners in the opposite order, the same faces (which are renumbered in sets).
void turn_cells(Mesh& mesh, const std::vector<std::uint32_t>& cells);

} // namespace calcar::mesh
