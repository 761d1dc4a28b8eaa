#include "geometry/vtk_file.hpp"
#include "mesh/vtk_grid.hpp"
#include "mesh/vtk_mesh.hpp"

namespace calcar::mesh
{
namespace
{
using geometry::VtkCoding;
using geometry::XmlElement;

/// Cells of one piece; its points stand behind `before` others.
void add_cells(const VtkCoding& coding, const XmlElement& piece, std::uint64_t cells,
               std::int64_t before, VtkGrid& grid)
{
  if (cells == 0)
    return;
  const XmlElement& arrays = child_of(coding, piece, "Cells");
  const std::uint64_t points = grid.points.size() - static_cast<std::uint64_t>(before);
  const geometry::VtkLists lists = lists_of(coding, arrays, cells, points, "cell");
  const auto types = whole_numbers(coding, array_named(coding, arrays, "types"), cells);
  const auto first = static_cast<std::int64_t>(grid.nodes.size());
  for (const std::int64_t end : lists.ends)
    grid.first.push_back(first + end);
  for (const std::int64_t node : lists.nodes)
    grid.nodes.push_back(before + node);
  grid.types.insert(grid.types.end(), types.begin(), types.end());
}

/// Cell data that may name regions. A piece without an array leaves it too short to be taken.
void add_labels(const VtkCoding& coding, const XmlElement& piece, std::uint64_t cells,
                VtkGrid& grid)
{
  const XmlElement* data = piece.child("CellData");
  for (std::size_t n = 0; data && cells > 0 && n < data->children.size(); ++n)
  {
    const XmlElement& array = data->children[n];
    const std::string name = array.attribute("Name");
    if (array.name != "DataArray" || !is_wanted(name) ||
        array.attribute("NumberOfComponents", "1") != "1")
      continue;
    const std::vector<double> values = numbers_of(coding, array, cells);
    auto& labels = grid.labels[name];
    labels.insert(labels.end(), values.begin(), values.end());
  }
}

VtkGrid grid_of(const VtkCoding& coding, const XmlElement& element)
{
  VtkGrid grid;
  grid.first = {0};
  for (const XmlElement& piece : element.children)
  {
    if (piece.name != "Piece")
      continue;
    const auto points = static_cast<std::int64_t>(grid.points.size());
    const std::uint64_t cells = count_of(coding, piece, "NumberOfCells");
    const auto added = points_of(coding, piece, count_of(coding, piece, "NumberOfPoints"));
    grid.points.insert(grid.points.end(), added.begin(), added.end());
    add_cells(coding, piece, cells, points, grid);
    add_labels(coding, piece, cells, grid);
  }
  if (const XmlElement* field = element.child("FieldData"))
    for (const XmlElement& array : field->children)
      if (array.attribute("Name") == "region_names" && array.attribute("type") == "String")
        grid.region_names = texts_of(coding, array);
  return grid;
}

} // namespace

FileMesh read_vtu(const std::string& text, const std::string& place, double mm_per_unit)
{
  const XmlElement file = geometry::parse_xml(text, place, "AppendedData");
  const VtkCoding coding = coding_of(file, text, place, "UnstructuredGrid",
                                     "save the volume mesh as an unstructured grid");
  const VtkGrid grid = grid_of(coding, child_of(coding, file, "UnstructuredGrid"));
  return file_mesh_of(grid, place, mm_per_unit);
}

} // namespace calcar::mesh
