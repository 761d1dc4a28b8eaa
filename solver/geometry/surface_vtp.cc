// VTP, VTK's XML format of polygons: "Polys" of one or several pieces. Lines and single points
// bound nothing and are left out; strips of triangles are refused.

#include "geometry/file_surface.hpp"
#include "geometry/surface_text.hpp"
#include "geometry/vtk_file.hpp"
#include "geometry/vtk_numbers.hpp"

namespace calcar::geometry
{
namespace
{

/// A count that a piece may lack: VTK leaves those of 0 out.
std::uint64_t count_or_none(const VtkCoding& coding, const XmlElement& piece,
                            const std::string& name)
{
  return piece.attribute(name).empty() ? 0 : count_of(coding, piece, name);
}

void add_polygons(const VtkCoding& coding, const XmlElement& piece, std::uint64_t points,
                  FileSurface& surface)
{
  const std::uint64_t count = count_or_none(coding, piece, "NumberOfPolys");
  if (count == 0)
    return;
  const XmlElement& arrays = child_of(coding, piece, "Polys");
  const VtkLists lists = lists_of(coding, arrays, count, points, "polygon");
  const std::uint64_t before = surface.points.size() - points;
  if (surface.points.size() > 0xffffffff)
    refuse_file(coding.place, "more than 4 thousand million points", "fewer",
                "decimate the surface where it was made");
  const std::size_t first = surface.corners.size();
  for (const std::int64_t node : lists.nodes)
    surface.corners.push_back(
        static_cast<std::uint32_t>(before + static_cast<std::uint64_t>(node)));
  std::int64_t last = 0;
  for (const std::int64_t end : lists.ends)
  {
    if (end < last)
      refuse_file(place_of(coding, arrays),
                  "polygon " + std::to_string(surface.polygons()) + " (from 0) ends at " +
                      std::to_string(end) + " before it begins at " + std::to_string(last),
                  "offsets that ascend", save_again);
    last = end;
    surface.first.push_back(first + static_cast<std::size_t>(end));
  }
}

} // namespace

FileSurface parse_vtp(const std::string& text, const std::string& file)
{
  const XmlElement top = parse_xml(text, file, "AppendedData");
  const VtkCoding coding =
      coding_of(top, text, file, "PolyData", "export the surface as polygons (PolyData)");
  FileSurface surface;
  for (const XmlElement& piece : child_of(coding, top, "PolyData").children)
  {
    if (piece.name != "Piece")
      continue;
    if (count_or_none(coding, piece, "NumberOfStrips") > 0)
      refuse_file(place_of(coding, piece), "strips of triangles", "polygons",
                  "export the surface as polygons");
    const std::uint64_t points = count_of(coding, piece, "NumberOfPoints");
    const auto added = points_of(coding, piece, points);
    surface.points.insert(surface.points.end(), added.begin(), added.end());
    add_polygons(coding, piece, points, surface);
  }
  return surface;
}

} // namespace calcar::geometry
