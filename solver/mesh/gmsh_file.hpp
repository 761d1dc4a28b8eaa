#pragma once

#include "mesh/file_mesh.hpp"
#include "mesh/number_stream.hpp"

#include <array>
#include <cstdint>
#include <map>
#include <string>
#include <utility>
#include <vector>

namespace calcar::mesh
{

/// Dimension and number of an entity or physical group.
using GmshKey = std::pair<int, std::int64_t>;

/// What elements have in common: their entity, and in format 2.2 their physical group (0: none).
struct GmshGroup
{
  GmshKey entity;
  std::int64_t physical = 0;
  auto operator<=>(const GmshGroup&) const = default;
};

/// Elements of one kind with the group of each.
struct GmshElements
{
  ElementBlock block;
  std::vector<std::uint32_t> group; ///< of each element, index into GmshFile::groups
};

/// The sections of a file as they stand there.
struct GmshFile
{
  bool binary = false;
  bool swapped = false; ///< written on a machine of the other byte order
  bool version_2 = false;
  std::map<GmshKey, std::string> names;                   ///< of physical groups
  std::map<GmshKey, std::vector<std::int64_t>> physicals; ///< groups of each entity (4.1)
  std::map<GmshKey, GmshKey> parents;                     ///< of partitioned entities (4.1)
  std::vector<std::uint64_t> node_tags;
  std::vector<Vec3> points;             ///< in the file's unit
  std::array<GmshElements, 7> elements; ///< by ElementKind
  std::vector<GmshGroup> groups;
  std::map<int, std::size_t> left_out;        ///< how many elements of which type
  std::vector<std::string> sections_left_out; ///< "$ElementData"
};

/// The sections of format 2.2, from their first line to their $End.
void read_nodes_2(NumberStream& stream, GmshFile& file);
void read_elements_2(NumberStream& stream, GmshFile& file);

/// The sections of format 4.1.
void read_entities(NumberStream& stream, GmshFile& file);
void read_partitioned_entities(NumberStream& stream, GmshFile& file);
void read_nodes_4(NumberStream& stream, GmshFile& file);
void read_elements_4(NumberStream& stream, GmshFile& file);

/// Switches to numbers in bytes when the file is binary.
void begin_numbers(NumberStream& stream, const GmshFile& file);

/// Reads the nodes of one element of a type that is read, left out or refused.
void read_element(NumberStream& stream, std::int64_t type, std::uint64_t tag, std::uint32_t group,
                  GmshFile& file);

/// A number of a node or element; refuses negative ones.
std::uint64_t tag_of(NumberStream& stream, const char* what, bool version_2);

/// Which physical groups become which regions and surfaces: see read_gmsh().
FileMesh regions_of(GmshFile file, const std::string& place, double mm_per_unit);

} // namespace calcar::mesh
