#include "mesh/ucd.hpp"

#include "mesh/number_stream.hpp"

#include <algorithm>
#include <array>
#include <map>

namespace calcar::mesh
{
namespace
{

constexpr const char* correct = "correct the line";

struct UcdCell
{
  const char* name;
  bool read;
  std::size_t nodes;
  ElementKind kind; ///< when read
};

constexpr std::array<UcdCell, 6> cells = {{
    {"pt", false, 1, ElementKind::tet4},
    {"line", false, 2, ElementKind::tet4},
    {"tri", true, 3, ElementKind::triangle},
    {"quad", true, 4, ElementKind::quad},
    {"tet", true, 4, ElementKind::tet4},
    {"hex", true, 8, ElementKind::hex8},
}};

/// Passes over the comments at the head; others are not part of the format.
void skip_comments(NumberStream& stream, const std::string& text)
{
  while (stream.next_record() && text[stream.position()] == '#')
    stream.line();
}

ElementBlock& block_of(FileMesh& mesh, ElementKind kind)
{
  for (ElementBlock& block : mesh.blocks)
    if (block.kind == kind)
      return block;
  mesh.blocks.emplace_back();
  mesh.blocks.back().kind = kind;
  return mesh.blocks.back();
}

const UcdCell& cell_named(const NumberStream& stream, std::string_view type, std::uint64_t tag)
{
  const auto cell =
      std::find_if(cells.begin(), cells.end(), [&](const UcdCell& c) { return type == c.name; });
  if (cell == cells.end())
    stream.refuse("cell " + std::to_string(tag) + " is of type \"" +
                      std::string(type.substr(0, 20)) + "\"",
                  "tet, hex (and tri, quad, line, pt)", "mesh the body with tetrahedra");
  return *cell;
}

/// What is left out, and how much of it.
using LeftOut = std::map<std::string, std::size_t>;

void read_cell(NumberStream& stream, const std::string& place, RegionNames& regions, FileMesh& mesh,
               LeftOut& left_out)
{
  const std::uint64_t tag = stream.natural("the number of a cell", correct);
  const std::int64_t material = stream.integer("the material of a cell");
  const UcdCell& cell = cell_named(stream, stream.word("the type of a cell"), tag);
  std::array<std::uint64_t, 8> nodes = {};
  for (std::size_t n = 0; n < cell.nodes; ++n)
    nodes.at(n) = stream.natural("the node of a cell", correct);
  stream.end_record();
  if (!cell.read || (!is_cell(cell.kind) && material == 0))
  {
    ++left_out[cell.name + std::string(cell.read ? " cells of material 0" : " cells")];
    return;
  }
  ElementBlock& block = block_of(mesh, cell.kind);
  block.tags.push_back(tag);
  block.nodes.insert(block.nodes.end(), nodes.begin(),
                     nodes.begin() + static_cast<std::ptrdiff_t>(cell.nodes));
  block.region.push_back(regions.index("material " + std::to_string(material), place));
}

void read_node(NumberStream& stream, double mm_per_unit, FileMesh& mesh)
{
  stream.next_record();
  mesh.node_tags.push_back(stream.natural("the number of a node", correct));
  Vec3 point;
  point.x = stream.real("the x coordinate of a node");
  point.y = stream.real("the y coordinate of a node");
  point.z = stream.real("the z coordinate of a node");
  mesh.points.push_back(mm_per_unit * point);
  stream.end_record();
}

} // namespace

FileMesh read_ucd(const std::string& text, const std::string& place, double mm_per_unit)
{
  NumberStream stream(text, place);
  if (!text.empty() && text.front() == 7)
    stream.refuse("a binary UCD file", "UCD as text", "save it as text");
  skip_comments(stream, text);
  const std::uint64_t nodes = stream.natural("the number of nodes", correct);
  const std::uint64_t count = stream.natural("the number of cells", correct);
  const std::uint64_t node_data = stream.natural("the number of data of each node", correct);
  const std::uint64_t cell_data = stream.natural("the number of data of each cell", correct);
  stream.natural("the number of data of the model", correct);
  stream.end_record();
  FileMesh mesh;
  stream.expect(nodes, 4, 0, "nodes");
  mesh.node_tags.reserve(nodes);
  mesh.points.reserve(nodes);
  for (std::uint64_t n = 0; n < nodes; ++n)
    read_node(stream, mm_per_unit, mesh);
  stream.expect(count, 4, 0, "cells");
  RegionNames regions;
  LeftOut left_out;
  for (std::uint64_t c = 0; c < count; ++c)
  {
    stream.next_record();
    read_cell(stream, place, regions, mesh, left_out);
  }
  const bool data = node_data + cell_data > 0;
  if (!data && stream.next_record())
    stream.refuse("more lines than " + std::to_string(nodes) + " nodes and " +
                      std::to_string(count) + " cells",
                  "as many as the first line says", correct);
  for (const auto& [words, n] : left_out)
    mesh.ignored.push_back(std::to_string(n) + " " + words);
  if (data)
    mesh.ignored.push_back("data of nodes and cells");
  mesh.regions = std::move(regions).names();
  return mesh;
}

} // namespace calcar::mesh
