#pragma once

#include "mesh/file_mesh.hpp"

#include <filesystem>
#include <string>
#include <vector>

namespace calcar::mesh
{

/**
 * Reads a mesh; the extension chooses the format: .msh (Gmsh 2.2 and 4.1, ASCII and binary), .inp
 * (Abaqus, or AVS UCD when it begins as such), .ucd, .vtk, .vtu. Coordinates are multiplied by
 * `mm_per_unit` (1000 for a file in metres). Throws InputError (data) with file and line for what
 * cannot be read, an unknown extension with the known ones.
 */
ReadMesh read_mesh(const std::filesystem::path& file, double mm_per_unit = 1);

/// Writes a mesh; the extension chooses: .msh (Gmsh 4.1 ASCII), .inp (Abaqus), .vtu. Second-order
/// meshes are written with mid-edge nodes. Throws InputError (command) for another extension.
void write_mesh(const std::filesystem::path& file, const Mesh& mesh);

/// The extensions that read_mesh knows: ".inp", ".msh", ...
const std::vector<std::string>& mesh_extensions();

} // namespace calcar::mesh
