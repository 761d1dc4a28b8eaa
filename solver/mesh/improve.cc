#include "mesh/improve.hpp"

#include "mesh/editable_tetrahedra.hpp"
#include "mesh/quality.hpp"
#include "mesh/select_cells.hpp"

#include <algorithm>
#include <numeric>

namespace calcar::mesh
{
namespace
{

constexpr int most_sweeps = 12;
/// Cells are worked on until they are that much better than a sliver.
constexpr double good_enough = 1.2;

std::size_t count_bad(const Mesh& mesh)
{
  std::size_t bad = 0;
  for (std::size_t c = 0; c < mesh.cells(); ++c)
    bad += grade(quality(mesh, c), mesh.shape) != CellGrade::good ? 1 : 0;
  return bad;
}

bool improve_cell(EditableTetrahedra& cells, std::uint32_t c)
{
  const auto corners = cells.corners(c); // a copy: the cell may go
  bool moved = false;
  for (const std::uint32_t p : corners)
    moved = cells.move_point(p) || moved;
  if (cells.worth(c) >= good_enough)
    return true;
  for (const CellEdge& edge : reference_cell(CellShape::tetrahedron).edges)
    if (cells.remove_edge(corners[edge[0]], corners[edge[1]]))
      return true;
  for (std::size_t n = 0; n < 4; ++n)
    if (cells.remove_face(c, n))
      return true;
  for (const std::uint32_t p : corners)
    for (const std::uint32_t q : corners)
      if (p != q && cells.collapse(p, q))
        return true;
  return moved;
}

/// One pass over the cells that are not good enough and around which something changed since
/// `time`, the worst first; false when nothing was done.
bool sweep(EditableTetrahedra& cells, std::uint32_t time)
{
  std::vector<std::pair<double, std::uint32_t>> bad;
  for (std::uint32_t c = 0; c < cells.cells(); ++c)
    if (cells.alive(c) && cells.changed_since(c, time) && cells.worth(c) < good_enough)
      bad.emplace_back(cells.worth(c), c);
  std::sort(bad.begin(), bad.end());
  bool changed = false;
  for (const auto& [worth, c] : bad)
    if (cells.alive(c) && cells.worth(c) < good_enough)
      changed = improve_cell(cells, c) || changed;
  return changed;
}

/// Sweeps until nothing more is gained.
void improve(EditableTetrahedra& cells)
{
  std::uint32_t last = 0;
  for (int n = 0; n < most_sweeps; ++n)
  {
    const std::uint32_t now = cells.time();
    if (!sweep(cells, last))
      return;
    last = now;
  }
}

/// A named face by its points in the order in which its cell sees it from outside.
struct NamedFace
{
  FaceKey key;
  std::vector<std::uint32_t> corners;
};

std::vector<std::vector<NamedFace>> named_faces(const Mesh& mesh)
{
  std::vector<std::vector<NamedFace>> sets;
  for (const FaceSet& set : mesh.face_sets)
  {
    sets.emplace_back();
    for (const FaceOfCell& face : set.faces)
      sets.back().push_back({face_key(mesh, face), face_corners(mesh, face)});
  }
  return sets;
}

bool seen_alike(const std::vector<std::uint32_t>& a, const std::vector<std::uint32_t>& b)
{
  const auto at = static_cast<std::size_t>(std::find(b.begin(), b.end(), a[0]) - b.begin());
  return b[(at + 1) % b.size()] == a[1];
}

/// Finds the named faces again among the new cells.
void name_faces(Mesh& mesh, const std::vector<std::vector<NamedFace>>& sets)
{
  if (sets.empty())
    return;
  const auto faces = sorted_faces(mesh);
  for (std::size_t s = 0; s < sets.size(); ++s)
  {
    auto& found = mesh.face_sets[s].faces;
    found.clear();
    for (const NamedFace& named : sets[s])
      for (auto use = std::lower_bound(faces.begin(), faces.end(), named.key,
                                       [](const auto&face, const FaceKey&key)
                                       { return face.first < key; });
           use != faces.end() && use->first == named.key; ++use)
        if (seen_alike(named.corners, face_corners(mesh, use->second)))
          found.push_back(use->second);
    std::sort(found.begin(), found.end());
  }
}

void take_over(Mesh& mesh, const EditableTetrahedra& cells)
{
  const std::size_t before = mesh.cells();
  std::vector<std::uint64_t> tags;
  for (std::size_t c = 0; c < before; ++c)
    tags.push_back(mesh.cell_tag(c));
  std::uint64_t next = *std::max_element(tags.begin(), tags.end()) + 1;
  mesh.points = cells.points();
  mesh.corners.clear();
  mesh.region.clear();
  mesh.cell_tags.clear();
  for (std::uint32_t c = 0; c < cells.cells(); ++c)
  {
    if (!cells.alive(c))
      continue;
    const auto& corners = cells.corners(c);
    mesh.corners.insert(mesh.corners.end(), corners.begin(), corners.end());
    mesh.region.push_back(cells.region(c));
    mesh.cell_tags.push_back(c < before ? tags[c] : next++);
  }
}

} // namespace

Improved improve(Mesh mesh)
{
  Improved improved;
  if (mesh.shape == CellShape::tetrahedron)
    improved.bad_before = count_bad(mesh);
  if (improved.bad_before > 0)
  {
    EditableTetrahedra cells(mesh);
    improve(cells);
    const auto faces = named_faces(mesh);
    take_over(mesh, cells);
    name_faces(mesh, faces);
    mesh =
        select_cells(mesh, std::vector<bool>(mesh.cells(), true)); // drops points drawn into others
    improved.points_moved = cells.points_moved();
    improved.cells_exchanged = cells.cells_exchanged();
    improved.bad_after = count_bad(mesh);
  }
  improved.mesh = std::move(mesh);
  return improved;
}

} // namespace calcar::mesh
