#pragma once

#include "mesh/file_mesh.hpp"

#include <cstdint>
#include <map>
#include <string>
#include <vector>

namespace calcar::mesh
{

/// What a file of VTK holds of an unstructured grid.
struct VtkGrid
{
  std::vector<Vec3> points;        ///< in the file's unit
  std::vector<std::int64_t> first; ///< where the nodes of each cell begin; one more than cells
  std::vector<std::int64_t> nodes; ///< of cell after cell, from 0
  std::vector<std::int64_t> types; ///< of each cell
  std::map<std::string, std::vector<double>> labels; ///< cell data for which is_wanted()
  std::vector<std::string> region_names;             ///< field data of write_vtu
};

/// Is this one of the arrays that VtkGrid::labels is for: regions, or ghost cells?
bool is_wanted(const std::string& cell_data);

/// Makes a FileMesh of it by the rules of read_vtk(); refuses numbers that lead nowhere.
FileMesh file_mesh_of(const VtkGrid& grid, const std::string& place, double mm_per_unit);

} // namespace calcar::mesh
