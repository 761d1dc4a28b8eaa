#pragma once

#include "mesh/file_mesh.hpp"

#include <string>

namespace calcar::mesh
{

/**
 * Reads a mesh in AVS UCD text: comments (#), the five counts, nodes, cells "number material type
 * nodes". Materials become regions "material 3", triangles and quadrilaterals surfaces of the same
 * names; those of material 0 are left out, and so are points, lines and the data behind the cells.
 * Coordinates are multiplied by `mm_per_unit`.
 *
 * Some programs list the top of a hexahedron, or the other side of a tetrahedron, first: such cells
 * come in turned inside out, and checks of the mesh find and turn them.
 *
 * Throws InputError (data) with line: prisms, pyramids, binary files, counts that do not agree.
 *
 * Format: AVS Developer's Guide, "UCD (unstructured cell data) file format".
 */
FileMesh read_ucd(const std::string& text, const std::string& place, double mm_per_unit);

} // namespace calcar::mesh
