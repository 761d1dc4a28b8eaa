#include "mesh/file_cells.hpp"
#include "mesh/refuse.hpp"
#include "mesh/tag_index.hpp"

#include <algorithm>
#include <cmath>
#include <set>

namespace calcar::mesh
{
namespace
{

constexpr std::uint32_t unused = 0xffffffff;

std::string number(std::uint64_t n)
{
  return std::to_string(n);
}

bool is_tetrahedron(ElementKind kind)
{
  return kind == ElementKind::tet4 || kind == ElementKind::tet10;
}

/// The one kind of cell that a file has.
ElementKind kind_of_cells(const FileMesh& file, const std::string& place)
{
  std::set<ElementKind> kinds;
  for (const ElementBlock& block : file.blocks)
    if (is_cell(block.kind) && !block.tags.empty())
      kinds.insert(block.kind);
  if (kinds.empty())
  {
    std::string left_out;
    for (const std::string& words : file.ignored)
      left_out += (left_out.empty() ? ", only " : ", ") + words;
    refuse(place, "no tetrahedra or hexahedra" + left_out, "a mesh of the bone's volume",
           "mesh the volume, or give a closed surface to calcar mesh");
  }
  if (kinds.size() > 1)
  {
    const std::string both = to_string(*kinds.begin()) + " and " + to_string(*kinds.rbegin());
    if (is_tetrahedron(*kinds.begin()) != is_tetrahedron(*kinds.rbegin()))
      refuse(place, both + " in one mesh", "one shape of cells",
             "mesh the whole body with tetrahedra");
    refuse(place, both + " in one mesh", "one order of elements",
           "save all elements of first or all of second order");
  }
  return *kinds.begin();
}

void check_tags(const FileMesh& file, const TagIndex& nodes, const std::string& place)
{
  if (nodes.given_twice())
    refuse(place, "node number " + number(*nodes.given_twice()) + " is given twice",
           "each number once", "renumber the nodes");
  for (std::size_t n = 0; n < file.points.size(); ++n)
    for (std::size_t axis = 0; axis < 3; ++axis)
      if (!std::isfinite(file.points[n][axis]))
        refuse(place, "node " + number(file.node_tags[n]) + " has a coordinate that is not finite",
               "numbers", "correct the node");
}

/// Appends the cells of one block; refuses nodes that are not there or stand twice in an element.
void append(const ElementBlock& block, const TagIndex& index, const std::string& place,
            FileCells& cells)
{
  const std::size_t per_cell = node_count(block.kind);
  for (std::size_t e = 0; e < block.tags.size(); ++e)
  {
    const std::size_t first = cells.nodes.size();
    for (std::size_t n = 0; n < per_cell; ++n)
    {
      const std::uint64_t tag = block.nodes[per_cell * e + n];
      const auto node = index.find(tag);
      if (!node)
        refuse(place,
               "element " + number(block.tags[e]) + " uses node " + number(tag) +
                   ", which the file does not have",
               "", "save the mesh again with all its nodes");
      if (std::find(cells.nodes.begin() + static_cast<std::ptrdiff_t>(first), cells.nodes.end(),
                    *node) != cells.nodes.end())
        refuse(place, "element " + number(block.tags[e]) + " lists node " + number(tag) + " twice",
               "different nodes (no hexahedra collapsed to wedges)", "remesh with whole elements");
      cells.nodes.push_back(*node);
    }
  }
  cells.tags.insert(cells.tags.end(), block.tags.begin(), block.tags.end());
  cells.region.insert(cells.region.end(), block.region.begin(), block.region.end());
}

FileCells cells_of(const FileMesh& file, const TagIndex& index, const std::string& place)
{
  FileCells cells;
  cells.kind = kind_of_cells(file, place);
  cells.shape = is_tetrahedron(cells.kind) ? CellShape::tetrahedron : CellShape::hexahedron;
  cells.corners = static_cast<std::size_t>(reference_cell(cells.shape).corners);
  for (const ElementBlock& block : file.blocks)
    if (is_cell(block.kind))
      append(block, index, place, cells);
  return cells;
}

/// What the nodes are to the cells.
enum class Role : std::uint8_t
{
  none,
  middle,
  corner
};

std::vector<Role> roles_of(const FileCells& cells, const FileMesh& file, const std::string& place)
{
  std::vector<Role> roles(file.points.size(), Role::none);
  for (std::size_t c = 0; c < cells.size(); ++c)
    for (std::size_t n = 0; n < cells.cell(c).size(); ++n)
    {
      const Role role = n < cells.corners ? Role::corner : Role::middle;
      Role& known = roles[cells.cell(c)[n]];
      if (known != Role::none && known != role)
        refuse(place,
               "node " + number(file.node_tags[cells.cell(c)[n]]) + " of element " +
                   number(cells.tags[c]) +
                   " is a corner of one element and a mid-edge node of another",
               "elements that meet at whole faces", "remesh without hanging nodes");
      known = role;
    }
  return roles;
}

/// Numbers from 1 on need not be kept.
std::vector<std::uint64_t> unless_consecutive(std::vector<std::uint64_t> tags)
{
  for (std::size_t n = 0; n < tags.size(); ++n)
    if (tags[n] != n + 1)
      return tags;
  return {};
}

/// Moves the corners into the mesh; returns the mesh's point of each node of the file.
std::vector<std::uint32_t> add_points(const FileMesh& file, const std::vector<Role>& roles,
                                      const std::string& place, ReadMesh& read)
{
  std::vector<std::uint32_t> point(roles.size(), unused);
  std::vector<std::uint64_t> tags;
  std::size_t without_cell = 0;
  for (std::size_t n = 0; n < roles.size(); ++n)
  {
    without_cell += roles[n] == Role::none;
    if (roles[n] != Role::corner)
      continue;
    point[n] = static_cast<std::uint32_t>(read.mesh.points.size());
    read.mesh.points.push_back(file.points[n]);
    tags.push_back(file.node_tags[n]);
  }
  read.mesh.point_tags = unless_consecutive(std::move(tags));
  if (without_cell > 0)
    read.warnings.push_back({"mesh_unused_nodes",
                             number(without_cell) +
                                 (without_cell == 1 ? " node is" : " nodes are") +
                                 " used by no cell and left out",
                             place});
  return point;
}

/// Keeps the names of regions that have cells, in the file's order.
void add_regions(const FileMesh& file, const FileCells& cells, Mesh& mesh)
{
  std::vector<std::uint16_t> renumbered(file.regions.size(), 0);
  std::vector<bool> has_cells(file.regions.size(), false);
  for (const std::uint16_t region : cells.region)
    has_cells.at(region) = true;
  for (std::size_t r = 0; r < file.regions.size(); ++r)
    if (has_cells[r])
    {
      renumbered[r] = static_cast<std::uint16_t>(mesh.regions.size());
      mesh.regions.push_back(file.regions[r]);
    }
  mesh.region.reserve(cells.size());
  for (const std::uint16_t region : cells.region)
    mesh.region.push_back(renumbered[region]);
}

void add_cells(FileCells cells, const std::vector<std::uint32_t>& point, Mesh& mesh)
{
  mesh.corners.reserve(cells.size() * cells.corners);
  for (std::size_t c = 0; c < cells.size(); ++c)
    for (std::size_t n = 0; n < cells.corners; ++n)
      mesh.corners.push_back(point[cells.cell(c)[n]]);
  mesh.cell_tags = unless_consecutive(std::move(cells.tags));
}

void add_point_sets(const FileMesh& file, const TagIndex& index,
                    const std::vector<std::uint32_t>& point, const std::string& place,
                    ReadMesh& read)
{
  for (const FileNodeSet& set : file.node_sets)
  {
    PointSet points = {set.name, {}};
    for (const std::uint64_t tag : set.nodes)
    {
      const auto node = index.find(tag);
      if (!node)
        refuse(place,
               "node set \"" + set.name + "\" names node " + number(tag) +
                   ", which the file does not have",
               "", "correct the set");
      if (point[*node] != unused)
        points.points.push_back(point[*node]);
    }
    std::sort(points.points.begin(), points.points.end());
    points.points.erase(std::unique(points.points.begin(), points.points.end()),
                        points.points.end());
    if (points.points.empty())
      read.warnings.push_back(
          {"mesh_empty_set",
           "node set \"" + set.name + "\" has no corner of a cell and is left out", place});
    else
      read.mesh.point_sets.push_back(std::move(points));
  }
}

void add_face_sets(const FileMesh& file, const TagIndex& cells, const std::string& place,
                   Mesh& mesh)
{
  const std::size_t faces = reference_cell(mesh.shape).faces.size();
  for (const FileFaceSet& set : file.face_sets)
  {
    FaceSet found = {set.name, {}};
    for (const auto& [tag, face] : set.faces)
    {
      const auto cell = cells.find(tag);
      if (!cell || face >= faces)
        refuse(place,
               "surface \"" + set.name + "\" names face " + number(face + 1U) + " of element " +
                   number(tag) +
                   (cell ? ", a " + to_string(mesh.shape) : ", which is no cell of the file"),
               "", "correct the surface");
      found.faces.push_back({*cell, face});
    }
    std::sort(found.faces.begin(), found.faces.end());
    found.faces.erase(std::unique(found.faces.begin(), found.faces.end()), found.faces.end());
    mesh.face_sets.push_back(std::move(found));
  }
}

} // namespace

ReadMesh assemble(FileMesh file, const Source& source)
{
  const std::string& place = source.path;
  ReadMesh read = {{}, std::move(file.warnings), std::move(file.included)};
  const TagIndex nodes(file.node_tags);
  check_tags(file, nodes, place);
  FileCells cells = cells_of(file, nodes, place);
  const TagIndex cell_index(cells.tags);
  if (cell_index.given_twice())
    refuse(place, "element number " + number(*cell_index.given_twice()) + " is given twice",
           "each number once", "renumber the elements");
  const std::vector<Role> roles = roles_of(cells, file, place);
  check_distinct(cells, place);
  check_straight(cells, file, place);

  read.mesh.shape = cells.shape;
  read.mesh.degree = node_count(cells.kind) == cells.corners ? 1 : 2;
  read.mesh.source = source;
  const std::vector<std::uint32_t> point = add_points(file, roles, place, read);
  add_regions(file, cells, read.mesh);
  add_cells(std::move(cells), point, read.mesh);
  add_point_sets(file, nodes, point, place, read);
  add_face_sets(file, cell_index, place, read.mesh);
  add_surfaces(file, point, read);
  for (const std::string& words : file.ignored)
    read.warnings.push_back({"mesh_left_out", words + " left out", place});
  return read;
}

} // namespace calcar::mesh
