#pragma once

#include "mesh/mesh.hpp"

#include <vector>

namespace calcar::mesh
{

/// A point of a cell with the volume it stands for, mm^3.
struct SamplePoint
{
  Vec3 point;
  double volume = 0;
  Vec3 xi; ///< in the reference cell: corners 0, 1, 2, 3 of a tetrahedron at the origin and the
           ///< ends of the axes, corners 0, 1, 3, 4 of a hexahedron
};

/**
 * Points spread evenly in a cell that is cut so often that its edges fall into pieces of at most
 * `spacing_mm`, up to 8 pieces an edge. The volumes add up to the cell's (up to the quadrature of a
 * distorted hexahedron's Jacobian by midpoints).
 */
std::vector<SamplePoint> sample_points(const Mesh& mesh, std::size_t cell, double spacing_mm);

} // namespace calcar::mesh
