#pragma once

#include "mesh/mesh.hpp"

#include <cstdint>
#include <vector>

namespace calcar::mesh
{

/**
 * The faces of the cells marked as bone behind which there is no bone: those of `boundary` and
 * those towards other cells, ascending. Where hexahedra were refined unequally, `boundary` is their
 * true one, and a face beside four smaller ones, or one of these, is found by the corner that they
 * share and the point in the middle of the large one.
 */
std::vector<FaceOfCell> bone_surface(const Mesh& mesh, const std::vector<std::uint8_t>& bone,
                                     const std::vector<FaceOfCell>& boundary);

} // namespace calcar::mesh
