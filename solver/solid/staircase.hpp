#pragma once

#include "solid/body.hpp"

namespace calcar::solid
{

/**
 * The boundary of a staircase of cubes, which has neither the true normal nor the true area: as
 * model::surface_of has it for voxels. Normals are those of the body smoothed over `reach_mm`,
 *
 *   n(x) = -sum V (1 - d / reach) (c - x) / |...|   over the cells with centre c at d < reach,
 *
 * and areas are integrals of the node's shape function times |n . n_face|, exact for a plane of any
 * direction. `faces` are the boundary of the mesh.
 */
BoundaryNodes staircase_nodes(const mesh::Mesh& mesh, const std::vector<mesh::FaceOfCell>& faces,
                              double reach_mm);

} // namespace calcar::solid
