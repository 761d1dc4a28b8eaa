// STL, as 3D Systems' StereoLithography Interface Specification (1988) has it: triangles that do
// not share points. Binary: a header of 80 bytes, their number, 50 bytes each (normal, three
// corners, two spare bytes), little-endian floats. Normals are not used: many programs write them
// as zero.
//
// VTK's reader takes a binary file that was cut off for a smaller surface and says nothing.

#include "geometry/file_surface.hpp"
#include "geometry/surface_text.hpp"

#include <algorithm>
#include <bit>
#include <cctype>
#include <cmath>
#include <cstring>

namespace calcar::geometry
{
namespace
{
static_assert(std::endian::native == std::endian::little, "binary STL is little-endian");

constexpr std::size_t header = 84;
constexpr std::size_t record = 50;

std::size_t triangles_promised(const std::string& text)
{
  std::uint32_t count = 0;
  std::memcpy(&count, text.data() + 80, sizeof count);
  return count;
}

bool begins_as_text(const std::string& text)
{
  const std::size_t first = text.find_first_not_of(" \t\r\n");
  if (first == std::string::npos || text.size() < first + 5)
    return false;
  for (std::size_t n = 0; n < 5; ++n)
    if (std::tolower(static_cast<unsigned char>(text[first + n])) != "solid"[n])
      return false;
  return text.substr(0, 1000).find('\0') == std::string::npos;
}

void add_triangle(FileSurface& surface)
{
  const auto points = static_cast<std::uint32_t>(surface.points.size());
  surface.corners.insert(surface.corners.end(), {points - 3, points - 2, points - 1});
  surface.first.push_back(surface.corners.size());
}

FileSurface parse_binary(const std::string& text, const std::string& file)
{
  const std::size_t count = triangles_promised(text);
  if (text.size() != header + record * count)
    refuse_file(file,
                "its header promises " + std::to_string(count) + " triangles, but the file has " +
                    std::to_string(text.size()) + " bytes",
                "84 + 50 bytes a triangle = " + std::to_string(header + record * count),
                "the file is cut off or damaged; copy or export it again");
  FileSurface surface;
  surface.points.reserve(3 * count);
  surface.corners.reserve(3 * count);
  for (std::size_t t = 0; t < count; ++t)
  {
    float values[9];
    std::memcpy(values, text.data() + header + record * t + 12, sizeof values);
    if (!std::all_of(values, values + 9, [](float v) { return std::isfinite(v); }))
      refuse_file(file, "a corner of triangle " + std::to_string(t + 1) + " is not finite",
                  "finite coordinates", "the file is damaged; export it again");
    for (std::size_t n = 0; n < 3; ++n)
      surface.points.push_back({values[3 * n], values[3 * n + 1], values[3 * n + 2]});
    add_triangle(surface);
  }
  return surface;
}

std::string lower(std::string_view word)
{
  std::string result(word);
  for (char& c : result)
    c = static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
  return result;
}

FileSurface parse_text(const std::string& text, const std::string& file)
{
  FileSurface surface;
  TextLines lines(text, file);
  int corners = -1; // of the loop that is open; -1: none is
  bool in_solid = false;
  while (lines.next())
  {
    const std::string word = lower(lines.word(0));
    const bool begins = word == "facet" || word == "outer" || word == "solid";
    if (begins && corners >= 0)
      lines.refuse("\"" + word + "\" inside a loop of corners", "vertex or endloop",
                   "the file is cut off or damaged; export it again");
    if (word == "solid" || word == "endsolid")
      in_solid = word == "solid";
    else if (word == "outer")
      corners = 0;
    else if (word == "vertex" && corners >= 0)
    {
      surface.points.push_back({lines.number(1), lines.number(2), lines.number(3)});
      ++corners;
    }
    else if (word == "endloop" && corners == 3)
    {
      add_triangle(surface);
      surface.line.push_back(lines.line());
      corners = -1;
    }
    else if (word == "endloop")
      lines.refuse(std::to_string(std::max(corners, 0)) + " corners in a loop", "3");
    else if (word != "facet" && word != "endfacet")
      lines.refuse("\"" + shown(lines.word(0)) + "\"",
                   "solid, facet, outer loop, vertex, endloop, endfacet, endsolid");
  }
  if (in_solid || corners >= 0)
    lines.refuse("the file ends without \"endsolid\"", "a whole file",
                 "the file is cut off; copy or export it again");
  return surface;
}

} // namespace

FileSurface parse_stl(const std::string& text, const std::string& file)
{
  // The size decides: binary files may well begin with "solid".
  const bool binary =
      text.size() >= header && text.size() == header + record * triangles_promised(text);
  FileSurface surface;
  if (!binary && begins_as_text(text))
    surface = parse_text(text, file);
  else if (text.size() >= header)
    surface = parse_binary(text, file);
  else
    refuse_file(file, "neither \"solid\" nor a binary header of 84 bytes", "an STL file",
                "the file is cut off or of another format");
  surface.joined = false;
  return surface;
}

} // namespace calcar::geometry
