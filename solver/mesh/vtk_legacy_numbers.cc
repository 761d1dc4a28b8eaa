#include "mesh/vtk_legacy_file.hpp"
#include "mesh/vtk_numbers.hpp"

#include <algorithm>
#include <array>
#include <cctype>

namespace calcar::mesh::vtk_legacy
{
namespace
{

/// vtkIdType is written in 4 bytes whatever it is in memory; long has the 8 bytes of Unix.
constexpr std::array<NumberTypeName, 16> types = {{{"unsigned_char", NumberType::u8},
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

} // namespace

std::string lower(std::string_view word)
{
  std::string text(word);
  std::transform(text.begin(), text.end(), text.begin(),
                 [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
  return text;
}

NumberType read_type(NumberStream& stream)
{
  const std::string name = lower(stream.word("a type of numbers"));
  const auto type = type_named(name, types);
  if (!type)
    stream.refuse("numbers of type \"" + name.substr(0, 20) + "\"", "int, float, double, ...",
                  "save the mesh as .vtu, or without such data");
  return *type;
}

void pass_numbers(File& file, NumberType type, std::uint64_t count)
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

std::uint64_t times(const NumberStream& stream, std::uint64_t tuples, std::uint64_t components)
{
  constexpr std::uint64_t most = std::uint64_t{1} << 31;
  if (tuples >= most || components >= most)
    stream.refuse(std::to_string(tuples) + " times " + std::to_string(components) + " numbers", "",
                  save_again);
  return tuples * components;
}

} // namespace calcar::mesh::vtk_legacy
