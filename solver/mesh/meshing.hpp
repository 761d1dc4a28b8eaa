#pragma once

#include "base/error.hpp"
#include "mesh/mesh.hpp"

#include <cstdint>
#include <functional>
#include <optional>
#include <utility>
#include <vector>

namespace calcar::mesh
{

/// The labels on the two sides of a piece of surface, the smaller first. Labels from 1 on are
/// regions; 0 and below is outside.
using Patch = std::pair<int, int>;

/// A point where a segment passes from one label to another.
struct Crossing
{
  Vec3 point;
  Patch patch;
};

/**
 * A body as the mesher asks for it: the same three questions to solids given by functions and to
 * solids bounded by triangles. Passing from one label of the outside to another is no crossing.
 */
struct MeshingBody
{
  std::function<int(const Vec3&)> label;
  /// Whether there is a surface between two points, as cheaply as that can be told.
  std::function<std::optional<Patch>(const Vec3&, const Vec3&)> separated;
  /// A crossing between two points, when `separated` sees one there.
  std::function<std::optional<Crossing>(const Vec3&, const Vec3&)> crossing;
  Box box;                                     ///< holds the body with some room
  std::vector<std::vector<Vec3>> sharp_edges;  ///< polylines kept; closed when the ends are equal
  std::vector<Crossing> seeds;                 ///< points on every piece of every patch
  std::function<double(const Patch&)> surface; ///< edge length on a patch, mm
  std::function<double(int)> inside;           ///< edge length in a region, mm
  std::function<double(const Patch&)>
      approximation;           ///< how far a patch's triangles may lie off, mm
  double sharp_mm = 1;         ///< edge length along sharp edges
  bool settle_edges = false;   ///< the body has flat faces: cells along sharp edges go to the side
                               ///< they lie on (meshing_edges.hpp)
  std::size_t most_points = 0; ///< refining stops there; 0: no limit
};

/// Tetrahedra with positive volume and the triangles between labels.
struct Refined
{
  std::vector<Vec3> points;
  std::vector<std::uint32_t> corners; ///< 4 of each cell
  std::vector<int> labels;            ///< of each cell
  struct Triangle
  {
    std::array<std::uint32_t, 3> corners;
    Patch patch;
  };
  std::vector<Triangle> surface;
};

/// The mesher failed at a body with these sizes; slightly different ones may do.
class MesherGaveUp : public InputError
{
public:
  using InputError::InputError;
};

/**
 * Delaunay refinement with balls that protect sharp edges, then perturbation and exudation of
 * slivers (P. Alliez, C. Jamin, L. Rineau, S. Tayeb, J. Tournois, M. Yvinec, "3D mesh generation",
 * CGAL user and reference manual 5.5), sequentially and without limits of time: the same body gives
 * the same bits. Empty when nothing lies inside. Throws InputError (meshing) when `most_points` do
 * not suffice, MesherGaveUp (meshing) when CGAL fails.
 */
Refined refine(const MeshingBody& body);

} // namespace calcar::mesh
