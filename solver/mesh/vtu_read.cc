#include "mesh/refuse.hpp"
#include "mesh/vtk_grid.hpp"
#include "mesh/vtk_mesh.hpp"
#include "mesh/vtu_array.hpp"

#include <charconv>
#include <cmath>

// VTK's own reader of this format loses itself in damaged files (in VTK 9.1 about one in a hundred
// with a changed byte ends in a segmentation fault), so the format is read here; VTK decompresses.

namespace calcar::mesh
{
namespace
{

constexpr const char* save_again = "save the mesh again, it may be cut off or damaged";

/// How arrays are coded, from the attributes of the file.
VtuCoding coding_of(const XmlElement& file, std::string_view text, const std::string& place)
{
  if (file.name != "VTKFile" || file.attribute("type") != "UnstructuredGrid")
    refuse(place + ":" + std::to_string(file.line),
           "<" + printable(file.name, 30) + " type=\"" + printable(file.attribute("type"), 30) +
               "\">",
           "<VTKFile type=\"UnstructuredGrid\">", "save the volume mesh as an unstructured grid");
  VtuCoding coding;
  coding.text = text;
  coding.place = place;
  const std::string order = file.attribute("byte_order", "LittleEndian");
  const std::string header = file.attribute("header_type", "UInt32");
  if ((order != "LittleEndian" && order != "BigEndian") ||
      (header != "UInt32" && header != "UInt64"))
    refuse(place + ":" + std::to_string(file.line),
           "byte_order \"" + printable(order, 30) + "\" and header_type \"" +
               printable(header, 30) + "\"",
           "LittleEndian, BigEndian; UInt32, UInt64", save_again);
  coding.big_endian = order == "BigEndian";
  coding.wide_headers = header == "UInt64";
  coding.compressor = file.attribute("compressor");
  if (const XmlElement* appended = file.child("AppendedData"))
  {
    const std::size_t begin = text.find('_', appended->begin);
    const std::string encoding = appended->attribute("encoding");
    if (begin >= appended->end || (encoding != "raw" && encoding != "base64"))
      refuse(place + ":" + std::to_string(appended->line),
             "appended data of encoding \"" + printable(encoding, 30) + "\"",
             "raw or base64, and _ before the data", save_again);
    coding.appended = begin + 1;
    coding.appended_end = appended->end;
    coding.appended_base64 = encoding == "base64";
  }
  return coding;
}

const XmlElement& child_of(const VtuCoding& coding, const XmlElement& parent,
                           const std::string& name)
{
  const XmlElement* child = parent.child(name);
  if (!child)
    refuse(place_of(coding, parent), "<" + parent.name + "> without <" + name + ">", "",
           save_again);
  return *child;
}

const XmlElement& array_named(const VtuCoding& coding, const XmlElement& parent,
                              const std::string& name)
{
  for (const XmlElement& array : parent.children)
    if (array.name == "DataArray" && array.attribute("Name") == name)
      return array;
  refuse(place_of(coding, parent), "<" + parent.name + "> without an array \"" + name + "\"", "",
         save_again);
}

/// NumberOfPoints and the like: no more than any file of this length could hold (zlib packs 1032
/// times).
std::uint64_t count_of(const VtuCoding& coding, const XmlElement& piece, const std::string& name)
{
  const std::string words = piece.attribute(name);
  std::uint64_t count = 0;
  const auto parsed = std::from_chars(words.data(), words.data() + words.size(), count);
  if (words.empty() || parsed.ec != std::errc() || parsed.ptr != words.data() + words.size() ||
      count > 1100 * coding.text.size())
    refuse(place_of(coding, piece), name + "=\"" + printable(words, 30) + "\"",
           "a count that the file has room for", save_again);
  return count;
}

std::vector<std::int64_t> whole_numbers(const VtuCoding& coding, const XmlElement& array,
                                        std::optional<std::uint64_t> expected)
{
  std::vector<std::int64_t> whole;
  constexpr double most = 9e15;
  for (const double value : numbers_of(coding, array, expected))
  {
    if (!(std::abs(value) < most) || value != std::floor(value))
      refuse(place_of(coding, array),
             "array \"" + array.attribute("Name") + "\" holds what is no whole number",
             "whole numbers", save_again);
    whole.push_back(static_cast<std::int64_t>(value));
  }
  return whole;
}

void add_points(const VtuCoding& coding, const XmlElement& piece, std::uint64_t points,
                VtkGrid& grid)
{
  if (points == 0)
    return;
  const XmlElement& array = child_of(coding, child_of(coding, piece, "Points"), "DataArray");
  const std::vector<double> x = numbers_of(coding, array, 3 * points);
  for (std::size_t n = 0; n < x.size(); n += 3)
  {
    if (!std::isfinite(x[n]) || !std::isfinite(x[n + 1]) || !std::isfinite(x[n + 2]))
      refuse(place_of(coding, array),
             "point " + std::to_string(n / 3) + " (from 0) has a coordinate that is not finite",
             "numbers", save_again);
    grid.points.push_back({x[n], x[n + 1], x[n + 2]});
  }
}

/// Cells of one piece; `points` are those of the pieces before it.
void add_cells(const VtuCoding& coding, const XmlElement& piece, std::uint64_t cells,
               std::int64_t points, VtkGrid& grid)
{
  if (cells == 0)
    return;
  const XmlElement& arrays = child_of(coding, piece, "Cells");
  const auto nodes = whole_numbers(coding, array_named(coding, arrays, "connectivity"), {});
  const auto ends = whole_numbers(coding, array_named(coding, arrays, "offsets"), cells);
  const auto types = whole_numbers(coding, array_named(coding, arrays, "types"), cells);
  const auto before = static_cast<std::int64_t>(grid.nodes.size());
  for (const std::int64_t end : ends)
    grid.first.push_back(before + end);
  if (ends.back() != static_cast<std::int64_t>(nodes.size()))
    refuse(place_of(coding, arrays),
           "the last cell ends at " + std::to_string(ends.back()) + " of " +
               std::to_string(nodes.size()) + " nodes",
           "the end", save_again);
  const auto last = static_cast<std::int64_t>(grid.points.size());
  for (const std::int64_t node : nodes)
  {
    if (node < 0 || node >= last - points)
      refuse(place_of(coding, arrays), "a cell uses point " + std::to_string(node) + " (from 0)",
             "0 to " + std::to_string(last - points) + " - 1", save_again);
    grid.nodes.push_back(points + node);
  }
  grid.types.insert(grid.types.end(), types.begin(), types.end());
}

/// Cell data that may name regions. A piece without an array leaves it too short to be taken.
void add_labels(const VtuCoding& coding, const XmlElement& piece, std::uint64_t cells,
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

VtkGrid grid_of(const VtuCoding& coding, const XmlElement& element)
{
  VtkGrid grid;
  grid.first = {0};
  for (const XmlElement& piece : element.children)
  {
    if (piece.name != "Piece")
      continue;
    const auto points = static_cast<std::int64_t>(grid.points.size());
    const std::uint64_t cells = count_of(coding, piece, "NumberOfCells");
    add_points(coding, piece, count_of(coding, piece, "NumberOfPoints"), grid);
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
  const XmlElement file = parse_xml(text, place, "AppendedData");
  const VtuCoding coding = coding_of(file, text, place);
  const VtkGrid grid = grid_of(coding, child_of(coding, file, "UnstructuredGrid"));
  return file_mesh_of(grid, place, mm_per_unit);
}

} // namespace calcar::mesh
