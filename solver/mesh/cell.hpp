#pragma once

#include <array>
#include <cstdint>
#include <span>
#include <string>

namespace calcar::mesh
{

/// Shape of the cells of a mesh; a mesh has one.
enum class CellShape : std::uint8_t
{
  tetrahedron,
  hexahedron
};

std::string to_string(CellShape shape);

/// A face by the cell's corners, counter-clockwise seen from outside; a triangle's fourth entry
/// repeats its third.
using CellFace = std::array<std::uint8_t, 4>;
/// An edge by two of the cell's corners.
using CellEdge = std::array<std::uint8_t, 2>;

/**
 * The reference cells, in VTK's order of corners, which is also that of Gmsh and Abaqus: a
 * tetrahedron has its corner 3 on the side of face (0, 1, 2) from which 0, 1, 2 run
 * counter-clockwise; a hexahedron has 0, 1, 2, 3 around its bottom, counter-clockwise seen from its
 * top 4, 5, 6, 7. Face f is the face that Abaqus calls S(f+1); edges are in VTK's order, in which a
 * quadratic cell lists its mid-edge nodes, and Abaqus too (Gmsh lists them otherwise).
 */
struct ReferenceCell
{
  int corners;
  int corners_of_face; ///< 3 or 4
  std::span<const CellFace> faces;
  std::span<const CellEdge> edges;
};

const ReferenceCell& reference_cell(CellShape shape);

} // namespace calcar::mesh
