#pragma once

#include "load/load_case.hpp"
#include "mesh/nodes.hpp"
#include "solid/body.hpp"

#include <vector>

namespace calcar::solid
{

/**
 * What a rig means for a mesh: the nodes of each support fixed, or held by springs whose sum is the
 * support's stiffness, shared out by the patch's weight times the volume around a node, so that a
 * patch is not stiffer where its mesh is finer. A patch may take in nodes inside the body too,
 * which have no normal. Throws InputError (data) naming the support when no node lies in its patch.
 */
Supports supports_of(const load::Rig& rig, const mesh::Mesh& mesh, const mesh::Nodes& nodes,
                     const BoundaryNodes& boundary);

/**
 * Nodal forces of a force on its patch of the boundary; resultant exact, and its moment that of the
 * force through the patch's centre. Throws InputError (data) naming the force when the patch meets
 * fewer than three nodes not on a line.
 */
std::vector<NodalForce> forces_of(const load::AppliedForce& force, const BoundaryNodes& boundary);

} // namespace calcar::solid
