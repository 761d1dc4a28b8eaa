#pragma once

#include "mesh/number_stream.hpp"
#include "mesh/vtk_grid.hpp"

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

/// The legacy format of VTK while it is read: numbers of a section, and the sections of data.
namespace calcar::mesh::vtk_legacy
{

/// A file while it is read.
struct File
{
  NumberStream stream;
  bool binary = false;
  bool with_offsets = false;     ///< version 5: cells by offsets and connectivity
  std::uint64_t tuples = 0;      ///< of the data that are read: one for each point or cell
  bool of_cells = false;         ///< the data are those of cells
  std::vector<std::string> read; ///< sections that may stand there once
  VtkGrid grid;
};

/// In small letters, which keywords may have or not.
std::string lower(std::string_view word);

/// Reads the name of a type of numbers.
NumberType read_type(NumberStream& stream);

/// Hands each of `count` numbers to `take`; in text they stand on lines as it happens.
template <typename Take>
void read_numbers(File& file, NumberType type, std::uint64_t count, const char* what, Take take)
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

/// Passes over `count` numbers.
void pass_numbers(File& file, NumberType type, std::uint64_t count);

/// A product of counts that cannot overflow: nothing that follows could hold more.
std::uint64_t times(const NumberStream& stream, std::uint64_t tuples, std::uint64_t components);

/// POINT_DATA or CELL_DATA: what follows belongs to points or to cells.
void begin_data(File& file, bool of_cells);

/// The kinds of data, from what stands behind their keyword to their end. Those that may name
/// regions go into File::grid, others are passed over.
void read_scalars(File& file);
void read_attribute(File& file, std::uint64_t components); ///< VECTORS name type and the like
void read_texture(File& file);
void read_colours(File& file, bool table);
void read_field(File& file);
void pass_metadata(File& file);

} // namespace calcar::mesh::vtk_legacy
