#include "mesh/select_cells.hpp"

namespace calcar::mesh
{
namespace
{
constexpr std::uint32_t gone = 0xffffffff;

/// New numbers of what is kept, in its order; `gone` for the rest.
std::vector<std::uint32_t> renumbered(const std::vector<bool>& keep)
{
  std::vector<std::uint32_t> number(keep.size(), gone);
  std::uint32_t next = 0;
  for (std::size_t n = 0; n < keep.size(); ++n)
    if (keep[n])
      number[n] = next++;
  return number;
}

std::vector<bool> points_used(const Mesh& mesh, const std::vector<bool>& keep)
{
  std::vector<bool> used(mesh.points.size(), false);
  for (std::size_t c = 0; c < mesh.cells(); ++c)
    if (keep[c])
      for (const std::uint32_t p : mesh.cell(c))
        used[p] = true;
  return used;
}

} // namespace

Mesh select_cells(const Mesh& mesh, const std::vector<bool>& keep)
{
  const auto cell = renumbered(keep);
  const auto point = renumbered(points_used(mesh, keep));
  Mesh result;
  result.shape = mesh.shape;
  result.degree = mesh.degree;
  result.regions = mesh.regions;
  result.source = mesh.source;
  for (std::size_t p = 0; p < point.size(); ++p)
    if (point[p] != gone)
    {
      result.points.push_back(mesh.points[p]);
      result.point_tags.push_back(mesh.point_tag(p));
    }
  for (std::size_t c = 0; c < cell.size(); ++c)
  {
    if (cell[c] == gone)
      continue;
    for (const std::uint32_t p : mesh.cell(c))
      result.corners.push_back(point[p]);
    result.region.push_back(mesh.region[c]);
    result.cell_tags.push_back(mesh.cell_tag(c));
  }
  for (const PointSet& set : mesh.point_sets)
  {
    result.point_sets.push_back({set.name, {}});
    for (const std::uint32_t p : set.points)
      if (point[p] != gone)
        result.point_sets.back().points.push_back(point[p]);
  }
  for (const FaceSet& set : mesh.face_sets)
  {
    result.face_sets.push_back({set.name, {}});
    for (const FaceOfCell& face : set.faces)
      if (cell[face.cell] != gone)
        result.face_sets.back().faces.push_back({cell[face.cell], face.face});
  }
  return result;
}

} // namespace calcar::mesh
