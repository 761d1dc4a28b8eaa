#include "mesh/vtk_legacy_file.hpp"
#include "mesh/vtk_mesh.hpp"
#include "mesh/vtk_numbers.hpp"

#include <algorithm>
#include <array>
#include <cmath>

// VTK's own reader of this format writes beyond its arrays when a count in the cells is wrong, so
// the format is read here.

namespace calcar::mesh
{
namespace vtk_legacy
{
namespace
{

std::int64_t whole(const NumberStream& stream, double value)
{
  constexpr double most = 9e15;
  if (!(std::abs(value) < most) || value != std::floor(value))
    stream.refuse("no whole number", "whole numbers", save_again);
  return static_cast<std::int64_t>(value);
}

void read_points(File& file)
{
  const std::uint64_t count = file.stream.size("the number of points");
  const NumberType type = read_type(file.stream);
  file.stream.end_record();
  const std::uint64_t numbers = times(file.stream, count, 3);
  read_numbers(file, type, numbers, "a coordinate of a point",
               [&](std::uint64_t n, double value)
               {
                 if (n % 3 == 0)
                   file.grid.points.emplace_back();
                 if (!std::isfinite(value))
                   file.stream.refuse("a coordinate of a point is not finite", "numbers",
                                      save_again);
                 file.grid.points.back()[n % 3] = value;
               });
}

NumberType read_array_head(File& file, const std::string& keyword)
{
  file.stream.next_record();
  if (lower(file.stream.word("a keyword")) != keyword)
    file.stream.refuse("no " + keyword + " behind CELLS", keyword, save_again);
  const NumberType type = read_type(file.stream);
  file.stream.end_record();
  return type;
}

/// Version 5: where cells begin, then the nodes of all.
void read_cells_by_offsets(File& file, std::uint64_t offsets, std::uint64_t nodes)
{
  NumberType type = read_array_head(file, "offsets");
  read_numbers(file, type, offsets, "where a cell begins",
               [&](std::uint64_t, double value)
               { file.grid.first.push_back(whole(file.stream, value)); });
  type = read_array_head(file, "connectivity");
  read_numbers(file, type, nodes, "the node of a cell",
               [&](std::uint64_t, double value)
               { file.grid.nodes.push_back(whole(file.stream, value)); });
  if (file.grid.first.empty())
    file.grid.first = {0};
}

/// Before version 5: each cell the number of its nodes, then these.
void read_cells_by_counts(File& file, std::uint64_t cells, std::uint64_t numbers)
{
  std::int64_t left = 0; ///< nodes of the cell that is read
  file.grid.first = {0};
  read_numbers(file, NumberType::i32, numbers, "the node of a cell",
               [&](std::uint64_t, double number)
               {
                 const std::int64_t value = whole(file.stream, number);
                 if (left-- > 0)
                   return file.grid.nodes.push_back(value);
                 if (value < 0 || static_cast<std::uint64_t>(value) > numbers)
                   file.stream.refuse("a cell of " + std::to_string(value) + " nodes",
                                      "as many as follow", save_again);
                 left = value;
                 file.grid.first.push_back(file.grid.first.back() + value);
               });
  if (left > 0 || file.grid.first.size() != cells + 1)
    file.stream.refuse(std::to_string(numbers) + " numbers make " +
                           std::to_string(file.grid.first.size() - 1) + " cells" +
                           (left > 0 ? " and a piece" : ""),
                       std::to_string(cells) + " cells", save_again);
}

void read_cells(File& file)
{
  const std::uint64_t cells = file.stream.size("the number of cells");
  const std::uint64_t numbers = file.stream.size("the number of numbers of cells");
  file.stream.end_record();
  if (file.with_offsets)
    read_cells_by_offsets(file, cells, numbers);
  else
    read_cells_by_counts(file, cells, numbers);
}

void read_cell_types(File& file)
{
  const std::uint64_t count = file.stream.size("the number of cells");
  file.stream.end_record();
  read_numbers(file, NumberType::i32, count, "the type of a cell",
               [&](std::uint64_t, double value)
               { file.grid.types.push_back(whole(file.stream, value)); });
}

struct Keyword
{
  const char* name;
  void (*read)(File& file);
  bool once = false;
};

constexpr std::array<Keyword, 18> keywords = {{
    {"points", read_points, true},
    {"cells", read_cells, true},
    {"cell_types", read_cell_types, true},
    {"cell_data", [](File& f) { begin_data(f, true); }, true},
    {"point_data", [](File& f) { begin_data(f, false); }, true},
    {"field", read_field},
    {"scalars", read_scalars},
    {"vectors", [](File& f) { read_attribute(f, 3); }},
    {"normals", [](File& f) { read_attribute(f, 3); }},
    {"tensors", [](File& f) { read_attribute(f, 9); }},
    {"tensors6", [](File& f) { read_attribute(f, 6); }},
    {"global_ids", [](File& f) { read_attribute(f, 1); }},
    {"pedigree_ids", [](File& f) { read_attribute(f, 1); }},
    {"edge_flags", [](File& f) { read_attribute(f, 1); }},
    {"texture_coordinates", read_texture},
    {"color_scalars", [](File& f) { read_colours(f, false); }},
    {"lookup_table", [](File& f) { read_colours(f, true); }},
    {"metadata", pass_metadata},
}};

void read_section(File& file)
{
  NumberStream& stream = file.stream;
  const std::string word = lower(stream.word("a keyword"));
  const auto keyword = std::find_if(keywords.begin(), keywords.end(),
                                    [&](const Keyword& k) { return word == k.name; });
  if (keyword == keywords.end())
    stream.refuse("\"" + printable(word, 30) + "\" where a keyword should stand",
                  "POINTS, CELLS, CELL_TYPES, CELL_DATA, POINT_DATA, SCALARS, FIELD, ...",
                  "the numbers before it may be too many");
  if (keyword->once)
  {
    if (std::find(file.read.begin(), file.read.end(), word) != file.read.end())
      stream.refuse(word + " a second time", "once", save_again);
    file.read.push_back(word);
  }
  keyword->read(file);
}

/// "# vtk DataFile Version 4.2", a title, ASCII or BINARY, DATASET UNSTRUCTURED_GRID.
void read_head(File& file)
{
  NumberStream& stream = file.stream;
  const std::string first(stream.line());
  constexpr std::string_view begin = "# vtk DataFile Version ";
  if (!first.starts_with(begin) || first.size() == begin.size())
    stream.refuse("no head of a VTK file", "\"# vtk DataFile Version ...\"", save_again);
  const char major = first[begin.size()];
  if (major < '1' || major > '5')
    stream.refuse("a VTK file of version " + printable(first.substr(begin.size()), 10), "1 to 5",
                  "save it in an older version");
  file.with_offsets = major == '5';
  stream.line();
  const std::string coding = lower(stream.line());
  if (coding != "ascii" && coding != "binary")
    stream.refuse("\"" + printable(coding, 30) + "\" for the coding", "ASCII, BINARY", save_again);
  file.binary = coding == "binary";
  stream.next_record();
  const std::string dataset = lower(stream.line());
  if (dataset != "dataset unstructured_grid")
    stream.refuse("\"" + printable(dataset, 40) + "\"", "DATASET UNSTRUCTURED_GRID",
                  "save the volume mesh as an unstructured grid");
}

} // namespace
} // namespace vtk_legacy

FileMesh read_vtk(const std::string& text, const std::string& place, double mm_per_unit)
{
  vtk_legacy::File file = {NumberStream(text, place), false, false, 0, false, {}, {}};
  vtk_legacy::read_head(file);
  while (file.stream.next_record())
    vtk_legacy::read_section(file);
  for (const char* section : {"points", "cells", "cell_types"})
    if (std::find(file.read.begin(), file.read.end(), section) == file.read.end())
      file.stream.refuse(std::string("the file ends without ") + section, "", save_again);
  return file_mesh_of(file.grid, place, mm_per_unit);
}

} // namespace calcar::mesh
