#pragma once

#include "geometry/triangle_surface.hpp"
#include "mesh/tetrahedra.hpp"

#include <string>

namespace calcar::mesh
{

/// Where triangles meet at more than this angle between their normals the edge is kept sharp.
constexpr double sharp_edge_deg = 60;

/**
 * Tetrahedra of what a closed surface encloses (geometry::read_surface hands out closed ones): one
 * region. The mesh's boundary lies on the triangles as near as `approximation_mm`; triangles of the
 * surface are not kept. Edges sharper than `sharp_deg` that form chains at least 1 edge of the new
 * surface long are kept as edges, so that cut ends stay flat.
 *
 * Throws InputError (meshing) as the other make_tetrahedra does, and when the surface is open or
 * cuts itself, with the place.
 */
MeshedSolid make_tetrahedra(const geometry::TriangleSurface& surface, const MeshSizes& sizes,
                            const std::string& name = "bone", double sharp_deg = sharp_edge_deg);

/**
 * A mesh made anew, of tetrahedra, from the boundary of a given one and the interfaces between its
 * regions, which keep their names: for meshes whose cells are bad but whose surfaces are good.
 * Lines where regions meet, and sharp edges as above, are kept. `lesion_mm` is the edge length on
 * interfaces; inside all regions it is `edge_mm`. Point sets, face sets and the file's numbers are
 * lost, with the warning "sets_lost" when there were sets.
 *
 * Throws InputError (meshing) like make_tetrahedra; a surface that cuts itself (overlapping cells)
 * is refused with the place, and so are hexahedra.
 */
MeshedSolid remesh(const Mesh& mesh, const MeshSizes& sizes, double sharp_deg = sharp_edge_deg);

} // namespace calcar::mesh
