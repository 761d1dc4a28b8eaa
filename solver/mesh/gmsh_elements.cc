#include "mesh/gmsh_elements.hpp"

#include <algorithm>
#include <array>

namespace calcar::mesh
{
namespace
{

using enum GmshUse;
constexpr ElementKind none = ElementKind::tet4;

constexpr std::array<GmshElement, 36> elements = {{
    {1, "2-node lines", 1, 2, leave_out, none},
    {2, "3-node triangles", 2, 3, read, ElementKind::triangle},
    {3, "4-node quadrilaterals", 2, 4, read, ElementKind::quad},
    {4, "4-node tetrahedra", 3, 4, read, ElementKind::tet4},
    {5, "8-node hexahedra", 3, 8, read, ElementKind::hex8},
    {6, "6-node prisms", 3, 6, refuse, none},
    {7, "5-node pyramids", 3, 5, refuse, none},
    {8, "3-node lines", 1, 3, leave_out, none},
    {9, "6-node triangles", 2, 6, read, ElementKind::triangle},
    {10, "9-node quadrilaterals", 2, 9, read, ElementKind::quad},
    {11, "10-node tetrahedra", 3, 10, read, ElementKind::tet10},
    {12, "27-node hexahedra", 3, 27, read, ElementKind::hex27},
    {13, "18-node prisms", 3, 18, refuse, none},
    {14, "14-node pyramids", 3, 14, refuse, none},
    {15, "points", 0, 1, leave_out, none},
    {16, "8-node quadrilaterals", 2, 8, read, ElementKind::quad},
    {17, "20-node hexahedra", 3, 20, read, ElementKind::hex20},
    {18, "15-node prisms", 3, 15, refuse, none},
    {19, "13-node pyramids", 3, 13, refuse, none},
    {20, "9-node triangles of third order", 2, 9, refuse, none},
    {21, "10-node triangles of third order", 2, 10, refuse, none},
    {22, "12-node triangles of fourth order", 2, 12, refuse, none},
    {23, "15-node triangles of fourth order", 2, 15, refuse, none},
    {24, "15-node triangles of fifth order", 2, 15, refuse, none},
    {25, "21-node triangles of fifth order", 2, 21, refuse, none},
    {26, "4-node lines", 1, 4, leave_out, none},
    {27, "5-node lines", 1, 5, leave_out, none},
    {28, "6-node lines", 1, 6, leave_out, none},
    {29, "20-node tetrahedra of third order", 3, 20, refuse, none},
    {30, "35-node tetrahedra of fourth order", 3, 35, refuse, none},
    {31, "56-node tetrahedra of fifth order", 3, 56, refuse, none},
    {36, "16-node quadrilaterals of third order", 2, 16, refuse, none},
    {37, "25-node quadrilaterals of fourth order", 2, 25, refuse, none},
    {38, "36-node quadrilaterals of fifth order", 2, 36, refuse, none},
    {92, "64-node hexahedra of third order", 3, 64, refuse, none},
    {93, "125-node hexahedra of fourth order", 3, 125, refuse, none},
}};

/// Gmsh lists the edges of a tetrahedron as (0,1) (1,2) (2,0) (0,3) (2,3) (1,3).
constexpr std::array<std::uint8_t, 10> of_tetrahedron = {0, 1, 2, 3, 4, 5, 6, 7, 9, 8};

/// Gmsh lists the edges of a hexahedron as (0,1) (0,3) (0,4) (1,2) (1,5) (2,3) (2,6) (3,7) (4,5)
/// (4,7) (5,6) (6,7), and its faces as bottom, (0,1,5,4), (0,4,7,3), (1,2,6,5), (2,3,7,6), top.
constexpr std::array<std::uint8_t, 27> of_hexahedron = {0,  1,  2,  3,  4,  5,  6,  7,  8,
                                                        11, 13, 9,  16, 18, 19, 17, 10, 12,
                                                        14, 15, 22, 23, 21, 24, 20, 25, 26};

} // namespace

const GmshElement* gmsh_element(std::int64_t type)
{
  const auto found = std::find_if(elements.begin(), elements.end(),
                                  [&](const GmshElement& e) { return e.type == type; });
  return found == elements.end() ? nullptr : &*found;
}

std::string to_string(const GmshElement& element)
{
  return std::string(element.name) + " (Gmsh type " + std::to_string(element.type) + ")";
}

std::span<const std::uint8_t> gmsh_order(ElementKind kind)
{
  const std::size_t nodes = node_count(kind);
  if (kind == ElementKind::tet4 || kind == ElementKind::tet10)
    return {of_tetrahedron.data(), nodes};
  return {of_hexahedron.data(), nodes};
}

} // namespace calcar::mesh
