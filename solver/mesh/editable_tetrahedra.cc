#include "mesh/editable_tetrahedra.hpp"

#include "mesh/connectivity.hpp"
#include "mesh/quality.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <numbers>

namespace calcar::mesh
{
namespace
{
using Cell = EditableTetrahedra::Cell;

constexpr std::size_t longest_ring = 8;
constexpr double gain = 1e-3;  // a change must gain this much, lest changes undo each other
constexpr double enough = 2;   // worth from which a cell costs nothing
constexpr double never = 1e12; // cost of a cell without volume or turned inside out

FaceKey key_of(std::uint32_t a, std::uint32_t b, std::uint32_t c)
{
  FaceKey key = {a, b, c, no_corner};
  std::sort(key.begin(), key.end());
  return key;
}

/// True when a change makes cells better by enough, and leaves none without volume.
bool gains(double now, double before)
{
  return now < never && now < before - gain;
}

/// The best triangulation of a ring of points i, ..., j by dynamic programming.
struct RingTriangulation
{
  std::array<std::array<double, longest_ring>, longest_ring> cost;
  std::array<std::array<std::size_t, longest_ring>, longest_ring> middle;
};

void collect(const RingTriangulation& best, std::size_t i, std::size_t j,
             std::vector<std::array<std::size_t, 3>>& triangles)
{
  if (j < i + 2)
    return;
  const std::size_t k = best.middle[i][j];
  triangles.push_back({i, k, j});
  collect(best, i, k, triangles);
  collect(best, k, j, triangles);
}

} // namespace

EditableTetrahedra::EditableTetrahedra(const Mesh& mesh)
    : points_(mesh.points), region_(mesh.region), alive_(mesh.cells(), true),
      cells_of_(mesh.points.size()), fixed_(mesh.points.size(), false),
      moved_(mesh.points.size(), false), changed_at_(mesh.points.size(), 1)
{
  for (std::uint32_t c = 0; c < mesh.cells(); ++c)
  {
    const auto corners = mesh.cell(c);
    cells_.push_back({corners[0], corners[1], corners[2], corners[3]});
    for (const std::uint32_t p : corners)
      cells_of_[p].push_back(c);
  }
  for (const FaceSet& set : mesh.face_sets)
    for (const FaceOfCell& face : set.faces)
      kept_.push_back(face_key(mesh, face));
  std::sort(kept_.begin(), kept_.end());
  const auto fix = [&](const FaceKey& key)
  {
    for (std::size_t n = 0; n < 3; ++n)
      fixed_[key[n]] = true;
  };
  for (const FaceKey& key : kept_)
    fix(key);
  each_face(sorted_faces(mesh),
            [&](auto first, auto last)
            {
              if (last - first != 2 ||
                  mesh.region[first->second.cell] != mesh.region[(first + 1)->second.cell])
                fix(first->first);
            });
  for (const PointSet& set : mesh.point_sets)
    for (const std::uint32_t p : set.points)
      fixed_[p] = true;
}

double EditableTetrahedra::worth(const Cell& c) const
{
  static const double sine = std::sin(limits::sliver_angle * std::numbers::pi / 180);
  const Vec3& o = points_[c[0]];
  const Vec3 a = points_[c[1]] - o;
  const Vec3 b = points_[c[2]] - o;
  const Vec3 d = points_[c[3]] - o;
  const Vec3 ab = cross(a, b);
  const Vec3 bd = cross(b, d);
  const Vec3 da = cross(d, a);
  const double volume = dot(d, ab) / 6;
  // Areas of the faces without corner 0, 1, 2, 3.
  const std::array<double, 4> area = {norm(cross(b - a, d - a)) / 2, norm(bd) / 2, norm(da) / 2,
                                      norm(ab) / 2};
  const double smallest = *std::min_element(area.begin(), area.end());
  if (!(smallest > 0))
    return -std::numeric_limits<double>::max();
  // V = 2/3 A A' sin(angle) / l for the edge of length l between two faces.
  const double f = 1.5 * volume;
  const double least =
      std::min({volume >= 0 ? 1.0 : -1.0, f * norm(a) / (area[2] * area[3]),
                f * norm(b) / (area[1] * area[3]), f * norm(d) / (area[1] * area[2]),
                f * norm(b - a) / (area[0] * area[3]), f * norm(d - b) / (area[0] * area[1]),
                f * norm(a - d) / (area[0] * area[2])});
  const double twelve_v_r = norm(dot(a, a) * bd + dot(b, b) * da + dot(d, d) * ab);
  const double shape =
      108 * volume * std::abs(volume) / ((area[0] + area[1] + area[2] + area[3]) * twelve_v_r);
  return std::min(least / sine, shape / limits::sliver_shape);
}

bool EditableTetrahedra::is_kept(std::uint32_t a, std::uint32_t b, std::uint32_t c) const
{
  return std::binary_search(kept_.begin(), kept_.end(), key_of(a, b, c));
}

bool EditableTetrahedra::find_ring(std::uint32_t a, std::uint32_t b, Ring& ring) const
{
  std::vector<std::array<std::uint32_t, 2>> sides; // from, to
  for (const std::uint32_t c : cells_of_[a])
  {
    const Cell& cell = cells_[c];
    const auto at = [&](std::uint32_t p)
    { return static_cast<std::size_t>(std::find(cell.begin(), cell.end(), p) - cell.begin()); };
    if (at(b) == 4)
      continue;
    // The other two such that (a, b, from, to) is turned as the cell is.
    std::array<std::size_t, 2> others = {};
    std::size_t n = 0;
    for (std::size_t k = 0; k < 4; ++k)
      if (cell[k] != a && cell[k] != b)
        others[n++] = k;
    const std::array<std::size_t, 4> order = {at(a), at(b), others[0], others[1]};
    std::size_t inversions = 0;
    for (std::size_t i = 0; i < 4; ++i)
      for (std::size_t j = i + 1; j < 4; ++j)
        inversions += order[i] > order[j] ? 1 : 0;
    if (inversions % 2 == 1)
      std::swap(others[0], others[1]);
    ring.cells.push_back(c);
    sides.push_back({cell[others[0]], cell[others[1]]});
  }
  if (sides.size() < 3 || sides.size() > longest_ring)
    return false;
  ring.points.push_back(sides[0][0]);
  while (ring.points.size() < sides.size())
  {
    const auto next = std::find_if(sides.begin(), sides.end(),
                                   [&](const auto& side) { return side[0] == ring.points.back(); });
    if (next == sides.end() || (*next)[1] == ring.points.front())
      return false;
    ring.points.push_back((*next)[1]);
  }
  const auto closes =
      std::find(sides.begin(), sides.end(), std::array{ring.points.back(), ring.points.front()});
  return closes != sides.end();
}

double EditableTetrahedra::cost(const Cell& cell) const
{
  const double w = worth(cell);
  if (w <= 0)
    return never * (1 - std::max(w, -1.0));
  return w < enough ? (enough - w) * (enough - w) : 0;
}

double EditableTetrahedra::cost(std::span<const std::uint32_t> cells) const
{
  double sum = 0;
  for (const std::uint32_t c : cells)
    sum += cost(cells_[c]);
  return sum;
}

bool EditableTetrahedra::exchange(std::span<const std::uint32_t> old_cells,
                                  const std::vector<Cell>& new_cells)
{
  const std::uint16_t region = region_[old_cells[0]];
  for (const std::uint32_t c : old_cells)
  {
    alive_[c] = false;
    for (const std::uint32_t p : cells_[c])
      std::erase(cells_of_[p], c);
  }
  for (const Cell& cell : new_cells)
  {
    const auto c = static_cast<std::uint32_t>(cells_.size());
    cells_.push_back(cell);
    region_.push_back(region);
    alive_.push_back(true);
    for (const std::uint32_t p : cell)
      cells_of_[p].push_back(c);
  }
  ++time_;
  for (const Cell& cell : new_cells)
    for (const std::uint32_t p : cell)
      changed_at_[p] = time_;
  exchanged_ += old_cells.size();
  return true;
}

bool EditableTetrahedra::remove_edge(std::uint32_t a, std::uint32_t b)
{
  Ring ring;
  if (!find_ring(a, b, ring))
    return false;
  for (const std::uint32_t c : ring.cells)
    if (region_[c] != region_[ring.cells[0]])
      return false;
  const auto& p = ring.points;
  for (const std::uint32_t point : p)
    if (is_kept(a, b, point))
      return false;
  const std::size_t n = p.size();
  RingTriangulation best = {};
  for (std::size_t length = 1; length < n; ++length)
    for (std::size_t i = 0; i + length < n; ++i)
    {
      const std::size_t j = i + length;
      best.cost[i][j] = length == 1 ? 0 : std::numeric_limits<double>::max();
      for (std::size_t k = i + 1; k < j; ++k)
      {
        const double sum = cost(Cell{p[i], p[k], p[j], b}) + cost(Cell{p[i], p[j], p[k], a}) +
                           best.cost[i][k] + best.cost[k][j];
        if (sum < best.cost[i][j])
        {
          best.cost[i][j] = sum;
          best.middle[i][j] = k;
        }
      }
    }
  if (!gains(best.cost[0][n - 1], cost(ring.cells)))
    return false;
  std::vector<std::array<std::size_t, 3>> triangles;
  collect(best, 0, n - 1, triangles);
  std::vector<Cell> cells;
  for (const auto& t : triangles)
  {
    cells.push_back({p[t[0]], p[t[1]], p[t[2]], b});
    cells.push_back({p[t[0]], p[t[2]], p[t[1]], a});
  }
  return exchange(ring.cells, cells);
}

bool EditableTetrahedra::remove_face(std::uint32_t cell, std::size_t n)
{
  const CellFace& face = reference_cell(CellShape::tetrahedron)
                             .faces[n == 3   ? 0
                                    : n == 2 ? 1
                                    : n == 0 ? 2
                                             : 3];
  const Cell& corners = cells_[cell];
  const std::array<std::uint32_t, 3> f = {corners[face[0]], corners[face[1]], corners[face[2]]};
  const std::uint32_t inner = corners[n];
  std::uint32_t other = no_corner;
  for (const std::uint32_t c : cells_of_[f[0]])
    if (c != cell &&
        std::count_if(cells_[c].begin(), cells_[c].end(),
                      [&](std::uint32_t p) { return p == f[0] || p == f[1] || p == f[2]; }) == 3)
      other = c;
  if (other == no_corner || region_[other] != region_[cell] || is_kept(f[0], f[1], f[2]))
    return false;
  const std::uint32_t outer =
      *std::find_if(cells_[other].begin(), cells_[other].end(),
                    [&](std::uint32_t p) { return p != f[0] && p != f[1] && p != f[2]; });
  // f runs counter-clockwise seen from `outer`.
  const std::vector<Cell> cells = {
      {inner, outer, f[0], f[1]}, {inner, outer, f[1], f[2]}, {inner, outer, f[2], f[0]}};
  const std::array old_cells = {cell, other};
  if (!gains(cost(cells[0]) + cost(cells[1]) + cost(cells[2]), cost(old_cells)))
    return false;
  return exchange(old_cells, cells);
}

bool EditableTetrahedra::collapse(std::uint32_t point, std::uint32_t to)
{
  if (fixed_[point])
    return false;
  const std::vector<std::uint32_t> old_cells = cells_of_[point]; // a copy: the list changes
  std::vector<Cell> cells;
  double now = 0;
  const double before = cost(old_cells);
  for (const std::uint32_t c : old_cells)
  {
    Cell cell = cells_[c];
    if (std::find(cell.begin(), cell.end(), to) != cell.end())
      continue;
    std::replace(cell.begin(), cell.end(), point, to);
    now += cost(cell);
    if (!gains(now, before))
      return false;
    cells.push_back(cell);
  }
  return !cells.empty() && exchange(old_cells, cells);
}

double EditableTetrahedra::cost_around(std::uint32_t point, double limit) const
{
  double sum = 0;
  for (const std::uint32_t c : cells_of_[point])
  {
    sum += cost(cells_[c]);
    if (sum >= limit) // no better than what there is
      return sum;
  }
  return sum;
}

bool EditableTetrahedra::move_point(std::uint32_t point)
{
  if (fixed_[point])
    return false;
  double longest = 0;
  for (const std::uint32_t c : cells_of_[point])
    for (const std::uint32_t p : cells_[c])
      longest = std::max(longest, norm(points_[p] - points_[point]));
  const double before = cost(cells_of_[point]);
  const Vec3 start = points_[point];
  double best = before;
  for (double step = 0.2 * longest; step > 1e-3 * longest;)
  {
    const Vec3 centre = points_[point];
    Vec3 goal = centre;
    for (int n = 0; n < 14; ++n)
    {
      const double r = n < 6 ? 1 : 1 / std::sqrt(3.0);
      const Vec3 along =
          n < 6 ? Vec3{n / 2 == 0 ? 1.0 : 0, n / 2 == 1 ? 1.0 : 0, n / 2 == 2 ? 1.0 : 0} *
                      (n % 2 == 0 ? 1.0 : -1.0)
                : r * Vec3{n & 1 ? 1.0 : -1.0, n & 2 ? 1.0 : -1.0, n < 10 ? 1.0 : -1.0};
      points_[point] = centre + step * along;
      const double sum = cost_around(point, best);
      if (sum < best)
      {
        best = sum;
        goal = points_[point];
      }
    }
    points_[point] = goal;
    if (goal == centre)
      step /= 2;
  }
  if (gains(best, before))
  {
    moved_[point] = true;
    ++time_;
    for (const std::uint32_t c : cells_of_[point])
      for (const std::uint32_t p : cells_[c])
        changed_at_[p] = time_;
    return true;
  }
  points_[point] = start;
  return false;
}

bool EditableTetrahedra::changed_since(std::uint32_t cell, std::uint32_t time) const
{
  return std::any_of(cells_[cell].begin(), cells_[cell].end(),
                     [&](std::uint32_t p) { return changed_at_[p] > time; });
}

std::size_t EditableTetrahedra::points_moved() const
{
  return static_cast<std::size_t>(std::count(moved_.begin(), moved_.end(), true));
}

} // namespace calcar::mesh
