#pragma once

#include "mesh/meshing.hpp"
#include "mesh/tetrahedra.hpp"

#include <map>
#include <string>
#include <vector>

namespace calcar::mesh
{

/// What is known of a body before it is meshed.
struct Expected
{
  std::vector<std::string> names;  ///< names[n - 1] of label n
  std::map<int, double> volumes;   ///< of each label, mm^3
  std::map<Patch, double> areas;   ///< mm^2
  std::vector<std::string> remedy; ///< what to do when label n came out wrong
};

/// Cells that the mesh of a body will have, about.
double predicted_cells(const MeshingBody& body, const Expected& expected);

/// Refuses a body that is empty, lacks a label, or would have too many cells: InputError (meshing).
void require_meshable(const MeshingBody& body, const Expected& expected, const MeshSizes& sizes);

/**
 * The mesh of what the mesher made, measured. Regions are in the order of labels. Throws InputError
 * (meshing) for labels whose volume is not as expected (volume_tolerance) and for cells without
 * volume; warns of cells below 5 degrees, which stay ("sliver"), and of a mesh in several pieces
 * ("pieces").
 */
MeshedSolid assembled(const Refined& refined, const Expected& expected);

/// Warns of a mesh whose surface lies far off the given one ("surface_off"), and refuses one where
/// it has lost its shape: InputError (meshing) with the place. The bounds are surface_warned_times
/// and surface_refused_share.
void judge_surface(MeshedSolid& meshed, const MeshSizes& sizes, const std::string& where);

/// The faces of cells on the patches with this label outside, ascending.
std::vector<FaceOfCell> faces_of(const Mesh& mesh, const Refined& refined, int outside);

/// Points that suffice for a number of cells.
std::size_t points_for(double cells);

/// A box with room about it.
Box grown(const Box& box, double by);

/// The labels of a patch in order.
Patch ordered(int one, int other);

} // namespace calcar::mesh
