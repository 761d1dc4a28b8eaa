#pragma once

#include "mesh/file_mesh.hpp"

#include <string>
#include <string_view>

namespace calcar::mesh::abaqus
{

/// What an element of a deck is here.
enum class Role
{
  cell,    ///< a solid
  surface, ///< a triangle or quadrilateral: geometry, unless a section gives it something to carry
  left_out ///< a line or a point mass: the same, and left out
};

/// Elements that a deck may hold.
struct ElementType
{
  std::string_view name; ///< "C3D10"; of a surface or line the part before variants like "R"
  Role role;
  ElementKind kind;            ///< of cells and surfaces
  int nodes;                   ///< numbers on its data line after its own
  std::string_view difference; ///< of a variant of a solid from what is computed here
};

/**
 * The entry for TYPE=`name` (folded). Throws InputError at `place` for types that are not solids
 * supported here, nor geometry: it names the types that are.
 */
const ElementType& element_type(const std::string& name, const std::string& place);

} // namespace calcar::mesh::abaqus
