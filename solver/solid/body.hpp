#pragma once

#include "base/symmetric_tensor.hpp"
#include "mesh/mesh.hpp"

#include <cstdint>
#include <string>
#include <vector>

namespace calcar::solid
{

/**
 * A node (of mesh::nodes_of) that has no displacement of its own: it lies on an edge or face of a
 * larger cell beside it, and follows that one's nodes,
 *
 *   u = sum over masters of weight * u(master).
 */
struct HangingNode
{
  std::uint32_t node = 0;
  std::vector<std::uint32_t> masters; ///< which do not hang themselves
  std::vector<double> weights;        ///< values of the larger cell's shape functions; sum 1
};

/**
 * An elastic body on a mesh: what the finite elements are given. Lives on rank 0. `youngs` and
 * `poisson` have one entry per cell, or one per integration point, cell after cell in the order of
 * integration_points(). Where cells of unequal size meet (solid/adaptive_grid.hpp), `hanging` ties
 * them; mesh::boundary_faces then lists faces between them too, which are no boundary.
 */
struct SolidBody
{
  mesh::Mesh mesh;
  std::vector<double> youngs;       ///< MPa
  std::vector<double> poisson;      ///< 1
  std::vector<HangingNode> hanging; ///< each node once
};

/// Prescribed displacement of one component (0 = x, 1 = y, 2 = z) of a node of mesh::nodes_of, mm.
struct FixedComponent
{
  std::uint32_t node = 0;
  int axis = 0;
  double displacement = 0;
  int support = 0; ///< index into Supports::names, for the reactions
};

/// An elastic foundation at a node: force = -stiffness * displacement, N/mm.
struct NodeSpring
{
  std::uint32_t node = 0;
  SymTensor stiffness;
  int support = 0;
};

/// A force on a node, N.
struct NodalForce
{
  std::uint32_t node = 0;
  Vec3 force;
};

/// What holds the body.
struct Supports
{
  std::vector<std::string> names;
  std::vector<FixedComponent> fixed;
  std::vector<NodeSpring> springs;
};

/**
 * The nodes on the boundary of a mesh for loads and supports, in the mesh's axes. `areas` are the
 * weights with which a uniform traction t acts on a node: integral over the boundary of the node's
 * shape function, mm^2 (0 at the corners of quadratic triangles); normals are outward, the mean of
 * the faces around a node weighted by their area there.
 */
struct BoundaryNodes
{
  std::vector<std::uint32_t> nodes; ///< ascending
  std::vector<Vec3> points;         ///< mm
  std::vector<Vec3> normals;        ///< unit
  std::vector<double> areas;        ///< mm^2
};
BoundaryNodes boundary_nodes(const mesh::Mesh& mesh);

/// The same over a set of faces alone.
BoundaryNodes boundary_nodes(const mesh::Mesh& mesh, const std::vector<mesh::FaceOfCell>& faces);

/**
 * The points at which elements are integrated, cell after cell: 1 and 4 in tetrahedra of degree 1
 * and 2, 2 x 2 x 2 and 3 x 3 x 3 in hexahedra. In mm.
 */
std::vector<Vec3> integration_points(const mesh::Mesh& mesh);
int integration_points_per_cell(mesh::CellShape shape, int degree);

} // namespace calcar::solid
