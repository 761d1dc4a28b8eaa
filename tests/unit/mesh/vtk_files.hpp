#pragma once

#include "mesh/vtk_mesh.hpp"
#include "unit/mesh/file_support.hpp"

#include <string>

// Two tetrahedra as VTK and others write them.

namespace calcar::mesh::test
{

inline const FormatReader legacy_vtk = {read_vtk, "femur.vtk"};
inline const FormatReader vtu = {read_vtu, "femur.vtu"};

/// The habit of version 2: cells with their counts, a table of colours, labels that are real.
inline const std::string legacy_2 = "# vtk DataFile Version 2.0\n"
                                    "femur\n"
                                    "ASCII\n"
                                    "DATASET UNSTRUCTURED_GRID\n"
                                    "POINTS 5 float\n"
                                    "0 0 0 1 0 0\n"
                                    "0 1 0 0 0 1 0 0 -1\n"
                                    "CELLS 4 17\n"
                                    "4 0 1 2 3\n"
                                    "4 0 2 1 4\n"
                                    "3 0 1 3\n"
                                    "2 0 1\n"
                                    "CELL_TYPES 4\n"
                                    "10\n10\n5\n3\n"
                                    "CELL_DATA 4\n"
                                    "SCALARS density float 1\n"
                                    "LOOKUP_TABLE default\n"
                                    "0.5 0.25 0 0\n"
                                    "SCALARS material float 1\n"
                                    "LOOKUP_TABLE default\n"
                                    "3 1 8 0\n";

/// Version 5: offsets and connectivity, labels in a field.
inline const std::string legacy_5 = "# vtk DataFile Version 5.1\n"
                                    "femur\n"
                                    "ASCII\n"
                                    "DATASET UNSTRUCTURED_GRID\n"
                                    "POINTS 5 double\n"
                                    "0 0 0 1 0 0 0 1 0 0 0 1 0 0 -1 \n"
                                    "\n"
                                    "CELLS 3 8\n"
                                    "OFFSETS vtktypeint64\n"
                                    "0 4 8 \n"
                                    "CONNECTIVITY vtktypeint64\n"
                                    "0 1 2 3 0 2 1 4 \n"
                                    "CELL_TYPES 2\n"
                                    "10\n10\n"
                                    "\n"
                                    "CELL_DATA 2\n"
                                    "FIELD FieldData 2\n"
                                    "density 1 2 double\n"
                                    "0.5 0.25\n"
                                    "CellEntityIds 1 2 int\n"
                                    "2 4\n";

/// The legacy format in binary: most significant byte first.
std::string legacy_binary();

/// The ways of writing the arrays of a .vtu.
enum class Habit
{
  ascii,
  base64_inline,
  big_endian, ///< base64
  raw_appended
};

std::string two_tetrahedra_as_vtu(Habit habit);

} // namespace calcar::mesh::test
