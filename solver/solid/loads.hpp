#pragma once

#include "solid/body.hpp"

#include <functional>
#include <vector>

namespace calcar::solid
{

/// Force per area (MPa) or per volume (N/mm^3) at a place, mm; a traction also sees the outward
/// unit normal.
using Traction = std::function<Vec3(Vec3 point, Vec3 normal)>;
using BodyForce = std::function<Vec3(Vec3 point)>;

/**
 * Nodal forces that do the same work on every displacement of the mesh's degree as a traction on
 * faces does: f_n = integral of N_n t dA. The rule is exact for tractions of degree 3 on flat
 * faces. Forces ascend by node.
 */
std::vector<NodalForce> traction_forces(const mesh::Mesh& mesh,
                                        const std::vector<mesh::FaceOfCell>& faces,
                                        const Traction& traction);

/// The same for a force per volume: f_n = integral of N_n b dV.
std::vector<NodalForce> body_forces(const mesh::Mesh& mesh, const BodyForce& force);

} // namespace calcar::solid
