// Wavefront OBJ: "v x y z" and "f a b c ...", corners as v, v/vt, v//vn or v/vt/vn, counted from 1
// or, when negative, backwards from the last point so far. (VTK's reader can crash on a damaged
// file.)

#include "geometry/file_surface.hpp"
#include "geometry/surface_text.hpp"

#include <algorithm>
#include <array>
#include <charconv>

namespace calcar::geometry
{
namespace
{

/// Statements that say nothing about the shape.
constexpr std::array ignored = {"vn",        "vt",     "g",        "o",        "s",
                                "usemtl",    "mtllib", "l",        "p",        "mg",
                                "lod",       "bevel",  "c_interp", "d_interp", "shadow_obj",
                                "trace_obj", "usemap", "maplib",   "vp",       "illum"};

std::uint32_t corner(const TextLines& lines, std::string_view word, std::size_t points)
{
  const std::string_view index = word.substr(0, word.find('/'));
  long long value = 0;
  const auto [end, error] = std::from_chars(index.data(), index.data() + index.size(), value);
  if (error != std::errc() || end != index.data() + index.size() || index.empty())
    lines.refuse("corner \"" + shown(word) + "\"", "the number of a point, as in 7 or 7/1/2");
  const auto count = static_cast<long long>(points);
  if (value == 0 || value > count || value < -count)
    lines.refuse("corner " + std::to_string(value),
                 "1 to " + std::to_string(count) + ", or -1 backwards from the last point",
                 "points must stand before the faces that use them");
  return static_cast<std::uint32_t>(value > 0 ? value - 1 : count + value);
}

void add_face(const TextLines& lines, FileSurface& surface)
{
  const auto& words = lines.words();
  if (words.size() < 4)
    lines.refuse("a face of " + std::to_string(words.size() - 1) + " corners", "3 or more");
  for (std::size_t n = 1; n < words.size(); ++n)
    surface.corners.push_back(corner(lines, words[n], surface.points.size()));
  surface.first.push_back(surface.corners.size());
  surface.line.push_back(lines.line());
}

} // namespace

FileSurface parse_obj(const std::string& text, const std::string& file)
{
  FileSurface surface;
  TextLines lines(text, file, true);
  while (lines.next())
  {
    const std::string_view word = lines.word(0);
    if (word == "v")
      surface.points.push_back({lines.number(1), lines.number(2), lines.number(3)});
    else if (word == "f" || word == "fo")
      add_face(lines, surface);
    else if (word.front() != '#' &&
             std::find(ignored.begin(), ignored.end(), word) == ignored.end())
      lines.refuse("\"" + shown(word) + "\"", "v, f and what does not change the shape",
                   "export the surface as polygons");
  }
  return surface;
}

} // namespace calcar::geometry
