#pragma once

#include "mesh/file_mesh.hpp"

#include <filesystem>
#include <string>
#include <vector>

namespace calcar::mesh
{

/**
 * Reads an unstructured grid of VTK: the legacy format (.vtk, text or binary), or XML (.vtu, text,
 * base64 or appended, compressed or not). Tetrahedra, hexahedra and voxels of first and second
 * order are read, triangles, quadrilaterals and pixels as surfaces. Points and cells are numbered
 * from 1. Coordinates are multiplied by `mm_per_unit`.
 *
 * Regions come from the first array of whole numbers among the cell data that has one of the names
 * in `region_arrays()`: value 3 of "material" is region "material 3". Files written by write_vtu
 * have the names too. Without such an array there is one region, "all", and surfaces are left out.
 *
 * Throws InputError (data): other data sets, other kinds of cells, ghost cells, numbers that lead
 * nowhere, counts that the file has no room for; in the legacy format with line (byte in binary
 * files), for .vtu in the words of VTK's own reader. Fields are passed over, text in binary legacy
 * files is refused.
 *
 * Format: VTK User's Guide, "VTK file formats".
 */
FileMesh read_vtk(const std::string& text, const std::string& place, double mm_per_unit);
FileMesh read_vtu(const std::string& text, const std::string& place, double mm_per_unit);

/// Names of cell data that are taken for regions, the first one that is there.
const std::vector<std::string>& region_arrays();

/// A field that is written beside a mesh: `components` values of every cell, or of every node of
/// nodes_of, one after the other.
struct MeshField
{
  std::string name;
  int components = 1;
  std::vector<float> values;
};

/**
 * Writes .vtu (appended, compressed), coordinates to the last bit; second-order meshes with their
 * mid-edge nodes (27 nodes in a hexahedron). Regions are the cell data "region", numbers from 0,
 * their names the field data "region_names". Sets and the numbers of the file are not written.
 */
void write_vtu(const std::filesystem::path& file, const Mesh& mesh,
               const std::vector<MeshField>& of_cells = {},
               const std::vector<MeshField>& of_nodes = {});

} // namespace calcar::mesh
