#include "mesh/gmsh_elements.hpp"
#include "mesh/gmsh_file.hpp"

#include <algorithm>

namespace calcar::mesh
{
namespace
{

constexpr const char* save_again = "save the mesh again from Gmsh";

/// The group with this content, added when it is new; the last one is tried first.
std::uint32_t group_of(const GmshGroup& group, std::map<GmshGroup, std::uint32_t>& known,
                       GmshFile& file)
{
  if (!file.groups.empty() && file.groups.back() == group)
    return static_cast<std::uint32_t>(file.groups.size() - 1);
  const auto [entry, is_new] =
      known.try_emplace(group, static_cast<std::uint32_t>(file.groups.size()));
  if (is_new)
    file.groups.push_back(group);
  return entry->second;
}

Vec3 read_point(NumberStream& stream)
{
  Vec3 point;
  point.x = stream.real("the x coordinate of a node");
  point.y = stream.real("the y coordinate of a node");
  point.z = stream.real("the z coordinate of a node");
  return point;
}

/// The first line of a section of format 2.2: always text.
std::uint64_t read_count_2(NumberStream& stream, const char* what)
{
  stream.next_record();
  const std::uint64_t count = stream.size(what);
  stream.end_record();
  return count;
}

int dimension_of(const GmshElement* element)
{
  return element ? element->dimension : 3;
}

/// Physical group and entity of an element of format 2.2; its further tags are partitions.
GmshGroup read_tags_2(NumberStream& stream, int dimension, std::int64_t tags)
{
  GmshGroup group = {{dimension, 0}, 0};
  for (std::int64_t t = 0; t < tags; ++t)
  {
    const std::int64_t tag = stream.integer("a tag of an element");
    if (t == 0)
      group.physical = tag < 0 ? -tag : tag;
    else if (t == 1)
      group.entity.second = tag;
  }
  return group;
}

std::int64_t read_tag_count(NumberStream& stream)
{
  const std::int64_t tags = stream.integer("the number of tags");
  if (tags < 0)
    stream.refuse("a number of tags of " + std::to_string(tags), "0 or more", save_again);
  stream.expect(static_cast<std::uint64_t>(tags), 1, 4, "tags");
  return tags;
}

/// Physical groups of an entity; a sign tells of their orientation.
std::vector<std::int64_t> read_physicals(NumberStream& stream)
{
  const std::uint64_t count = stream.size("the number of physical groups");
  stream.expect(count, 1, 4, "physical groups");
  std::vector<std::int64_t> physicals;
  for (std::uint64_t n = 0; n < count; ++n)
  {
    const std::int64_t tag = stream.integer("a physical group");
    physicals.push_back(tag < 0 ? -tag : tag);
  }
  return physicals;
}

/// From the coordinates of an entity to its end.
void read_entity(NumberStream& stream, GmshKey key, GmshFile& file)
{
  const int numbers = key.first == 0 ? 3 : 6;
  for (int n = 0; n < numbers; ++n)
    stream.real("a coordinate of an entity");
  file.physicals[key] = read_physicals(stream);
  if (key.first > 0)
  {
    const std::uint64_t count = stream.size("the number of bounding entities");
    stream.expect(count, 1, 4, "bounding entities");
    for (std::uint64_t n = 0; n < count; ++n)
      stream.integer("a bounding entity");
  }
  stream.end_record();
}

std::array<std::uint64_t, 4> read_entity_counts(NumberStream& stream)
{
  std::array<std::uint64_t, 4> counts = {};
  stream.next_record();
  for (auto& count : counts)
    count = stream.size("a number of entities");
  stream.end_record();
  for (const auto count : counts)
    stream.expect(count, 5, 36, "entities");
  return counts;
}

int read_dimension(NumberStream& stream)
{
  const std::int64_t dimension = stream.integer("the dimension of an entity");
  if (dimension < 0 || dimension > 3)
    stream.refuse("an entity of dimension " + std::to_string(dimension), "0, 1, 2, 3", save_again);
  return static_cast<int>(dimension);
}

/// Numbers of blocks and records, and the smallest and largest number, which are not needed.
std::pair<std::uint64_t, std::uint64_t> read_counts_4(NumberStream& stream, const char* what)
{
  stream.next_record();
  const std::uint64_t blocks = stream.size("the number of blocks");
  const std::uint64_t records = stream.size(what);
  stream.size("the smallest number");
  stream.size("the largest number");
  stream.end_record();
  stream.expect(blocks, 4, 20, "blocks");
  return {blocks, records};
}

void check_total(const NumberStream& stream, std::uint64_t found, std::uint64_t announced,
                 const char* what)
{
  if (found != announced)
    stream.refuse(std::to_string(found) + " " + what + " in the blocks, but " +
                      std::to_string(announced) + " at the head of the section",
                  "equal numbers", save_again);
}

/// Tags of all nodes of a block, then their coordinates.
void read_node_block(NumberStream& stream, GmshFile& file)
{
  stream.next_record();
  const int dimension = read_dimension(stream);
  stream.integer("the number of an entity");
  const std::int64_t parametric = stream.integer("0 or 1 (parametric coordinates)");
  if (parametric != 0 && parametric != 1)
    stream.refuse(std::to_string(parametric) + " for parametric coordinates", "0, 1", save_again);
  const std::uint64_t count = stream.size("the number of nodes of a block");
  stream.end_record();
  stream.expect(count, 4, 32, "nodes");
  for (std::uint64_t n = 0; n < count; ++n)
  {
    stream.next_record();
    file.node_tags.push_back(tag_of(stream, "the number of a node", false));
    stream.end_record();
  }
  for (std::uint64_t n = 0; n < count; ++n)
  {
    stream.next_record();
    file.points.push_back(read_point(stream));
    for (int p = 0; parametric == 1 && p < dimension; ++p)
      stream.real("a parametric coordinate");
    stream.end_record();
  }
}

std::uint64_t read_element_block(NumberStream& stream, GmshFile& file)
{
  stream.next_record();
  const int dimension = read_dimension(stream);
  const std::int64_t entity = stream.integer("the number of an entity");
  const std::int64_t type = stream.integer("the type of an element");
  const GmshElement* element = gmsh_element(type);
  if (element && element->dimension != dimension)
    stream.refuse(to_string(*element) + " in an entity of dimension " + std::to_string(dimension),
                  "elements of the dimension of their entity", save_again);
  const std::uint64_t count = stream.size("the number of elements of a block");
  stream.end_record();
  const bool known = element && element->use != GmshUse::refuse;
  const std::size_t nodes = known ? element->nodes : 1;
  stream.expect(count, 1 + nodes, 8 * (1 + nodes), "elements");
  file.groups.push_back({{dimension, entity}, 0});
  const auto group = static_cast<std::uint32_t>(file.groups.size() - 1);
  for (std::uint64_t e = 0; e < count; ++e)
  {
    stream.next_record();
    const std::uint64_t tag = tag_of(stream, "the number of an element", false);
    read_element(stream, type, tag, group, file);
    stream.end_record();
  }
  return count;
}

} // namespace

void begin_numbers(NumberStream& stream, const GmshFile& file)
{
  if (file.binary)
    stream.set_binary(file.swapped);
}

std::uint64_t tag_of(NumberStream& stream, const char* what, bool version_2)
{
  return version_2 ? stream.natural(what, save_again) : stream.size(what);
}

void read_element(NumberStream& stream, std::int64_t type, std::uint64_t tag, std::uint32_t group,
                  GmshFile& file)
{
  const GmshElement* element = gmsh_element(type);
  if (!element || element->use == GmshUse::refuse)
    stream.refuse(
        "element " + std::to_string(tag) + " is one of the " +
            (element ? to_string(*element)
                     : "elements of Gmsh type " + std::to_string(type) + ", which is not known"),
        "tetrahedra or hexahedra of first or second order, with their surfaces",
        "mesh the body with tetrahedra, Mesh.ElementOrder = 1 or 2");
  std::array<std::uint64_t, 27> nodes = {};
  for (std::size_t n = 0; n < element->nodes; ++n)
    nodes.at(n) = tag_of(stream, "the node of an element", file.version_2);
  if (element->use == GmshUse::leave_out)
  {
    ++file.left_out[element->type];
    return;
  }
  GmshElements& to = file.elements.at(static_cast<std::size_t>(element->kind));
  to.block.tags.push_back(tag);
  to.group.push_back(group);
  for (const std::uint8_t from : gmsh_order(element->kind))
    to.block.nodes.push_back(nodes[from]);
}

void read_nodes_2(NumberStream& stream, GmshFile& file)
{
  const std::uint64_t count = read_count_2(stream, "the number of nodes");
  begin_numbers(stream, file);
  stream.expect(count, 4, 28, "nodes");
  file.node_tags.reserve(count);
  file.points.reserve(count);
  for (std::uint64_t n = 0; n < count; ++n)
  {
    if (!file.binary)
      stream.next_record();
    file.node_tags.push_back(tag_of(stream, "the number of a node", true));
    file.points.push_back(read_point(stream));
    stream.end_record();
  }
}

void read_elements_2(NumberStream& stream, GmshFile& file)
{
  const std::uint64_t count = read_count_2(stream, "the number of elements");
  begin_numbers(stream, file);
  stream.expect(count, 4, 8, "elements");
  std::map<GmshGroup, std::uint32_t> known;
  for (std::uint64_t e = 0; e < count;)
  {
    std::uint64_t tag = 0;
    if (!file.binary)
    {
      stream.next_record();
      tag = tag_of(stream, "the number of an element", true);
    }
    const std::int64_t type = stream.integer("the type of an element");
    const std::int64_t follow = file.binary ? stream.integer("a number of elements") : 1;
    if (follow < 1 || static_cast<std::uint64_t>(follow) > count - e)
      stream.refuse("a block of " + std::to_string(follow) + " elements",
                    "1 to " + std::to_string(count - e), save_again);
    const std::int64_t tags = read_tag_count(stream);
    for (std::int64_t n = 0; n < follow; ++n, ++e)
    {
      if (file.binary)
        tag = tag_of(stream, "the number of an element", true);
      const GmshGroup group = read_tags_2(stream, dimension_of(gmsh_element(type)), tags);
      read_element(stream, type, tag, group_of(group, known, file), file);
    }
    stream.end_record();
  }
}

void read_entities(NumberStream& stream, GmshFile& file)
{
  begin_numbers(stream, file);
  const auto counts = read_entity_counts(stream);
  for (int dimension = 0; dimension < 4; ++dimension)
    for (std::uint64_t n = 0; n < counts[static_cast<std::size_t>(dimension)]; ++n)
    {
      stream.next_record();
      read_entity(stream, {dimension, stream.integer("the number of an entity")}, file);
    }
}

void read_partitioned_entities(NumberStream& stream, GmshFile& file)
{
  begin_numbers(stream, file);
  stream.next_record();
  stream.size("the number of partitions");
  stream.end_record();
  stream.next_record();
  const std::uint64_t ghosts = stream.size("the number of ghost entities");
  stream.end_record();
  stream.expect(ghosts, 2, 8, "ghost entities");
  for (std::uint64_t g = 0; g < ghosts; ++g)
  {
    stream.next_record();
    stream.integer("the number of a ghost entity");
    stream.integer("a partition");
    stream.end_record();
  }
  const auto counts = read_entity_counts(stream);
  for (int dimension = 0; dimension < 4; ++dimension)
    for (std::uint64_t n = 0; n < counts[static_cast<std::size_t>(dimension)]; ++n)
    {
      stream.next_record();
      const GmshKey key = {dimension, stream.integer("the number of an entity")};
      const int parent_dimension = static_cast<int>(stream.integer("the dimension of a parent"));
      file.parents[key] = {parent_dimension, stream.integer("the number of a parent")};
      const std::uint64_t partitions = stream.size("the number of partitions");
      stream.expect(partitions, 1, 4, "partitions");
      for (std::uint64_t p = 0; p < partitions; ++p)
        stream.integer("a partition");
      read_entity(stream, key, file);
    }
}

void read_nodes_4(NumberStream& stream, GmshFile& file)
{
  begin_numbers(stream, file);
  const auto [blocks, count] = read_counts_4(stream, "the number of nodes");
  stream.expect(count, 4, 32, "nodes");
  file.node_tags.reserve(count);
  file.points.reserve(count);
  for (std::uint64_t b = 0; b < blocks; ++b)
    read_node_block(stream, file);
  check_total(stream, file.points.size(), count, "nodes");
}

void read_elements_4(NumberStream& stream, GmshFile& file)
{
  begin_numbers(stream, file);
  const auto [blocks, count] = read_counts_4(stream, "the number of elements");
  stream.expect(count, 2, 16, "elements");
  std::uint64_t found = 0;
  for (std::uint64_t b = 0; b < blocks; ++b)
    found += read_element_block(stream, file);
  check_total(stream, found, count, "elements");
}

} // namespace calcar::mesh
