#include "mesh/number_stream.hpp"
#include "mesh/vtk_grid.hpp"
#include "mesh/vtk_mesh.hpp"

#include <algorithm>
#include <array>
#include <cctype>
#include <charconv>
#include <cmath>

// VTK's own reader of this format writes beyond its arrays when a count in the cells is wrong, so
// the format is read here.

namespace calcar::mesh
{
namespace
{

constexpr const char* save_again = "save the mesh again, it may be cut off or damaged";

struct TypeName
{
  const char* name;
  NumberType type;
};
/// vtkIdType is written in 4 bytes whatever it is in memory; long has the 8 bytes of Unix.
constexpr std::array<TypeName, 16> types = {{{"unsigned_char", NumberType::u8},
                                             {"char", NumberType::i8},
                                             {"signed_char", NumberType::i8},
                                             {"unsigned_short", NumberType::u16},
                                             {"short", NumberType::i16},
                                             {"unsigned_int", NumberType::u32},
                                             {"int", NumberType::i32},
                                             {"unsigned_long", NumberType::u64},
                                             {"long", NumberType::i64},
                                             {"vtktypeint64", NumberType::i64},
                                             {"vtktypeuint64", NumberType::u64},
                                             {"long_long", NumberType::i64},
                                             {"unsigned_long_long", NumberType::u64},
                                             {"vtkidtype", NumberType::i32},
                                             {"float", NumberType::f32},
                                             {"double", NumberType::f64}}};

std::string lower(std::string_view word)
{
  std::string text(word);
  std::transform(text.begin(), text.end(), text.begin(),
                 [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
  return text;
}

/// Names of arrays have blanks and the like as %20.
std::string decoded(std::string_view word)
{
  std::string text;
  for (std::size_t n = 0; n < word.size(); ++n)
  {
    unsigned int code = 0;
    const char* digits = word.data() + n + 1;
    if (word[n] == '%' && n + 2 < word.size() &&
        std::from_chars(digits, digits + 2, code, 16).ptr == digits + 2)
    {
      text += static_cast<char>(code);
      n += 2;
    }
    else
      text += word[n];
  }
  return text;
}

/// A file while it is read.
struct Legacy
{
  NumberStream stream;
  bool binary = false;
  bool with_offsets = false;     ///< version 5: cells by offsets and connectivity
  std::uint64_t tuples = 0;      ///< of the data that are read: one for each point or cell
  bool of_cells = false;         ///< the data are those of cells
  std::vector<std::string> read; ///< sections that may stand there once
  VtkGrid grid;
};

NumberType read_type(NumberStream& stream)
{
  const std::string name = lower(stream.word("a type of numbers"));
  const auto type =
      std::find_if(types.begin(), types.end(), [&](const TypeName& t) { return name == t.name; });
  if (type == types.end())
    stream.refuse("numbers of type \"" + name.substr(0, 20) + "\"", "int, float, double, ...",
                  "save the mesh as .vtu, or without such data");
  return type->type;
}

/// Hands each of `count` numbers to `take`; in text they stand on lines as it happens.
template <typename Take>
void read_numbers(Legacy& file, NumberType type, std::uint64_t count, const char* what, Take take)
{
  NumberStream& stream = file.stream;
  if (file.binary)
    stream.set_binary(true); // the format is big-endian
  stream.expect(count, 1, bytes_of(type), "numbers");
  for (std::uint64_t n = 0; n < count; ++n)
  {
    stream.next_record();
    take(n, stream.number(type, what));
  }
  stream.set_text();
}

void pass_numbers(Legacy& file, NumberType type, std::uint64_t count)
{
  file.stream.expect(count, 1, bytes_of(type), "numbers");
  if (file.binary)
    return file.stream.skip(count * bytes_of(type), "data");
  for (std::uint64_t n = 0; n < count; ++n)
  {
    file.stream.next_record();
    file.stream.word("data");
  }
}

std::int64_t whole(const NumberStream& stream, double value)
{
  constexpr double most = 9e15;
  if (!(std::abs(value) < most) || value != std::floor(value))
    stream.refuse("no whole number", "whole numbers", save_again);
  return static_cast<std::int64_t>(value);
}

/// A product of counts that cannot overflow: nothing that follows could hold more.
std::uint64_t times(const NumberStream& stream, std::uint64_t tuples, std::uint64_t components)
{
  constexpr std::uint64_t most = std::uint64_t{1} << 31;
  if (tuples >= most || components >= most)
    stream.refuse(std::to_string(tuples) + " times " + std::to_string(components) + " numbers", "",
                  save_again);
  return tuples * components;
}

/// Passes over data, or keeps them when they may name regions.
void read_array(Legacy& file, const std::string& name, NumberType type, std::uint64_t tuples,
                std::uint64_t components)
{
  const std::uint64_t count = times(file.stream, tuples, components);
  if (!file.of_cells || components != 1 || !is_wanted(name))
    return pass_numbers(file, type, count);
  std::vector<double> values;
  read_numbers(file, type, count, "data of a cell",
               [&](std::uint64_t, double value) { values.push_back(value); });
  file.grid.labels[name] = std::move(values);
}

void read_points(Legacy& file)
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

NumberType read_array_head(Legacy& file, const std::string& keyword)
{
  file.stream.next_record();
  if (lower(file.stream.word("a keyword")) != keyword)
    file.stream.refuse("no " + keyword + " behind CELLS", keyword, save_again);
  const NumberType type = read_type(file.stream);
  file.stream.end_record();
  return type;
}

/// Version 5: where cells begin, then the nodes of all.
void read_cells_by_offsets(Legacy& file, std::uint64_t offsets, std::uint64_t nodes)
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
void read_cells_by_counts(Legacy& file, std::uint64_t cells, std::uint64_t numbers)
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

void read_cells(Legacy& file)
{
  const std::uint64_t cells = file.stream.size("the number of cells");
  const std::uint64_t numbers = file.stream.size("the number of numbers of cells");
  file.stream.end_record();
  if (file.with_offsets)
    read_cells_by_offsets(file, cells, numbers);
  else
    read_cells_by_counts(file, cells, numbers);
}

void read_cell_types(Legacy& file)
{
  const std::uint64_t count = file.stream.size("the number of cells");
  file.stream.end_record();
  read_numbers(file, NumberType::i32, count, "the type of a cell",
               [&](std::uint64_t, double value)
               { file.grid.types.push_back(whole(file.stream, value)); });
}

void begin_data(Legacy& file, bool of_cells)
{
  file.of_cells = of_cells;
  file.tuples = file.stream.size("the number of points or cells");
  file.stream.end_record();
  const std::size_t expected = of_cells ? file.grid.types.size() : file.grid.points.size();
  if (file.tuples != expected)
    file.stream.refuse("data of " + std::to_string(file.tuples) + (of_cells ? " cells" : " points"),
                       std::to_string(expected), save_again);
}

/// SCALARS name type [components], then a line with the name of a table of colours.
void read_scalars(Legacy& file)
{
  NumberStream& stream = file.stream;
  const std::string name = decoded(stream.word("the name of data"));
  const NumberType type = read_type(stream);
  const std::uint64_t components =
      stream.at_end_of_record() ? 1 : stream.size("a number of components");
  stream.end_record();
  stream.next_record();
  if (lower(stream.word("LOOKUP_TABLE")) != "lookup_table")
    stream.refuse("no LOOKUP_TABLE behind SCALARS", "LOOKUP_TABLE default", save_again);
  stream.line();
  read_array(file, name, type, file.tuples, components);
}

/// VECTORS name type and the like.
void read_attribute(Legacy& file, std::uint64_t components)
{
  const std::string name = decoded(file.stream.word("the name of data"));
  const NumberType type = read_type(file.stream);
  file.stream.end_record();
  read_array(file, name, type, file.tuples, components);
}

void read_texture(Legacy& file)
{
  file.stream.word("the name of data");
  const std::uint64_t components = file.stream.size("a number of components");
  const NumberType type = read_type(file.stream);
  file.stream.end_record();
  pass_numbers(file, type, times(file.stream, file.tuples, components));
}

/// Colours: real numbers in text, bytes in binary.
void read_colours(Legacy& file, bool table)
{
  file.stream.word("the name of colours");
  const std::uint64_t number = file.stream.size("a number of colours");
  file.stream.end_record();
  const std::uint64_t count =
      table ? times(file.stream, number, 4) : times(file.stream, file.tuples, number);
  pass_numbers(file, file.binary ? NumberType::u8 : NumberType::f32, count);
}

/// What stands behind METADATA ends with an empty line.
void pass_metadata(Legacy& file)
{
  file.stream.line();
  while (file.stream.position() < file.stream.length())
    if (file.stream.line().empty())
      return;
}

/// FIELD name arrays, then of each: name components tuples type.
void read_field(Legacy& file)
{
  NumberStream& stream = file.stream;
  stream.word("the name of a field");
  const std::uint64_t arrays = stream.size("the number of arrays");
  stream.end_record();
  for (std::uint64_t n = 0; n < arrays; ++n)
  {
    stream.next_record();
    std::string name(stream.word("the name of an array"));
    if (lower(name) == "metadata")
    {
      pass_metadata(file);
      stream.next_record();
      name = stream.word("the name of an array");
    }
    const std::uint64_t components = stream.size("a number of components");
    const std::uint64_t tuples = stream.size("a number of tuples");
    if (lower(stream.rest_of_line()) == "string" && !file.binary)
    {
      const std::uint64_t lines = times(stream, tuples, components);
      stream.line();
      stream.expect(lines, 1, 1, "texts");
      for (std::uint64_t k = 0; k < lines; ++k)
        stream.line();
      continue;
    }
    const NumberType type = read_type(stream);
    stream.end_record();
    const bool of_cells = file.of_cells;
    file.of_cells = of_cells && tuples == file.tuples;
    read_array(file, decoded(name), type, tuples, components);
    file.of_cells = of_cells;
  }
}

struct Keyword
{
  const char* name;
  void (*read)(Legacy& file);
  bool once = false;
};

constexpr std::array<Keyword, 18> keywords = {{
    {"points", read_points, true},
    {"cells", read_cells, true},
    {"cell_types", read_cell_types, true},
    {"cell_data", [](Legacy& f) { begin_data(f, true); }, true},
    {"point_data", [](Legacy& f) { begin_data(f, false); }, true},
    {"field", read_field},
    {"scalars", read_scalars},
    {"vectors", [](Legacy& f) { read_attribute(f, 3); }},
    {"normals", [](Legacy& f) { read_attribute(f, 3); }},
    {"tensors", [](Legacy& f) { read_attribute(f, 9); }},
    {"tensors6", [](Legacy& f) { read_attribute(f, 6); }},
    {"global_ids", [](Legacy& f) { read_attribute(f, 1); }},
    {"pedigree_ids", [](Legacy& f) { read_attribute(f, 1); }},
    {"edge_flags", [](Legacy& f) { read_attribute(f, 1); }},
    {"texture_coordinates", read_texture},
    {"color_scalars", [](Legacy& f) { read_colours(f, false); }},
    {"lookup_table", [](Legacy& f) { read_colours(f, true); }},
    {"metadata", pass_metadata},
}};

void read_section(Legacy& file)
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
void read_head(Legacy& file)
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

FileMesh read_vtk(const std::string& text, const std::string& place, double mm_per_unit)
{
  Legacy file = {NumberStream(text, place), false, false, 0, false, {}, {}};
  read_head(file);
  while (file.stream.next_record())
    read_section(file);
  for (const char* section : {"points", "cells", "cell_types"})
    if (std::find(file.read.begin(), file.read.end(), section) == file.read.end())
      file.stream.refuse(std::string("the file ends without ") + section, "", save_again);
  return file_mesh_of(file.grid, place, mm_per_unit);
}

} // namespace calcar::mesh
