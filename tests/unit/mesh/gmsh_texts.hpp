#pragma once

#include "mesh/gmsh.hpp"
#include "unit/mesh/file_support.hpp"

#include <string>

// Two tetrahedra as Gmsh and others write them as text.

namespace calcar::mesh::test
{

inline const FormatReader gmsh = {read_gmsh, "femur.msh"};

/// Format 4.1 as Gmsh writes it: a point, a line, a named surface, two volumes in groups.
inline const std::string plain_4 = "$MeshFormat\n"
                                   "4.1 0 8\n"
                                   "$EndMeshFormat\n"
                                   "$PhysicalNames\n"
                                   "3\n"
                                   "2 9 \"head load\"\n"
                                   "3 1 \"Cortex\"\n"
                                   "3 2 \"the \"soft\" part\"\n"
                                   "$EndPhysicalNames\n"
                                   "$Entities\n"
                                   "1 1 1 2\n"
                                   "1 0 0 0 0 \n"
                                   "1 0 0 0 1 0 0 0 2 1 -2 \n"
                                   "4 0 0 0 1 1 0 1 9 0 \n"
                                   "1 0 0 0 1 1 1 1 1 1 4 \n"
                                   "2 0 0 -1 1 1 0 1 2 0 \n"
                                   "$EndEntities\n"
                                   "$Nodes\n"
                                   "2 5 1 5\n"
                                   "2 4 0 3\n"
                                   "1\n"
                                   "2\n"
                                   "3\n"
                                   "0 0 0\n"
                                   "1 0 0\n"
                                   "0 1 0\n"
                                   "3 1 0 2\n"
                                   "4\n"
                                   "5\n"
                                   "0 0 1\n"
                                   "0 0 -1\n"
                                   "$EndNodes\n"
                                   "$Elements\n"
                                   "5 5 1 5\n"
                                   "0 1 15 1\n"
                                   "1 1 \n"
                                   "1 1 1 1\n"
                                   "2 1 2 \n"
                                   "2 4 2 1\n"
                                   "3 1 2 3 \n"
                                   "3 1 4 1\n"
                                   "4 1 2 3 4 \n"
                                   "3 2 4 1\n"
                                   "5 1 3 2 5 \n"
                                   "$EndElements\n";

/// Format 2.2 with partitions as a third tag and more, comments, empty lines and CRLF.
inline const std::string habits_2 = "$Comments\r\n"
                                    "made by hand, $Nodes is not a section here\r\n"
                                    "$EndComments\r\n"
                                    "a line between sections\r\n"
                                    "$MeshFormat\r\n"
                                    "2.2 0 8\r\n"
                                    "$EndMeshFormat\r\n"
                                    "\r\n"
                                    "$Nodes\r\n"
                                    "5\r\n"
                                    "\r\n"
                                    "1000000 0.0 0.0 0.0\r\n"
                                    "17 1.0E+00 0 0\r\n"
                                    "  3\t0 +1 0\r\n"
                                    "4000000000 0 0 1\r\n"
                                    "5 0 0 -1.0e0\r\n"
                                    "$EndNodes\r\n"
                                    "$Elements\r\n"
                                    "3\r\n"
                                    "12 4 4 2 30 1 2 1000000 17 3 2147483647\r\n"
                                    "\r\n"
                                    "11 4 3 -2 30 1 1000000 3 17 5\r\n"
                                    "1 2 2 8 5 1000000 17 3\r\n"
                                    "$EndElements\r\n";

} // namespace calcar::mesh::test
