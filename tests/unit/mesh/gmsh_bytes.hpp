#pragma once

#include "mesh/mesh.hpp"

#include <string>
#include <vector>

namespace calcar::mesh::test
{

/// A mesh of first order as Gmsh writes it in binary, on a machine of this or the other byte order.
/// Regions and surfaces are entities 1, 2, ... in groups of the same numbers.
std::string gmsh_4_bytes(const Mesh& mesh, bool swapped);
std::string gmsh_2_bytes(const Mesh& mesh, bool swapped);

/// Format 2.2 with nodes numbered from 1, and one element of a type.
std::string gmsh_2_element(int type, const std::vector<Vec3>& nodes,
                           const std::vector<std::size_t>& order);

} // namespace calcar::mesh::test
