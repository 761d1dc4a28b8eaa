#include "mesh/cell.hpp"

namespace calcar::mesh
{
namespace
{

constexpr std::array<CellFace, 4> tetrahedron_faces = {
    {{0, 2, 1, 1}, {0, 1, 3, 3}, {1, 2, 3, 3}, {2, 0, 3, 3}}};
constexpr std::array<CellEdge, 6> tetrahedron_edges = {
    {{0, 1}, {1, 2}, {2, 0}, {0, 3}, {1, 3}, {2, 3}}};

constexpr std::array<CellFace, 6> hexahedron_faces = {
    {{0, 3, 2, 1}, {4, 5, 6, 7}, {0, 1, 5, 4}, {1, 2, 6, 5}, {2, 3, 7, 6}, {3, 0, 4, 7}}};
constexpr std::array<CellEdge, 12> hexahedron_edges = {{{0, 1},
                                                        {1, 2},
                                                        {2, 3},
                                                        {3, 0},
                                                        {4, 5},
                                                        {5, 6},
                                                        {6, 7},
                                                        {7, 4},
                                                        {0, 4},
                                                        {1, 5},
                                                        {2, 6},
                                                        {3, 7}}};

constexpr ReferenceCell tetrahedron = {4, 3, tetrahedron_faces, tetrahedron_edges};
constexpr ReferenceCell hexahedron = {8, 4, hexahedron_faces, hexahedron_edges};

} // namespace

std::string to_string(CellShape shape)
{
  return shape == CellShape::tetrahedron ? "tetrahedron" : "hexahedron";
}

const ReferenceCell& reference_cell(CellShape shape)
{
  return shape == CellShape::tetrahedron ? tetrahedron : hexahedron;
}

} // namespace calcar::mesh
