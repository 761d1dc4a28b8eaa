#include "mesh/vtk_grid.hpp"

#include "base/text.hpp"
#include "mesh/refuse.hpp"
#include "mesh/vtk_mesh.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <unordered_map>

namespace calcar::mesh
{
namespace
{

constexpr const char* damaged = "the file is damaged, save it again";
constexpr const char* ghosts = "vtkGhostType";

/// Voxels and pixels count their corners row by row.
constexpr std::array<std::uint8_t, 8> by_rows = {0, 1, 3, 2, 4, 5, 7, 6};
constexpr std::array<std::uint8_t, 27> as_listed = {0,  1,  2,  3,  4,  5,  6,  7,  8,
                                                    9,  10, 11, 12, 13, 14, 15, 16, 17,
                                                    18, 19, 20, 21, 22, 23, 24, 25, 26};

/// A type of cell by VTK's number (vtkCellType.h).
struct VtkCell
{
  int type;
  std::size_t nodes;
  ElementKind kind;
  const std::uint8_t* order;
};
constexpr std::array<VtkCell, 12> cells = {{
    {10, 4, ElementKind::tet4, as_listed.data()},
    {24, 10, ElementKind::tet10, as_listed.data()},
    {12, 8, ElementKind::hex8, as_listed.data()},
    {11, 8, ElementKind::hex8, by_rows.data()},
    {25, 20, ElementKind::hex20, as_listed.data()},
    {29, 27, ElementKind::hex27, as_listed.data()},
    {5, 3, ElementKind::triangle, as_listed.data()},
    {22, 6, ElementKind::triangle, as_listed.data()},
    {9, 4, ElementKind::quad, as_listed.data()},
    {8, 4, ElementKind::quad, by_rows.data()},
    {23, 8, ElementKind::quad, as_listed.data()},
    {28, 9, ElementKind::quad, as_listed.data()},
}};

struct Name
{
  int type;
  const char* name;
};
/// Points and lines.
constexpr std::array<Name, 5> left_out = {
    {{1, "vertex"}, {2, "vertices"}, {3, "line"}, {4, "lines"}, {21, "quadratic line"}}};
constexpr std::array<Name, 13> refused = {{{6, "triangle strip"},
                                           {7, "polygon"},
                                           {13, "wedge"},
                                           {14, "pyramid"},
                                           {15, "pentagonal prism"},
                                           {16, "hexagonal prism"},
                                           {26, "quadratic wedge"},
                                           {27, "quadratic pyramid"},
                                           {33, "biquadratic-quadratic hexahedron"},
                                           {41, "convex point set"},
                                           {42, "polyhedron"},
                                           {71, "Lagrange tetrahedron"},
                                           {72, "Lagrange hexahedron"}}};

std::string number(std::uint64_t n)
{
  return std::to_string(n);
}

void check_connectivity(const VtkGrid& grid, const std::string& place)
{
  if (grid.first.size() != grid.types.size() + 1 || grid.first.front() != 0)
    refuse(place,
           number(grid.types.size()) + " types of cells for " + number(grid.first.size()) +
               " - 1 cells",
           "equal numbers", damaged);
  for (std::size_t c = 0; c + 1 < grid.first.size(); ++c)
    if (grid.first[c + 1] < grid.first[c] ||
        grid.first[c + 1] > static_cast<std::int64_t>(grid.nodes.size()))
      refuse(place,
             "the nodes of cell " + number(c + 1) + " end at " + std::to_string(grid.first[c + 1]) +
                 " of " + number(grid.nodes.size()),
             "places that ascend", damaged);
  const auto ghost = grid.labels.find(ghosts);
  if (ghost == grid.labels.end())
    return;
  for (std::size_t c = 0; c < ghost->second.size(); ++c)
    if (ghost->second[c] != 0)
      refuse(place, "cell " + number(c + 1) + " is a ghost cell", "each cell once",
             "save the grid without ghost cells");
}

bool are_whole_numbers(const std::vector<double>& values)
{
  constexpr double most = 9e15; // whole numbers beyond it are not exact
  return std::all_of(values.begin(), values.end(),
                     [](double v) { return std::abs(v) < most && v == std::floor(v); });
}

/// The array that names the regions; "" without one. Warns of others that might have been meant.
std::string choose_labels(const VtkGrid& grid, const std::string& place, Warnings& warnings)
{
  std::string chosen;
  std::vector<std::string> others;
  for (const std::string& name : region_arrays())
  {
    const auto array = grid.labels.find(name);
    if (array == grid.labels.end())
      continue;
    if (chosen.empty() && array->second.size() == grid.types.size() &&
        are_whole_numbers(array->second))
      chosen = name;
    else
      others.push_back("\"" + name + "\"");
  }
  if (!others.empty())
    warnings.push_back({"mesh_region_arrays",
                        "regions are taken from " +
                            (chosen.empty() ? "no cell data" : "cell data \"" + chosen + "\"") +
                            ", not from " + join(others),
                        place});
  return chosen;
}

std::string region_name(const VtkGrid& grid, const std::string& array, double value)
{
  if (array.empty())
    return "all";
  if (array == "region" && value >= 0 && value < static_cast<double>(grid.region_names.size()))
    return grid.region_names[static_cast<std::size_t>(value)];
  return array + " " + std::to_string(static_cast<std::int64_t>(value));
}

const VtkCell& cell_of_type(std::int64_t type, std::size_t nodes, std::uint64_t tag,
                            const std::string& place)
{
  const auto cell =
      std::find_if(cells.begin(), cells.end(), [&](const VtkCell& c) { return c.type == type; });
  if (cell == cells.end())
  {
    const auto name =
        std::find_if(refused.begin(), refused.end(), [&](const Name& n) { return n.type == type; });
    refuse(place,
           "cell " + number(tag) + " is of VTK type " + std::to_string(type) +
               (name == refused.end() ? "" : " (" + std::string(name->name) + ")"),
           "tetrahedra or hexahedra of first or second order, with their surfaces",
           "mesh the body with tetrahedra");
  }
  if (nodes != cell->nodes)
    refuse(place,
           "cell " + number(tag) + " of VTK type " + std::to_string(type) + " has " +
               number(nodes) + " nodes",
           number(cell->nodes), damaged);
  return *cell;
}

/// Adds one cell; everything counts from 1.
void add_cell(const VtkGrid& grid, std::size_t c, const VtkCell& cell, std::uint16_t region,
              const std::string& place, ElementBlock& block)
{
  for (std::size_t n = 0; n < node_count(cell.kind); ++n)
  {
    const std::int64_t node = grid.nodes[static_cast<std::size_t>(grid.first[c]) + cell.order[n]];
    if (node < 0 || static_cast<std::size_t>(node) >= grid.points.size())
      refuse(place, "cell " + number(c + 1) + " uses point " + std::to_string(node) + " (from 0)",
             "0 to " + number(grid.points.size()) + " - 1", damaged);
    block.nodes.push_back(static_cast<std::uint64_t>(node) + 1);
  }
  block.tags.push_back(c + 1);
  block.region.push_back(region);
}

void add_cells(const VtkGrid& grid, const std::string& place, FileMesh& mesh)
{
  const std::string array = choose_labels(grid, place, mesh.warnings);
  std::unordered_map<double, std::uint16_t> region_of;
  RegionNames names;
  std::array<ElementBlock, 7> blocks;
  std::size_t lines = 0, unnamed = 0;
  for (std::size_t c = 0; c < grid.types.size(); ++c)
  {
    if (std::any_of(left_out.begin(), left_out.end(),
                    [&](const Name& n) { return n.type == grid.types[c]; }))
    {
      ++lines;
      continue;
    }
    const auto count = static_cast<std::size_t>(grid.first[c + 1] - grid.first[c]);
    const VtkCell& cell = cell_of_type(grid.types[c], count, c + 1, place);
    if (!is_cell(cell.kind) && array.empty())
    {
      ++unnamed;
      continue;
    }
    const double value = array.empty() ? 0 : grid.labels.at(array)[c];
    const auto [region, is_new] = region_of.try_emplace(value, 0);
    if (is_new)
      region->second = names.index(region_name(grid, array, value), place);
    add_cell(grid, c, cell, region->second, place, blocks.at(static_cast<std::size_t>(cell.kind)));
  }
  for (std::size_t kind = 0; kind < blocks.size(); ++kind)
  {
    blocks[kind].kind = static_cast<ElementKind>(kind);
    if (!blocks[kind].tags.empty())
      mesh.blocks.push_back(std::move(blocks[kind]));
  }
  if (lines > 0)
    mesh.ignored.push_back(number(lines) + " points and lines");
  if (unnamed > 0)
    mesh.ignored.push_back(number(unnamed) + " triangles and quadrilaterals without cell data that "
                                             "name their surface");
  mesh.regions = std::move(names).names();
}

} // namespace

const std::vector<std::string>& region_arrays()
{
  static const std::vector<std::string> names = {
      "region",        "regions",     "material",         "materials",       "Material",
      "MaterialIds",   "MaterialIDs", "MaterialID",       "material_id",     "mat_id",
      "gmsh:physical", "medit:ref",   "CellEntityIds",    "PhysicalIds",     "physical",
      "label",         "labels",      "gmsh:geometrical", "ElementBlockIds", "PartId"};
  return names;
}

bool is_wanted(const std::string& cell_data)
{
  const auto& names = region_arrays();
  return cell_data == ghosts || std::find(names.begin(), names.end(), cell_data) != names.end();
}

FileMesh file_mesh_of(const VtkGrid& grid, const std::string& place, double mm_per_unit)
{
  check_connectivity(grid, place);
  FileMesh mesh;
  mesh.points.reserve(grid.points.size());
  for (std::size_t p = 0; p < grid.points.size(); ++p)
  {
    mesh.points.push_back(mm_per_unit * grid.points[p]);
    mesh.node_tags.push_back(p + 1);
  }
  add_cells(grid, place, mesh);
  return mesh;
}

} // namespace calcar::mesh
