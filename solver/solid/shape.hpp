#pragma once

#include "base/vec3.hpp"
#include "mesh/mesh.hpp"

#include <span>
#include <vector>

namespace calcar::solid
{

/**
 * Shape functions on the reference cell, one for each node of mesh::Nodes in its order. The
 * tetrahedron has its corners at (0, 0, 0), (1, 0, 0), (0, 1, 0), (0, 0, 1); the hexahedron is the
 * unit cube with corners 0, 1, 3, 4 at the origin and the ends of the axes xi, eta, zeta.
 */
std::span<const Vec3> reference_nodes(mesh::CellShape shape, int degree);

/// Values of all shape functions at xi.
std::vector<double> shape_values(mesh::CellShape shape, int degree, Vec3 xi);

/// Their derivatives along xi, eta, zeta.
std::vector<Vec3> shape_derivatives(mesh::CellShape shape, int degree, Vec3 xi);

/// The place of a point of the reference cell in a cell of a mesh, mm (straight edges).
Vec3 place(const mesh::Mesh& mesh, std::size_t cell, std::span<const double> corner_values);

/// Columns of the Jacobian: dx/dxi, dx/deta, dx/dzeta from the derivatives of the corners' shape
/// functions.
Mat3 jacobian(const mesh::Mesh& mesh, std::size_t cell, std::span<const Vec3> corner_derivatives);

} // namespace calcar::solid
