// PLY, after Greg Turk's "The PLY polygon file format" (1994): a header in text that lists elements
// and their properties, then their values in that order, as text or binary. Only "vertex" (x, y, z)
// and "face" (vertex_indices) are used. (VTK's reader crashes on files that were cut off.)

#include "base/text.hpp"
#include "geometry/file_surface.hpp"
#include "geometry/surface_text.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <cstring>

namespace calcar::geometry
{
namespace
{

enum class Encoding
{
  text,
  little,
  big
};

struct ScalarType
{
  const char* name;
  std::size_t bytes;
  char kind; ///< s signed, u unsigned, f float
};
constexpr std::array<ScalarType, 16> types = {{{"char", 1, 's'},
                                               {"int8", 1, 's'},
                                               {"uchar", 1, 'u'},
                                               {"uint8", 1, 'u'},
                                               {"short", 2, 's'},
                                               {"int16", 2, 's'},
                                               {"ushort", 2, 'u'},
                                               {"uint16", 2, 'u'},
                                               {"int", 4, 's'},
                                               {"int32", 4, 's'},
                                               {"uint", 4, 'u'},
                                               {"uint32", 4, 'u'},
                                               {"float", 4, 'f'},
                                               {"float32", 4, 'f'},
                                               {"double", 8, 'f'},
                                               {"float64", 8, 'f'}}};

struct Property
{
  std::string name;
  ScalarType type = {};
  bool list = false;
  ScalarType count = {}; ///< of a list's length
};

struct Element
{
  std::string name;
  std::size_t count = 0;
  std::size_t line = 0;
  std::vector<Property> properties;
};

struct Header
{
  Encoding encoding = Encoding::text;
  std::vector<Element> elements;
  std::size_t bytes = 0; ///< where the values begin
  std::size_t lines = 0;
};

ScalarType type_named(const TextLines& lines, std::string_view name)
{
  for (const ScalarType& type : types)
    if (name == type.name)
      return type;
  lines.refuse("type \"" + shown(name) + "\"", "char uchar short ushort int uint float double");
}

Encoding encoding_named(const TextLines& lines)
{
  const std::string_view name = lines.word(1);
  if (name == "ascii")
    return Encoding::text;
  if (name == "binary_little_endian")
    return Encoding::little;
  if (name == "binary_big_endian")
    return Encoding::big;
  lines.refuse("format \"" + shown(name) + "\"", "ascii, binary_little_endian, binary_big_endian");
}

Element element_of(const TextLines& lines)
{
  const std::string_view word = lines.word(2);
  std::size_t count = 0;
  const auto [end, error] = std::from_chars(word.data(), word.data() + word.size(), count);
  if (error != std::errc() || end != word.data() + word.size() || word.empty())
    lines.refuse("number of elements \"" + shown(word) + "\"", "a whole number");
  return {std::string(lines.word(1)), count, lines.line(), {}};
}

Property property_of(const TextLines& lines)
{
  if (lines.word(1) == "list")
    return {std::string(lines.word(4)), type_named(lines, lines.word(3)), true,
            type_named(lines, lines.word(2))};
  return {std::string(lines.word(2)), type_named(lines, lines.word(1)), false, {}};
}

Header read_header(const std::string& text, const std::string& file)
{
  TextLines lines(text, file);
  if (!lines.next() || lines.word(0) != "ply")
    refuse_file(file, "its first line is not \"ply\"", "a PLY file");
  Header header;
  bool formatted = false;
  while (lines.next())
  {
    const std::string_view word = lines.word(0);
    if (word == "format")
    {
      header.encoding = encoding_named(lines);
      formatted = true;
    }
    else if (word == "element")
      header.elements.push_back(element_of(lines));
    else if (word == "property" && !header.elements.empty())
      header.elements.back().properties.push_back(property_of(lines));
    else if (word == "end_header" && formatted)
    {
      header.bytes = lines.offset();
      header.lines = lines.line();
      return header;
    }
    else if (word != "comment" && word != "obj_info")
      lines.refuse("\"" + shown(word) + "\" in the header",
                   "format, comment, element, property, end_header");
  }
  refuse_file(file, "its header has no end_header", "a whole PLY file",
              "the file is cut off; copy or export it again");
}

/// Gives the values one after the other.
class Values
{
public:
  Values(const std::string& text, const std::string& file, const Header& header)
      : text_(text), file_(file), encoding_(header.encoding), at_(header.bytes),
        line_(header.lines + 1)
  {
  }

  double next(const ScalarType& type)
  {
    return encoding_ == Encoding::text ? next_word() : next_bytes(type);
  }

  /// The number of a point: whole and from 0 to `most` - 1.
  std::size_t next_index(const ScalarType& type, std::size_t most)
  {
    const double value = next(type);
    if (!(value >= 0) || value >= static_cast<double>(most) || value != std::floor(value))
      refuse("corner " + format_number(value, 10),
             most > 0 ? "0 to " + std::to_string(most - 1) : "points before faces");
    return static_cast<std::size_t>(value);
  }

  /// The length of a list for which there are bytes left.
  std::size_t next_length(const ScalarType& type)
  {
    const double value = next(type);
    if (!(value >= 0) || value != std::floor(value))
      refuse("a list of " + format_number(value, 10), "a whole number");
    if (value > static_cast<double>(left()))
      refuse_end();
    return static_cast<std::size_t>(value);
  }

  std::size_t left() const { return text_.size() - at_; }
  std::size_t line() const { return encoding_ == Encoding::text ? line_ : 0; }

  [[noreturn]] void refuse(const std::string& given, const std::string& allowed,
                           const std::string& remedy = "") const
  {
    refuse_file(encoding_ == Encoding::text ? file_ + ":" + std::to_string(line_) : file_, given,
                allowed, remedy);
  }

private:
  [[noreturn]] void refuse_end() const
  {
    refuse("the file ends before its elements do", "all that its header promises",
           "the file is cut off; copy or export it again");
  }

  double next_word()
  {
    while (at_ < text_.size() && std::isspace(static_cast<unsigned char>(text_[at_])))
      line_ += text_[at_++] == '\n' ? 1 : 0;
    const std::size_t start = at_;
    while (at_ < text_.size() && !std::isspace(static_cast<unsigned char>(text_[at_])))
      ++at_;
    if (at_ == start)
      refuse_end();
    const char* begin = text_.data() + start + (text_[start] == '+' ? 1 : 0);
    double value = 0;
    const auto [end, error] = std::from_chars(begin, text_.data() + at_, value);
    const bool too_small = error == std::errc::result_out_of_range && std::abs(value) < 1;
    if ((error != std::errc() && !too_small) || end != text_.data() + at_)
      refuse("\"" + shown(std::string_view(text_).substr(start, at_ - start)) + "\"", "a number");
    return value;
  }

  double next_bytes(const ScalarType& type)
  {
    if (left() < type.bytes)
      refuse_end();
    std::array<unsigned char, 8> bytes = {};
    std::memcpy(bytes.data(), text_.data() + at_, type.bytes);
    at_ += type.bytes;
    if (encoding_ == Encoding::big)
      std::reverse(bytes.begin(), bytes.begin() + static_cast<std::ptrdiff_t>(type.bytes));
    return value_of(bytes, type);
  }

  static double value_of(const std::array<unsigned char, 8>& bytes, const ScalarType& type)
  {
    const auto as = [&](auto value)
    {
      std::memcpy(&value, bytes.data(), sizeof value);
      return static_cast<double>(value);
    };
    if (type.kind == 'f')
      return type.bytes == 4 ? as(float()) : as(double());
    if (type.bytes == 1)
      return type.kind == 's' ? as(std::int8_t()) : as(std::uint8_t());
    if (type.bytes == 2)
      return type.kind == 's' ? as(std::int16_t()) : as(std::uint16_t());
    return type.kind == 's' ? as(std::int32_t()) : as(std::uint32_t());
  }

  const std::string& text_;
  const std::string& file_;
  Encoding encoding_;
  std::size_t at_;
  std::size_t line_;
};

void skip(Values& values, const Property& property)
{
  std::size_t count = 1;
  if (property.list)
    count = values.next_length(property.count);
  for (std::size_t n = 0; n < count; ++n)
    values.next(property.type);
}

void read_points(Values& values, const Element& element, FileSurface& surface)
{
  for (std::size_t n = 0; n < element.count; ++n)
  {
    Vec3 point;
    for (const Property& property : element.properties)
    {
      const std::size_t axis = property.name == "x"   ? 0
                               : property.name == "y" ? 1
                               : property.name == "z" ? 2
                                                      : 3;
      if (property.list || axis == 3)
        skip(values, property);
      else
        point[axis] = values.next(property.type);
    }
    if (!std::isfinite(point.x) || !std::isfinite(point.y) || !std::isfinite(point.z))
      values.refuse("point " + std::to_string(n) + " is not finite", "finite coordinates",
                    "the file is damaged; export it again");
    surface.points.push_back(point);
  }
}

bool lists_corners(const Property& property)
{
  return property.list && (property.name == "vertex_indices" || property.name == "vertex_index");
}

void read_faces(Values& values, const Element& element, FileSurface& surface)
{
  for (std::size_t n = 0; n < element.count; ++n)
  {
    const std::size_t line = values.line();
    for (const Property& property : element.properties)
    {
      if (!lists_corners(property))
      {
        skip(values, property);
        continue;
      }
      const std::size_t corners = values.next_length(property.count);
      for (std::size_t k = 0; k < corners; ++k)
        surface.corners.push_back(
            static_cast<std::uint32_t>(values.next_index(property.type, surface.points.size())));
      surface.first.push_back(surface.corners.size());
      if (line > 0)
        surface.line.push_back(line);
    }
  }
}

void check_elements(const Header& header, const std::string& text, const std::string& file)
{
  const auto refuse = [&](const Element& element, const std::string& given,
                          const std::string& allowed, const std::string& remedy)
  { refuse_file(file + ":" + std::to_string(element.line), given, allowed, remedy); };
  bool points = false;
  for (const Element& element : header.elements)
  {
    const auto has = [&](const auto& test)
    { return std::any_of(element.properties.begin(), element.properties.end(), test); };
    if (element.properties.empty() || element.count > text.size()) // a byte each, at the least
      refuse(element, std::to_string(element.count) + " elements \"" + shown(element.name) + "\"",
             "no more than the file has room for, with properties",
             "the file is cut off or damaged; export it again");
    for (const char* axis : {"x", "y", "z"})
      if (element.name == "vertex" &&
          !has([&](const Property& p) { return p.name == axis && !p.list; }))
        refuse(element, std::string("points without ") + axis, "x, y and z", "export it again");
    points = points || element.name == "vertex";
    if (element.name == "face" && (!points || !has(lists_corners)))
      refuse(element, points ? "faces without vertex_indices" : "faces before the points",
             "points, then faces with a list vertex_indices", "export it again");
    if (element.name == "tristrips")
      refuse(element, "strips of triangles", "faces", "export the surface as polygons");
  }
}

} // namespace

FileSurface parse_ply(const std::string& text, const std::string& file)
{
  const Header header = read_header(text, file);
  check_elements(header, text, file);
  FileSurface surface;
  Values values(text, file, header);
  for (const Element& element : header.elements)
    if (element.name == "vertex")
      read_points(values, element, surface);
    else if (element.name == "face")
      read_faces(values, element, surface);
    else
      for (std::size_t n = 0; n < element.count; ++n)
        for (const Property& property : element.properties)
          skip(values, property);
  return surface;
}

} // namespace calcar::geometry
