#include "geometry/vtk_array.hpp"

#include "geometry/surface_text.hpp"
#include "geometry/vtk_complaints.hpp"
#include "geometry/vtk_numbers.hpp"

#include <vtkDataCompressor.h>
#include <vtkLZ4DataCompressor.h>
#include <vtkLZMADataCompressor.h>
#include <vtkSmartPointer.h>
#include <vtkZLibDataCompressor.h>

#include <algorithm>
#include <array>
#include <bit>
#include <charconv>

namespace calcar::geometry
{
namespace
{

constexpr std::uint64_t largest_block = std::uint64_t{1} << 28;

constexpr std::array<NumberTypeName, 10> types = {{{"Int8", NumberType::i8},
                                                   {"UInt8", NumberType::u8},
                                                   {"Int16", NumberType::i16},
                                                   {"UInt16", NumberType::u16},
                                                   {"Int32", NumberType::i32},
                                                   {"UInt32", NumberType::u32},
                                                   {"Int64", NumberType::i64},
                                                   {"UInt64", NumberType::u64},
                                                   {"Float32", NumberType::f32},
                                                   {"Float64", NumberType::f64}}};

/// Six bits of a digit of base64, 64 for `=`, 65 for anything else.
unsigned int digit(char c)
{
  if (c >= 'A' && c <= 'Z')
    return static_cast<unsigned int>(c - 'A');
  if (c >= 'a' && c <= 'z')
    return static_cast<unsigned int>(c - 'a' + 26);
  if (c >= '0' && c <= '9')
    return static_cast<unsigned int>(c - '0' + 52);
  return c == '+' ? 62 : c == '/' ? 63 : c == '=' ? 64 : 65;
}

/// Bytes one after another, plain or as base64 (whose pieces may each end with `=`).
class ByteSource
{
public:
  ByteSource(std::string_view text, bool base64, std::string place)
      : text_(text), base64_(base64), place_(std::move(place))
  {
  }

  /// The next bytes; refuses when there are not so many.
  std::string take(std::uint64_t count)
  {
    if (count > text_.size() + buffer_.size())
      refuse_end();
    if (!base64_)
    {
      std::string bytes(text_.substr(0, count));
      text_.remove_prefix(count);
      return bytes;
    }
    while (buffer_.size() < count)
      take_four();
    std::string bytes = buffer_.substr(0, count);
    buffer_.erase(0, count);
    return bytes;
  }

  std::uint64_t left() const { return text_.size() + buffer_.size(); }

private:
  [[noreturn]] void refuse_end() const
  {
    refuse_file(place_, "the data of an array end too soon", "", save_again);
  }

  /// Decodes four digits.
  void take_four()
  {
    std::array<unsigned int, 4> four = {};
    for (unsigned int& value : four)
    {
      while (!text_.empty() && (text_.front() == '\n' || text_.front() == '\r' ||
                                text_.front() == ' ' || text_.front() == '\t'))
        text_.remove_prefix(1);
      if (text_.empty())
        refuse_end();
      value = digit(text_.front());
      text_.remove_prefix(1);
    }
    const bool two_missing = four[2] == 64 && four[3] == 64;
    const bool one_missing = four[2] < 64 && four[3] == 64;
    if (four[0] > 63 || four[1] > 63 || four[2] > 64 || four[3] > 64 ||
        (four[2] == 64 && !two_missing))
      refuse_file(place_, "data that are no base64", "A-Z, a-z, 0-9, +, /, =", save_again);
    buffer_ += static_cast<char>(four[0] << 2 | four[1] >> 4);
    if (!two_missing)
      buffer_ += static_cast<char>((four[1] & 15) << 4 | four[2] >> 2);
    if (!two_missing && !one_missing)
      buffer_ += static_cast<char>((four[2] & 3) << 6 | four[3]);
  }

  std::string_view text_;
  bool base64_;
  std::string place_;
  std::string buffer_; ///< decoded and not yet taken
};

/// Sizes before the data.
std::uint64_t take_size(const VtkCoding& coding, ByteSource& source)
{
  const std::string bytes = source.take(coding.wide_headers ? 8 : 4);
  std::uint64_t size = 0;
  for (std::size_t n = 0; n < bytes.size(); ++n)
  {
    const std::size_t from = coding.big_endian ? n : bytes.size() - 1 - n;
    size = size << 8 | static_cast<unsigned char>(bytes[from]);
  }
  return size;
}

vtkSmartPointer<vtkDataCompressor> compressor_named(const std::string& name,
                                                    const std::string& place)
{
  if (name == "vtkZLibDataCompressor")
    return vtkSmartPointer<vtkZLibDataCompressor>::New();
  if (name == "vtkLZ4DataCompressor")
    return vtkSmartPointer<vtkLZ4DataCompressor>::New();
  if (name == "vtkLZMADataCompressor")
    return vtkSmartPointer<vtkLZMADataCompressor>::New();
  refuse_file(place, "data compressed by \"" + printable(name, 40) + "\"", "zlib, LZ4, LZMA",
              "save the mesh with zlib or without compression");
}

/// The number of blocks, the size of each and of the last one, the compressed size of each; data.
std::string take_compressed(const VtkCoding& coding, ByteSource& source, const std::string& place)
{
  const auto compressor = compressor_named(coding.compressor, place);
  const std::uint64_t blocks = take_size(coding, source);
  const std::uint64_t size = take_size(coding, source);
  const std::uint64_t last = take_size(coding, source);
  if (blocks > source.left() || size > largest_block || last > size)
    refuse_file(place,
                std::to_string(blocks) + " compressed blocks of " + std::to_string(size) + " bytes",
                "what the file has room for, at most 256 MB in a block", save_again);
  std::vector<std::uint64_t> compressed;
  for (std::uint64_t b = 0; b < blocks; ++b)
    compressed.push_back(take_size(coding, source));
  const VtkComplaints complaints; // of the compressor: the sizes tell that it failed
  std::string bytes;
  for (std::uint64_t b = 0; b < blocks; ++b)
  {
    const std::string packed = source.take(compressed[b]);
    const std::size_t unpacked = b + 1 == blocks && last > 0 ? last : size;
    const std::size_t before = bytes.size();
    bytes.resize(before + unpacked);
    const std::size_t got =
        compressor->Uncompress(reinterpret_cast<const unsigned char*>(packed.data()), packed.size(),
                               reinterpret_cast<unsigned char*>(bytes.data() + before), unpacked);
    if (got != unpacked)
      refuse_file(place, "block " + std::to_string(b + 1) + " cannot be decompressed", "",
                  save_again);
  }
  return bytes;
}

/// The bytes of an array that is not text.
std::string bytes_of_array(const VtkCoding& coding, const XmlElement& array)
{
  const std::string place = place_of(coding, array);
  const std::string format = array.attribute("format");
  std::string_view data = coding.text.substr(array.begin, array.end - array.begin);
  bool base64 = true;
  if (format == "appended")
  {
    const std::string offset = array.attribute("offset");
    std::uint64_t from = 0;
    const auto parsed = std::from_chars(offset.data(), offset.data() + offset.size(), from);
    if (offset.empty() || parsed.ptr != offset.data() + offset.size() || coding.appended == 0 ||
        from > coding.appended_end - coding.appended)
      refuse_file(place, "appended data at offset \"" + printable(offset, 30) + "\"",
                  "a place in <AppendedData>", save_again);
    data = coding.text.substr(coding.appended + from, coding.appended_end - coding.appended - from);
    base64 = coding.appended_base64;
  }
  else if (format != "binary")
    refuse_file(place, "data in the format \"" + printable(format, 30) + "\"",
                "ascii, binary, appended", save_again);
  ByteSource source(data, base64, place);
  if (!coding.compressor.empty())
    return take_compressed(coding, source, place);
  return source.take(take_size(coding, source));
}

NumberType type_of(const VtkCoding& coding, const XmlElement& array)
{
  const std::string name = array.attribute("type");
  const auto type = type_named(name, types);
  if (!type)
    refuse_file(place_of(coding, array), "numbers of type \"" + printable(name, 30) + "\"",
                "Int8 ... UInt64, Float32, Float64", save_again);
  return *type;
}

bool is_text(const XmlElement& array)
{
  return array.attribute("format", "ascii") == "ascii";
}

/// Numbers as text, with the line where one is spoiled.
std::vector<double> text_numbers(const VtkCoding& coding, const XmlElement& array, NumberType type)
{
  NumberStream stream(coding.text.substr(0, array.end), coding.place);
  stream.skip(array.begin, "an array");
  std::vector<double> values;
  while (stream.next_record())
    values.push_back(stream.number(type, "a number of an array"));
  return values;
}

} // namespace

std::string place_of(const VtkCoding& coding, const XmlElement& array)
{
  return coding.place + ":" + std::to_string(array.line);
}

std::vector<double> numbers_of(const VtkCoding& coding, const XmlElement& array,
                               std::optional<std::uint64_t> expected)
{
  const NumberType type = type_of(coding, array);
  std::vector<double> values;
  if (is_text(array))
    values = text_numbers(coding, array, type);
  else
  {
    const std::string bytes = bytes_of_array(coding, array);
    NumberStream stream(bytes, coding.place);
    stream.set_binary(coding.big_endian != (std::endian::native == std::endian::big));
    const std::size_t count = bytes.size() / bytes_of(type);
    if (count * bytes_of(type) != bytes.size())
      refuse_file(place_of(coding, array), std::to_string(bytes.size()) + " bytes of data",
                  "a multiple of " + std::to_string(bytes_of(type)), save_again);
    values.reserve(count);
    for (std::size_t n = 0; n < count; ++n)
      values.push_back(stream.number(type, "a number of an array"));
  }
  if (expected && values.size() != *expected)
    refuse_file(place_of(coding, array),
                std::to_string(values.size()) + " numbers in array \"" +
                    printable(array.attribute("Name"), 40) + "\"",
                std::to_string(*expected), save_again);
  return values;
}

std::vector<std::string> texts_of(const VtkCoding& coding, const XmlElement& array)
{
  std::string characters;
  if (is_text(array))
    for (const double code : text_numbers(coding, array, NumberType::u8))
      characters += static_cast<char>(static_cast<int>(std::clamp(code, 0.0, 255.0)));
  else
    characters = bytes_of_array(coding, array);
  std::vector<std::string> texts;
  std::size_t begin = 0;
  for (std::size_t end = characters.find('\0'); end != std::string::npos;
       end = characters.find('\0', begin))
  {
    texts.push_back(characters.substr(begin, end - begin));
    begin = end + 1;
  }
  return texts;
}

} // namespace calcar::geometry
