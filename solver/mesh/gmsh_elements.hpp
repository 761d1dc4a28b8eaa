#pragma once

#include "mesh/file_mesh.hpp"

#include <cstdint>
#include <span>
#include <string>

namespace calcar::mesh
{

/// What Calcar does with an element of Gmsh.
enum class GmshUse : std::uint8_t
{
  read,
  leave_out, ///< points and lines
  refuse
};

/// An element of Gmsh by its number in the format.
struct GmshElement
{
  int type;
  const char* name; ///< plural
  int dimension;
  std::size_t nodes;
  GmshUse use;
  ElementKind kind; ///< when read
};

/// Nothing (nullptr) for a type that the table does not know.
const GmshElement* gmsh_element(std::int64_t type);

/// "12-node lines (Gmsh type 1)"
std::string to_string(const GmshElement& element);

/// Where Gmsh lists the node that VTK lists n-th; the corners only for surfaces.
std::span<const std::uint8_t> gmsh_order(ElementKind kind);

} // namespace calcar::mesh
