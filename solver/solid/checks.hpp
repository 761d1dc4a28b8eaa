#pragma once

#include "mesh/nodes.hpp"
#include "solid/body.hpp"

#include <vector>

namespace calcar::solid
{

/// Throws InputError (data) naming the cells: no or wrong moduli, negative or folded cells, points
/// that belong to no cell.
void check_body(const SolidBody& body);

/// Throws InputError (data) for supports on nodes that are not there, contradicting each other,
/// with numbers out of range, and for whatever they leave free to move, in words.
void check_supports(const SolidBody& body, const mesh::Nodes& nodes, const Supports& supports);

/// Throws InputError (data) for forces on nodes that are not there or that are not finite. Of the
/// mesh, the names of points and of the file count.
void check_forces(const mesh::Mesh& mesh, const std::vector<Vec3>& nodes,
                  const std::vector<NodalForce>& forces);

} // namespace calcar::solid
