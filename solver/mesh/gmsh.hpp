#pragma once

#include "mesh/file_mesh.hpp"

#include <filesystem>
#include <string>

namespace calcar::mesh
{

/**
 * Reads a mesh of Gmsh: MSH 4.1, 2.2 (also 2.0 and 2.1), as text or binary of either byte order.
 * Coordinates are multiplied by `mm_per_unit`.
 *
 * Regions are the physical volumes, by their names, else "physical volume 3". Cells in several
 * physical volumes make a region of their own, "cortex + neck" (with a warning); cells in none are
 * kept as region "volume 5" of their elementary entity, with a warning when the file has physical
 * volumes otherwise. Surfaces are the triangles and quadrilaterals in physical surfaces; those in
 * none are left out, and so are points and lines (all named in `ignored`). Partitions are read as
 * one mesh. Periodicity, ghosts and parametric coordinates are passed over, fields are left out.
 *
 * Throws InputError (data) with line, or byte in binary files: other versions, 4-byte sizes in
 * binary files, prisms, pyramids, elements of third order, counts that do not agree with what
 * follows.
 *
 * Format: C. Geuzaine, J.-F. Remacle, Gmsh reference manual, section "MSH file format".
 */
FileMesh read_gmsh(const std::string& text, const std::string& place, double mm_per_unit);

/**
 * Writes MSH 4.1 as text, coordinates to the last bit. Regions become physical volumes, face sets
 * physical surfaces; second-order meshes have their mid-edge nodes (27 nodes in a hexahedron).
 * Cells stand region after region; points and cells keep their numbers. Point sets are not
 * written. Throws InputError (command) for a name with a quotation mark or line break, which the
 * format cannot hold.
 */
void write_gmsh(const std::filesystem::path& file, const Mesh& mesh);

} // namespace calcar::mesh
