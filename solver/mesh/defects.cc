#include "mesh/defects.hpp"

#include "base/error.hpp"
#include "base/text.hpp"
#include "geometry/join_points.hpp"
#include "mesh/quality.hpp"

#include <algorithm>

namespace calcar::mesh
{
namespace
{

/// How many are named in a message.
constexpr std::size_t named = 3;

void grade_cells(const Mesh& mesh, Defects& defects)
{
  for (std::uint32_t c = 0; c < mesh.cells(); ++c)
    switch (grade(quality(mesh, c), mesh.shape))
    {
    case CellGrade::inverted:
      defects.inverted.push_back(c);
      break;
    case CellGrade::degenerate:
      defects.degenerate.push_back(c);
      break;
    case CellGrade::sliver:
      defects.slivers.push_back(c);
      break;
    case CellGrade::good:
      break;
    }
}

void check_points(const Mesh& mesh, Defects& defects)
{
  std::vector<bool> used(mesh.points.size(), false);
  for (const std::uint32_t p : mesh.corners)
    used[p] = true;
  const auto first = geometry::same_place(mesh.points, 1e-9 * geometry::diagonal(mesh.points));
  for (std::uint32_t p = 0; p < used.size(); ++p)
    if (!used[p])
      defects.unreferenced_points.push_back(p);
    else if (first[p] != p)
      defects.duplicate_points.push_back(p);
}

std::vector<MeshPart> measure_parts(const Mesh& mesh, const SortedFaces& faces)
{
  const auto part_of = parts_of(mesh, faces);
  std::vector<MeshPart> parts;
  for (std::uint32_t c = 0; c < part_of.size(); ++c)
  {
    if (part_of[c] == parts.size())
      parts.push_back({c, 0, 0});
    MeshPart& part = parts[part_of[c]];
    ++part.cells;
    part.volume += volume(mesh, c);
  }
  std::stable_sort(parts.begin(), parts.end(),
                   [](const MeshPart& a, const MeshPart& b) { return a.volume > b.volume; });
  return parts;
}

std::string place(const Vec3& x)
{
  return " at (" + join({format_number(x.x, 6), format_number(x.y, 6), format_number(x.z, 6)}) +
         ") mm";
}

std::string cell_words(const Mesh& mesh, std::uint32_t c)
{
  return "cell " + std::to_string(mesh.cell_tag(c)) + place(centre(mesh, c));
}

std::string point_words(const Mesh& mesh, std::uint32_t p)
{
  return "point " + std::to_string(mesh.point_tag(p)) + place(mesh.points[p]);
}

/// "3 inverted cells: cell 17 at (1, 2, 3) mm, ..."
template <typename List, typename Words>
std::string counted(const List& list, const std::string& what, const Words& words)
{
  std::vector<std::string> first;
  for (std::size_t n = 0; n < std::min(named, list.size()); ++n)
    first.push_back(words(list[n]));
  if (list.size() > named)
    first.emplace_back("...");
  return std::to_string(list.size()) + " " + what + ": " + join(first);
}

/// Cells by shape; the file's order where it is the same.
std::vector<std::uint32_t> worst_first(const Mesh& mesh, const std::vector<std::uint32_t>& cells)
{
  std::vector<std::pair<double, std::uint32_t>> order;
  for (const std::uint32_t c : cells)
    order.emplace_back(quality(mesh, c).shape, c);
  std::sort(order.begin(), order.end());
  std::vector<std::uint32_t> sorted;
  for (const auto& [shape, c] : order)
    sorted.push_back(c);
  return sorted;
}

std::string percent(double part, double whole)
{
  return format_number(whole > 0 ? 100 * part / whole : 0, 3) + " % of the volume";
}

std::string parts_words(const Defects& defects, const Mesh& mesh)
{
  double whole = 0;
  for (const MeshPart& part : defects.parts)
    whole += part.volume;
  std::vector<MeshPart> others(defects.parts.begin() + 1, defects.parts.end());
  return std::to_string(defects.parts.size()) + " parts that no face joins, the largest with " +
         percent(defects.parts[0].volume, whole) + "; " +
         counted(others, "others",
                 [&](const MeshPart& part)
                 {
                   return std::to_string(part.cells) + " cells with " +
                          percent(part.volume, whole) + " around " +
                          cell_words(mesh, part.first_cell);
                 });
}

/// What to do about a defect that stops.
std::string remedy_for(const std::string& code)
{
  if (code == "parts")
    return "leave one body in the file, or join the bodies by common points where they touch";
  if (code == "crowded_faces" || code == "duplicate_cells")
    return "remove the cells that overlap where the mesh was made";
  if (code == "hanging_points" || code == "duplicate_points")
    return "make a mesh whose cells share their corners";
  return "`calcar mesh FILE -o NEW` makes a new mesh of the same surface";
}

} // namespace

bool Defects::sound() const
{
  return inverted.empty() && degenerate.empty() && slivers.empty() && duplicate_cells.empty() &&
         crowded_faces.empty() && duplicate_points.empty() && hanging_points.empty() &&
         parts.size() <= 1;
}

Defects find_defects(const Mesh& mesh)
{
  Defects defects;
  grade_cells(mesh, defects);
  for (const DuplicateCell& duplicate : duplicate_cells(mesh))
    defects.duplicate_cells.push_back(duplicate.cell);
  check_points(mesh, defects);
  const SortedFaces faces = sorted_faces(mesh);
  std::vector<FaceOfCell> boundary;
  each_face(faces,
            [&](auto first, auto last)
            {
              if (last - first == 1)
                boundary.push_back(first->second);
              for (auto use = first + 2; use < last; ++use)
                defects.crowded_faces.push_back(use->second);
            });
  std::sort(defects.crowded_faces.begin(), defects.crowded_faces.end());
  defects.parts = measure_parts(mesh, faces);
  defects.branching_edges = branching_edges(mesh, boundary);
  defects.pinched_points = pinched_points(mesh, boundary);
  defects.hanging_points = hanging_points(mesh, boundary);
  return defects;
}

std::vector<DefectLine> defect_lines(const Defects& d, const Mesh& mesh)
{
  std::vector<DefectLine> lines;
  const auto cell = [&](std::uint32_t c) { return cell_words(mesh, c); };
  const auto point = [&](std::uint32_t p) { return point_words(mesh, p); };
  const auto add = [&](const char* code, const std::string& what, bool stops, const auto& list,
                       const auto& words)
  {
    if (!list.empty())
      lines.push_back({code, counted(list, what, words), stops});
  };
  add("inverted_cells", "inverted cells", true, d.inverted, cell);
  add("degenerate_cells", "cells without volume", true, d.degenerate, cell);
  const bool tetrahedra = mesh.shape == CellShape::tetrahedron;
  const auto sliver = [&](std::uint32_t c)
  { return cell_words(mesh, c) + " with " + format_number(quality(mesh, c).shape, 2); };
  add("slivers",
      "slivers (" +
          (tetrahedra ? "an angle between faces below " + format_number(limits::sliver_angle) +
                            " degrees or a radius ratio below "
                      : std::string("a scaled Jacobian below ")) +
          format_number(limits::sliver_shape) + ")",
      true, worst_first(mesh, d.slivers), sliver);
  add("duplicate_cells", "cells with the corners of another", true, d.duplicate_cells, cell);
  add("crowded_faces", "faces that belong to more than two cells", true, d.crowded_faces,
      [&](const FaceOfCell& face) { return cell_words(mesh, face.cell); });
  add("duplicate_points", "points in the place of another, so that the mesh is cracked there", true,
      d.duplicate_points, point);
  add("hanging_points", "points in the middle of another cell's edge or face", true,
      d.hanging_points, point);
  if (d.parts.size() > 1)
    lines.push_back({"parts", parts_words(d, mesh), true});
  add("branching_edges", "edges that join bodies along themselves alone", false, d.branching_edges,
      [&](const EdgeKey& edge)
      {
        return "points " + std::to_string(mesh.point_tag(edge[0])) + " and " +
               std::to_string(mesh.point_tag(edge[1])) +
               place(0.5 * (mesh.points[edge[0]] + mesh.points[edge[1]]));
      });
  add("pinched_points", "points that join bodies in themselves alone", false, d.pinched_points,
      point);
  add("unreferenced_points", "points that no cell uses", false, d.unreferenced_points, point);
  return lines;
}

Warnings require_sound(const Mesh& mesh)
{
  const std::string file = mesh.source.path.empty() ? "mesh" : mesh.source.path;
  std::vector<Problem> problems;
  Warnings warnings;
  for (const DefectLine& line : defect_lines(find_defects(mesh), mesh))
    if (line.stops)
      problems.push_back({file, line.words, "none", remedy_for(line.code), ""});
    else
      warnings.push_back({line.code, line.words, file});
  if (!problems.empty())
    throw InputError(Fault::data, problems);
  return warnings;
}

} // namespace calcar::mesh
