#pragma once

#include "base/vec3.hpp"
#include "mesh/cell.hpp"

#include <span>
#include <vector>

namespace calcar::solid
{

/// A point of a quadrature on the reference cell.
struct ReferencePoint
{
  Vec3 xi;
  double weight = 0;
};

/**
 * The rules with which elements are integrated, in the coordinates of shape.hpp:
 *
 *   tetrahedron, degree 1: the centre (exact to degree 1);
 *   tetrahedron, degree 2: four points, the n-th nearest to corner n (exact to degree 2): Hammer,
 *     Marlowe and Stroud (1956), Math. Tables Other Aids Comput. 10, 130-137;
 *   hexahedron: 2 x 2 x 2 and 3 x 3 x 3 Gauss points, xi fastest, then eta, then zeta.
 *
 * Weights sum to the volume of the reference cell, 1/6 or 1.
 */
std::span<const ReferencePoint> reference_points(mesh::CellShape shape, int degree);

/// A rule for loads that are functions of place: 4 x 4 x 4 Gauss points, drawn together towards
/// corner 3 in tetrahedra; exact to degree 5 there and to 7 per direction in hexahedra.
std::span<const ReferencePoint> fine_reference_points(mesh::CellShape shape);

/// The same on a face: (xi, eta, 0) of the unit square, or of the unit triangle.
std::span<const ReferencePoint> fine_face_points(mesh::CellShape shape);

} // namespace calcar::solid
