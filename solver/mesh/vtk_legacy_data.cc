#include "mesh/vtk_legacy_file.hpp"
#include "mesh/vtk_numbers.hpp"

#include <charconv>

namespace calcar::mesh::vtk_legacy
{
namespace
{

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

/// Passes over data, or keeps them when they may name regions.
void read_array(File& file, const std::string& name, NumberType type, std::uint64_t tuples,
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

} // namespace

void begin_data(File& file, bool of_cells)
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
void read_scalars(File& file)
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

void read_attribute(File& file, std::uint64_t components)
{
  const std::string name = decoded(file.stream.word("the name of data"));
  const NumberType type = read_type(file.stream);
  file.stream.end_record();
  read_array(file, name, type, file.tuples, components);
}

void read_texture(File& file)
{
  file.stream.word("the name of data");
  const std::uint64_t components = file.stream.size("a number of components");
  const NumberType type = read_type(file.stream);
  file.stream.end_record();
  pass_numbers(file, type, times(file.stream, file.tuples, components));
}

/// Colours: real numbers in text, bytes in binary.
void read_colours(File& file, bool table)
{
  file.stream.word("the name of colours");
  const std::uint64_t number = file.stream.size("a number of colours");
  file.stream.end_record();
  const std::uint64_t count =
      table ? times(file.stream, number, 4) : times(file.stream, file.tuples, number);
  pass_numbers(file, file.binary ? NumberType::u8 : NumberType::f32, count);
}

/// What stands behind METADATA ends with an empty line.
void pass_metadata(File& file)
{
  file.stream.line();
  while (file.stream.position() < file.stream.length())
    if (file.stream.line().empty())
      return;
}

/// FIELD name arrays, then of each: name components tuples type.
void read_field(File& file)
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

} // namespace calcar::mesh::vtk_legacy
