#include "mesh/repair.hpp"

#include "base/text.hpp"
#include "geometry/join_points.hpp"
#include "mesh/connectivity.hpp"
#include "mesh/improve.hpp"
#include "mesh/select_cells.hpp"
#include "mesh/turn_cells.hpp"

#include <algorithm>
#include <cmath>
#include <numeric>

namespace calcar::mesh
{
namespace
{

/// Of the whole volume: what small parts may have together to be dropped.
constexpr double small_part = 0.01;

void tell(RepairedMesh& repaired, const std::string& code, const std::string& text)
{
  repaired.warnings.push_back({code, text, repaired.mesh.source.path});
}

void drop_unreferenced_points(RepairedMesh& repaired)
{
  const std::size_t before = repaired.mesh.points.size();
  std::vector<bool> used(before, false);
  for (const std::uint32_t p : repaired.mesh.corners)
    used[p] = true;
  const auto unused = static_cast<std::size_t>(std::count(used.begin(), used.end(), false));
  if (unused == 0)
    return;
  repaired.mesh = select_cells(repaired.mesh, std::vector<bool>(repaired.mesh.cells(), true));
  tell(repaired, "unreferenced_points_dropped",
       std::to_string(unused) + " of " + std::to_string(before) +
           " points that no cell uses were dropped");
}

bool has_equal_corners(const Mesh& mesh)
{
  for (std::size_t c = 0; c < mesh.cells(); ++c)
  {
    const auto corners = mesh.cell(c);
    for (std::size_t a = 0; a < corners.size(); ++a)
      if (std::find(corners.begin(), corners.begin() + static_cast<std::ptrdiff_t>(a),
                    corners[a]) != corners.begin() + static_cast<std::ptrdiff_t>(a))
        return true;
  }
  return false;
}

std::size_t crowded_faces(const Mesh& mesh)
{
  std::size_t count = 0;
  each_face(sorted_faces(mesh), [&](auto first, auto last) { count += last - first > 2 ? 1 : 0; });
  return count;
}

Mesh with_points_joined(Mesh mesh, const std::vector<std::uint32_t>& first)
{
  for (std::uint32_t& p : mesh.corners)
    p = first[p];
  for (PointSet& set : mesh.point_sets)
  {
    for (std::uint32_t& p : set.points)
      p = first[p];
    std::sort(set.points.begin(), set.points.end());
    set.points.erase(std::unique(set.points.begin(), set.points.end()), set.points.end());
  }
  return select_cells(mesh, std::vector<bool>(mesh.cells(), true));
}

void join_duplicate_points(RepairedMesh& repaired)
{
  const Mesh& mesh = repaired.mesh;
  const auto first = geometry::same_place(mesh.points, 1e-9 * geometry::diagonal(mesh.points));
  std::size_t count = 0;
  for (std::uint32_t p = 0; p < first.size(); ++p)
    count += first[p] != p ? 1 : 0;
  if (count == 0)
    return;
  Mesh joined = with_points_joined(mesh, first);
  if (has_equal_corners(joined) || crowded_faces(joined) > crowded_faces(mesh))
    return;
  repaired.mesh = std::move(joined);
  tell(repaired, "duplicate_points_joined",
       std::to_string(count) + " points in the place of another were joined to it: cells that "
                               "touched without holding together now do");
}

void drop_duplicate_cells(RepairedMesh& repaired)
{
  const Mesh& mesh = repaired.mesh;
  std::vector<bool> keep(mesh.cells(), true);
  std::size_t count = 0;
  for (const DuplicateCell& duplicate : duplicate_cells(mesh))
    if (mesh.region[duplicate.cell] == mesh.region[duplicate.original])
    {
      keep[duplicate.cell] = false;
      ++count;
    }
  if (count == 0)
    return;
  repaired.mesh = select_cells(mesh, keep);
  tell(repaired, "duplicate_cells_dropped",
       std::to_string(count) + " cells with the corners of another were dropped");
}

void turn_misordered_cells(RepairedMesh& repaired)
{
  const auto cells = misordered_cells(repaired.mesh);
  if (cells.empty())
    return;
  turn_cells(repaired.mesh, cells);
  tell(repaired, "cells_turned",
       std::to_string(cells.size()) + " of " + std::to_string(repaired.mesh.cells()) +
           " cells had their corners in the wrong order (negative volume) and were turned");
}

void improve_cells(RepairedMesh& repaired)
{
  Improved improved = improve(std::move(repaired.mesh));
  repaired.mesh = std::move(improved.mesh);
  if (improved.bad_before == 0)
    return;
  tell(repaired, "slivers_improved",
       std::to_string(improved.bad_before) + " slivers or worse: " +
           std::to_string(improved.bad_before - std::min(improved.bad_before, improved.bad_after)) +
           " gone after moving " + std::to_string(improved.points_moved) +
           " inner points and exchanging " + std::to_string(improved.cells_exchanged) + " cells, " +
           std::to_string(improved.bad_after) + " left");
}

void drop_small_parts(RepairedMesh& repaired)
{
  const Mesh& mesh = repaired.mesh;
  const auto part_of = parts_of(mesh, sorted_faces(mesh));
  std::vector<double> volumes;
  for (std::size_t c = 0; c < part_of.size(); ++c)
  {
    volumes.resize(std::max<std::size_t>(volumes.size(), part_of[c] + 1), 0);
    volumes[part_of[c]] += std::abs(volume(mesh, c));
  }
  std::vector<std::size_t> order(volumes.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::stable_sort(order.begin(), order.end(),
                   [&](std::size_t a, std::size_t b) { return volumes[a] < volumes[b]; });
  const double whole = std::accumulate(volumes.begin(), volumes.end(), 0.0);
  std::vector<bool> drop(volumes.size(), false);
  double dropped = 0;
  std::size_t parts = 0;
  while (parts + 1 < order.size() && dropped + volumes[order[parts]] < small_part * whole)
  {
    dropped += volumes[order[parts]];
    drop[order[parts++]] = true;
  }
  if (parts == 0)
    return;
  std::vector<bool> keep(mesh.cells());
  for (std::size_t c = 0; c < keep.size(); ++c)
    keep[c] = !drop[part_of[c]];
  const auto cells = static_cast<std::size_t>(std::count(keep.begin(), keep.end(), false));
  repaired.mesh = select_cells(mesh, keep);
  tell(repaired, "small_parts_dropped",
       std::to_string(parts) +
           " parts that no face joins to the rest were dropped: " + std::to_string(cells) +
           " cells with " + format_number(100 * dropped / whole, 3) + " % of the volume");
}

} // namespace

RepairedMesh repair(Mesh mesh)
{
  RepairedMesh repaired = {std::move(mesh), {}};
  if (repaired.mesh.cells() == 0)
    return repaired;
  drop_unreferenced_points(repaired);
  join_duplicate_points(repaired);
  drop_duplicate_cells(repaired);
  turn_misordered_cells(repaired);
  improve_cells(repaired);
  drop_small_parts(repaired);
  return repaired;
}

} // namespace calcar::mesh
