#include "geometry/vtk_file.hpp"

#include "geometry/surface_text.hpp"
#include "geometry/vtk_numbers.hpp"

#include <charconv>
#include <cmath>

namespace calcar::geometry
{

VtkCoding coding_of(const XmlElement& file, std::string_view text, const std::string& place,
                    const std::string& type, const std::string& remedy)
{
  if (file.name != "VTKFile" || file.attribute("type") != type)
    refuse_file(place + ":" + std::to_string(file.line),
                "<" + printable(file.name, 30) + " type=\"" +
                    printable(file.attribute("type"), 30) + "\">",
                "<VTKFile type=\"" + type + "\">", remedy);
  VtkCoding coding;
  coding.text = text;
  coding.place = place;
  const std::string order = file.attribute("byte_order", "LittleEndian");
  const std::string header = file.attribute("header_type", "UInt32");
  if ((order != "LittleEndian" && order != "BigEndian") ||
      (header != "UInt32" && header != "UInt64"))
    refuse_file(place + ":" + std::to_string(file.line),
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
      refuse_file(place + ":" + std::to_string(appended->line),
                  "appended data of encoding \"" + printable(encoding, 30) + "\"",
                  "raw or base64, and _ before the data", save_again);
    coding.appended = begin + 1;
    coding.appended_end = appended->end;
    coding.appended_base64 = encoding == "base64";
  }
  return coding;
}

const XmlElement& child_of(const VtkCoding& coding, const XmlElement& parent,
                           const std::string& name)
{
  const XmlElement* child = parent.child(name);
  if (!child)
    refuse_file(place_of(coding, parent), "<" + parent.name + "> without <" + name + ">", "",
                save_again);
  return *child;
}

const XmlElement& array_named(const VtkCoding& coding, const XmlElement& parent,
                              const std::string& name)
{
  for (const XmlElement& array : parent.children)
    if (array.name == "DataArray" && array.attribute("Name") == name)
      return array;
  refuse_file(place_of(coding, parent), "<" + parent.name + "> without an array \"" + name + "\"",
              "", save_again);
}

std::uint64_t count_of(const VtkCoding& coding, const XmlElement& piece, const std::string& name)
{
  const std::string words = piece.attribute(name);
  std::uint64_t count = 0;
  const auto parsed = std::from_chars(words.data(), words.data() + words.size(), count);
  if (words.empty() || parsed.ec != std::errc() || parsed.ptr != words.data() + words.size() ||
      count > 1100 * coding.text.size())
    refuse_file(place_of(coding, piece), name + "=\"" + printable(words, 30) + "\"",
                "a count that the file has room for", save_again);
  return count;
}

std::vector<std::int64_t> whole_numbers(const VtkCoding& coding, const XmlElement& array,
                                        std::optional<std::uint64_t> expected)
{
  std::vector<std::int64_t> whole;
  constexpr double most = 9e15;
  for (const double value : numbers_of(coding, array, expected))
  {
    if (!(std::abs(value) < most) || value != std::floor(value))
      refuse_file(place_of(coding, array),
                  "array \"" + array.attribute("Name") + "\" holds what is no whole number",
                  "whole numbers", save_again);
    whole.push_back(static_cast<std::int64_t>(value));
  }
  return whole;
}

std::vector<Vec3> points_of(const VtkCoding& coding, const XmlElement& piece, std::uint64_t count)
{
  std::vector<Vec3> points;
  if (count == 0)
    return points;
  const XmlElement& array = child_of(coding, child_of(coding, piece, "Points"), "DataArray");
  const std::vector<double> x = numbers_of(coding, array, 3 * count);
  points.reserve(count);
  for (std::size_t n = 0; n < x.size(); n += 3)
  {
    if (!std::isfinite(x[n]) || !std::isfinite(x[n + 1]) || !std::isfinite(x[n + 2]))
      refuse_file(place_of(coding, array),
                  "point " + std::to_string(n / 3) +
                      " (from 0) has a coordinate that is not finite",
                  "numbers", save_again);
    points.push_back({x[n], x[n + 1], x[n + 2]});
  }
  return points;
}

VtkLists lists_of(const VtkCoding& coding, const XmlElement& arrays, std::uint64_t count,
                  std::uint64_t points, const std::string& what)
{
  VtkLists lists;
  lists.nodes = whole_numbers(coding, array_named(coding, arrays, "connectivity"), {});
  lists.ends = whole_numbers(coding, array_named(coding, arrays, "offsets"), count);
  if (lists.ends.back() != static_cast<std::int64_t>(lists.nodes.size()))
    refuse_file(place_of(coding, arrays),
                "the last " + what + " ends at " + std::to_string(lists.ends.back()) + " of " +
                    std::to_string(lists.nodes.size()) + " nodes",
                "the end", save_again);
  const auto known = static_cast<std::int64_t>(points);
  for (const std::int64_t node : lists.nodes)
    if (node < 0 || node >= known)
      refuse_file(place_of(coding, arrays),
                  "a " + what + " uses point " + std::to_string(node) + " (from 0)",
                  "0 to " + std::to_string(known) + " - 1", save_again);
  return lists;
}

} // namespace calcar::geometry
