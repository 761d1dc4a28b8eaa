#pragma once

#include "base/vec3.hpp"
#include "geometry/vtk_array.hpp"

// What the readers of VTK's XML files (.vtu, .vtp) have in common. VTK's own readers lose
// themselves in damaged files (in VTK 9.1 about one in a hundred with a changed byte ends in a
// segmentation fault). All functions throw InputError (data) with the line.

namespace calcar::geometry
{

/// How arrays are coded, from the attributes of the file; refuses another `type` than this with the
/// remedy.
VtkCoding coding_of(const XmlElement& file, std::string_view text, const std::string& place,
                    const std::string& type, const std::string& remedy);

/// The child of this name; refuses an element without.
const XmlElement& child_of(const VtkCoding& coding, const XmlElement& parent,
                           const std::string& name);

/// The <DataArray> of this name; refuses an element without.
const XmlElement& array_named(const VtkCoding& coding, const XmlElement& parent,
                              const std::string& name);

/// NumberOfPoints and the like: no more than any file of this length could hold (zlib packs 1032
/// times).
std::uint64_t count_of(const VtkCoding& coding, const XmlElement& piece, const std::string& name);

/// The numbers of an array that are to be whole.
std::vector<std::int64_t> whole_numbers(const VtkCoding& coding, const XmlElement& array,
                                        std::optional<std::uint64_t> expected);

/// The points of a piece, in the file's unit.
std::vector<Vec3> points_of(const VtkCoding& coding, const XmlElement& piece, std::uint64_t count);

/// Cells by the points they use, from 0 in their piece.
struct VtkLists
{
  std::vector<std::int64_t> nodes; ///< of cell after cell, all among the piece's points
  std::vector<std::int64_t> ends;  ///< where the nodes of each cell end; the last is the end
};

/// The `count` > 0 cells that an element lists; `what` names one ("cell"). That the ends ascend is
/// not looked at.
VtkLists lists_of(const VtkCoding& coding, const XmlElement& arrays, std::uint64_t count,
                  std::uint64_t points, const std::string& what);

} // namespace calcar::geometry
