#pragma once

#include "mesh/file_mesh.hpp"

#include <filesystem>
#include <string>

namespace calcar::mesh
{

/**
 * Reads an Abaqus or CalculiX input deck as people and programs write them. `place` is the path of
 * the deck: it names the place in messages, and files of *INCLUDE and INPUT= are looked for in its
 * folder. Coordinates (and the positions of instances) are multiplied by `mm_per_unit`.
 *
 * Read: *NODE, *ELEMENT (C3D4, C3D8, C3D10, C3D20 and their variants), *NSET, *ELSET, *SURFACE of
 * types ELEMENT (faces S1 ... S6 of solid elements) and NODE, *PART, *ASSEMBLY, *INSTANCE with
 * translation and rotation, *INCLUDE.
 *
 * - Regions: the element sets of sections when the deck has sections (each solid element must then
 *   be in exactly one), else the ELSETs of the *ELEMENT cards ("unnamed" for cards without), else
 *   one region "all".
 * - Elements that are not solids carry nothing here. Without a section they are geometry: triangles
 *   and quadrilaterals (CPS3, S4, ...) become face sets named by their ELSET and by the element
 *   sets that list them, lines are left out. With a section, or when they carry load without one
 *   (springs, connectors, rigid elements), the deck is refused.
 * - Names of sets are those of the deck, `instance.set` for sets of parts and instances. Names are
 *   compared regardless of case and blanks unless they are quoted. Sets marked INTERNAL are used
 *   but not handed out.
 * - Numbers in the n-th instance (from 0) are those of the deck plus n * 10^9, as Abaqus numbers at
 *   most to 999 999 999; those of the assembly's own nodes and elements plus 10^12.
 * - Materials, loads, supports and steps are not read: a warning names the cards passed over, a
 *   second one those that join or constrain the mesh (*TIE, *MPC, *COUPLING, ...).
 *
 * Throws InputError (data) at file and line for everything else that it does not understand, and
 * for what changes the mesh but is not supported: *SYSTEM, *NGEN, *NFILL, *ELGEN, *PARAMETER, ...
 */
FileMesh read_abaqus(const std::string& text, const std::string& place, double mm_per_unit);

/**
 * Writes a mesh as a deck that Abaqus, CalculiX and read_abaqus understand: *NODE, one *ELEMENT
 * card per run of cells of one region (C3D4, C3D8, C3D10; C3D20 for quadratic hexahedra: 20 of
 * their 27 nodes), a *NSET per set of points and a *SURFACE per set of faces. Coordinates are
 * written with all digits, and as numbers whose first 20 characters are a number of the same size:
 * CalculiX reads no more of them. What a name may not hold there becomes `_`; names that would
 * fall together get a number. Nodes and elements keep their numbers when these are at most
 * 999 999 999, else all are numbered from 1; mid-edge nodes are numbered after the last corner.
 */
void write_abaqus(const std::filesystem::path& file, const Mesh& mesh);

} // namespace calcar::mesh
