#pragma once

#include "mesh/abaqus_numbers.hpp"
#include "mesh/abaqus_part.hpp"

#include <string>

namespace calcar::mesh::abaqus
{

/// A copy of a part in the assembly.
struct Instance
{
  std::string name; ///< as it is shown
  std::string key;  ///< folded
  std::uint64_t offset = 0;
  Vec3 translation;           ///< first
  Mat3 rotation = identity(); ///< then, about `rotation_centre`
  Vec3 rotation_centre;
};

/// Reads the positioning lines of an *INSTANCE card: a translation, and an axis with an angle.
void read_position(Lines& lines, Instance& instance);

/// Moves a part to its place, gives its numbers the instance's offset and its sets the prefix
/// "instance.", and adds it to the assembly.
void add_instance(const Part& part, const Instance& instance, Part& assembly);

/// Makes regions, cells and pieces of surfaces of what was read. `deck` is the place of messages
/// that concern no line.
void add_cells(Part& part, const Numbers& numbers, const std::string& deck, FileMesh& mesh);

/// Makes the sets of nodes and of faces.
void add_sets(const Part& part, const Numbers& numbers, FileMesh& mesh);

} // namespace calcar::mesh::abaqus
