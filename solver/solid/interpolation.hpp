#pragma once

#include "base/symmetric_tensor.hpp"
#include "mesh/cell.hpp"

#include <span>

namespace calcar::solid
{

/**
 * The strain at a point of a cell from those at its integration points (in the order of
 * reference_points): constant and linear in tetrahedra of degree 1 and 2, which is the strain of
 * these elements itself; in hexahedra the polynomial of degree 1 or 2 in each direction through the
 * Gauss points, which is the strain where the cell is a parallelepiped. `xi` is in the coordinates
 * of shape.hpp; the values are extrapolated beyond the integration points.
 */
SymTensor strain_at(mesh::CellShape shape, int degree, Vec3 xi,
                    std::span<const SymTensor> at_points);

} // namespace calcar::solid
