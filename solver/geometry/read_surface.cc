#include "geometry/read_surface.hpp"

#include "base/error.hpp"
#include "base/text.hpp"
#include "geometry/byte_order_mark.hpp"
#include "geometry/cut_polygons.hpp"
#include "geometry/join_points.hpp"
#include "geometry/orient_surface.hpp"
#include "geometry/surface_defects.hpp"
#include "geometry/surface_text.hpp"

#include <algorithm>
#include <cctype>
#include <cmath>
#include <fstream>
#include <sstream>

namespace calcar::geometry
{
namespace fs = std::filesystem;
namespace
{

/// The most bytes a surface may have: 4 GiB hold 80 million triangles.
constexpr std::uintmax_t most_bytes = std::uintmax_t{1} << 32;
/// Points farther out than this in mm mean a damaged file, and their products would overflow.
constexpr double farthest = 1e9;

using Parse = FileSurface (*)(const std::string& text, const std::string& file);
struct Format
{
  std::string extension;
  Parse parse;
};

const std::vector<Format>& formats()
{
  static const std::vector<Format> table = {
      {".obj", parse_obj}, {".ply", parse_ply}, {".stl", parse_stl}, {".vtp", parse_vtp}};
  return table;
}

std::string extension_of(const fs::path& file)
{
  std::string extension = file.extension().string();
  for (char& c : extension)
    c = static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
  return extension;
}

Parse parser_for(const fs::path& file)
{
  const std::string extension = extension_of(file);
  for (const Format& format : formats())
    if (format.extension == extension)
      return format.parse;
  refuse_file(file.string(), "unknown extension \"" + extension + "\"", join(surface_extensions()),
              suggestion(extension, surface_extensions()));
}

std::string bytes_of(const fs::path& file)
{
  std::error_code error;
  std::ifstream stream(file, std::ios::binary);
  if (!stream || !fs::is_regular_file(file, error))
    refuse_file(file.string(), fs::exists(file, error) ? "the file cannot be read" : "no such file",
                "a surface", "check the path and its permissions");
  if (fs::file_size(file, error) > most_bytes)
    refuse_file(file.string(), "more than 4 GiB", "surfaces of up to 4 GiB",
                "decimate the surface where it was made");
  std::ostringstream text;
  text << stream.rdbuf();
  return without_byte_order_mark(std::move(text).str());
}

void to_millimetres(FileSurface& polygons, double mm_per_unit, const std::string& file)
{
  for (Vec3& point : polygons.points)
  {
    point *= mm_per_unit;
    for (std::size_t axis = 0; axis < 3; ++axis)
      if (!(std::abs(point[axis]) < farthest))
        refuse_file(file, "a point at " + format_number(point[axis]) + " mm", "less than 1e9 mm",
                    "the file is damaged or its unit is wrong");
  }
}

/// Points joined as `first` says, unused points and triangles with two corners in one point given
/// up.
TriangleSurface joined(const TriangleSurface& surface, const std::vector<std::uint32_t>& first)
{
  TriangleSurface result;
  result.source = surface.source;
  constexpr std::uint32_t unused = 0xffffffff;
  std::vector<std::uint32_t> number(surface.points.size(), unused);
  for (const auto& triangle : surface.triangles)
  {
    const std::array<std::uint32_t, 3> t = {first[triangle[0]], first[triangle[1]],
                                            first[triangle[2]]};
    if (t[0] == t[1] || t[1] == t[2] || t[2] == t[0])
      continue;
    for (const std::uint32_t p : t)
      if (number[p] == unused)
      {
        number[p] = static_cast<std::uint32_t>(result.points.size());
        result.points.push_back(surface.points[p]);
      }
    result.triangles.push_back({number[t[0]], number[t[1]], number[t[2]]});
  }
  return result;
}

TriangleSurface as_it_is(const TriangleSurface& surface)
{
  std::vector<std::uint32_t> first(surface.points.size());
  for (std::uint32_t n = 0; n < first.size(); ++n)
    first[n] = n;
  return joined(surface, first);
}

bool open(const TriangleSurface& surface)
{
  const auto edges = sorted_edges(surface);
  for (std::size_t n = 0; n < edges.size(); ++n)
  {
    const auto same = [&](std::size_t m)
    { return edges[m].low == edges[n].low && edges[m].high == edges[n].high; };
    if ((n == 0 || !same(n - 1)) && (n + 1 == edges.size() || !same(n + 1)))
      return true;
  }
  return false;
}

/// Joins points step by step until the surface is closed, see read_triangles.
ReadSurface join_until_closed(const TriangleSurface& surface, bool has_common_points)
{
  TriangleSurface best = as_it_is(surface);
  if (has_common_points && !open(best))
    return {std::move(best), {}};
  best = joined(surface, same_place(surface.points));
  if (!open(best))
    return {std::move(best), {}};
  const double tolerance = 1e-6 * diagonal(surface.points);
  TriangleSurface nearly = joined(surface, same_place(surface.points, tolerance));
  if (nearly.triangles.empty() || open(nearly))
    return {std::move(best), {}};
  const std::size_t points = best.points.size() - nearly.points.size();
  return {std::move(nearly),
          {{"points_joined",
            std::to_string(points) + " points closer than " + format_number(tolerance) +
                " mm (1e-6 of the diagonal) to others were joined to them to close the surface",
            surface.source.path}}};
}

void note_losses(std::size_t before, ReadSurface& read)
{
  const std::string& file = read.surface.source.path;
  const std::size_t after = read.surface.triangles.size();
  if (after < before)
    read.warnings.push_back({"flat_triangles_left_out",
                             std::to_string(before - after) + " of " + std::to_string(before) +
                                 " triangles with two corners in one point were left out",
                             file});
  if (const std::size_t flat = find_defects(read.surface).flat_triangles; flat > 0)
    read.warnings.push_back({"flat_triangles",
                             std::to_string(flat) + " of " + std::to_string(after) +
                                 " triangles have their corners on a line",
                             file});
}

std::string at(const Vec3& x)
{
  return " at (" + join({format_number(x.x), format_number(x.y), format_number(x.z)}) + ") mm";
}

void require_closed(const TriangleSurface& surface)
{
  const SurfaceDefects defects = find_defects(surface);
  const std::string& file = surface.source.path;
  const std::string remedy =
      "close it where it was made, for instance with the repair functions of "
      "MeshLab or 3D Slicer; `calcar info` lists its defects";
  if (defects.open_edges > 0)
    refuse_file(file,
                "the surface is open: " + std::to_string(defects.open_edges) +
                    " edges belong to one triangle only, the first" + at(defects.open_at),
                "a closed surface", remedy);
  if (defects.crowded_edges > 0)
    refuse_file(file,
                "the surface branches: " + std::to_string(defects.crowded_edges) +
                    " edges belong to more than two triangles, the first" + at(defects.crowded_at),
                "a surface that bounds one body", remedy);
  if (defects.pinched_points > 0)
    refuse_file(file,
                "the surface meets itself in " + std::to_string(defects.pinched_points) +
                    " points alone, the first" + at(defects.pinched_at),
                "a surface that bounds one body", remedy);
}

} // namespace

const std::vector<std::string>& surface_extensions()
{
  static const std::vector<std::string> extensions = []
  {
    std::vector<std::string> names;
    for (const Format& format : formats())
      names.push_back(format.extension);
    return names;
  }();
  return extensions;
}

ReadSurface read_triangles(const fs::path& file, double mm_per_unit)
{
  const Parse parse = parser_for(file);
  FileSurface polygons = parse(bytes_of(file), file.string());
  to_millimetres(polygons, mm_per_unit, file.string());
  if (polygons.points.size() >= 0xffffffff || polygons.corners.size() / 3 > 0x55555554)
    refuse_file(file.string(), "more than 1.4 thousand million triangles", "fewer",
                "decimate the surface where it was made");
  TriangleSurface surface = cut_polygons(polygons, file.string());
  surface.source = {file.string(), sha256_of(file)};
  const std::size_t triangles = surface.triangles.size();
  ReadSurface read = join_until_closed(surface, polygons.joined);
  if (read.surface.triangles.empty())
    refuse_file(file.string(), "no triangles", "the surface of a body",
                "the file is empty or holds only points and lines");
  note_losses(triangles, read);
  return read;
}

ReadSurface read_surface(const fs::path& file, double mm_per_unit)
{
  ReadSurface read = read_triangles(file, mm_per_unit);
  require_closed(read.surface);
  ReadSurface oriented = orient_outwards(std::move(read.surface));
  append(read.warnings, oriented.warnings);
  return {std::move(oriented.surface), std::move(read.warnings)};
}

} // namespace calcar::geometry
