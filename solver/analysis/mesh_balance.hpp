#pragma once

#include "mesh/nodes.hpp"
#include "solid/body.hpp"

#include <vector>

namespace calcar::analysis
{

/// The volume around each node: every cell shares its own evenly among its nodes.
std::vector<double> node_volumes(const mesh::Mesh& mesh, const mesh::Nodes& nodes);

/// Supports of a body that its inertia balances: pins on nodes that have displacements of their
/// own, by which it is not held.
solid::Supports hold_in_place(const mesh::Nodes& nodes,
                              const std::vector<solid::HangingNode>& hanging);

/// The inertia that balances a load; `volumes` around the nodes at `points`.
std::vector<solid::NodalForce> inertia_of(const std::vector<solid::NodalForce>& forces,
                                          const std::vector<Vec3>& points,
                                          const std::vector<double>& volumes);

} // namespace calcar::analysis
