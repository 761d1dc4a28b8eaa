#include "mesh/connectivity.hpp"

#include "base/disjoint_sets.hpp"
#include "geometry/join_points.hpp"

#include <algorithm>

namespace calcar::mesh
{
namespace
{

/// Use of an edge of the boundary by a face of it: by the places of its two ends in `Corners`.
struct EdgeUse
{
  EdgeKey key;
  std::uint32_t low_corner;
  std::uint32_t high_corner;
  auto operator<=>(const EdgeUse&) const = default;
};

/// The corners of the boundary's faces one after the other, and the uses of its edges, ascending.
struct BoundaryEdges
{
  std::vector<std::uint32_t> corners;
  std::vector<EdgeUse> uses;
};

BoundaryEdges edges_of(const Mesh& mesh, const std::vector<FaceOfCell>& boundary)
{
  BoundaryEdges edges;
  for (const FaceOfCell& face : boundary)
  {
    const auto corners = face_corners(mesh, face);
    const auto first = static_cast<std::uint32_t>(edges.corners.size());
    const auto n = static_cast<std::uint32_t>(corners.size());
    edges.corners.insert(edges.corners.end(), corners.begin(), corners.end());
    for (std::uint32_t k = 0; k < n; ++k)
    {
      const std::uint32_t a = first + k;
      const std::uint32_t b = first + (k + 1) % n;
      const bool up = edges.corners[a] < edges.corners[b];
      const std::uint32_t low = up ? a : b;
      const std::uint32_t high = up ? b : a;
      edges.uses.push_back({{edges.corners[low], edges.corners[high]}, low, high});
    }
  }
  std::sort(edges.uses.begin(), edges.uses.end());
  return edges;
}

template <typename What>
void each_edge(const std::vector<EdgeUse>& uses, const What& what)
{
  for (auto first = uses.begin(); first != uses.end();)
  {
    auto last = first + 1;
    while (last != uses.end() && last->key == first->key)
      ++last;
    what(first, last);
    first = last;
  }
}

std::vector<EdgeKey> branching(const BoundaryEdges& edges)
{
  std::vector<EdgeKey> result;
  each_edge(edges.uses,
            [&](auto first, auto last)
            {
              if (last - first != 2)
                result.push_back(first->key);
            });
  return result;
}

void keep_each_once(std::vector<std::uint32_t>& numbers)
{
  std::sort(numbers.begin(), numbers.end());
  numbers.erase(std::unique(numbers.begin(), numbers.end()), numbers.end());
}

std::vector<std::uint32_t> sorted_corners(const Mesh& mesh, std::uint32_t cell)
{
  const auto corners = mesh.cell(cell);
  std::vector<std::uint32_t> sorted(corners.begin(), corners.end());
  std::sort(sorted.begin(), sorted.end());
  return sorted;
}

/// A number that is the same for the same corners in any order, and hardly ever for others.
std::uint64_t fingerprint(const Mesh& mesh, std::uint32_t cell)
{
  std::uint64_t sum = 0;
  for (const std::uint32_t corner : mesh.cell(cell))
  {
    std::uint64_t x = corner + 0x9e3779b97f4a7c15u; // SplitMix64 (Steele, Lea and Flood 2014)
    x = (x ^ (x >> 30)) * 0xbf58476d1ce4e5b9u;
    x = (x ^ (x >> 27)) * 0x94d049bb133111ebu;
    sum += x ^ (x >> 31);
  }
  return sum;
}

} // namespace

std::vector<std::uint32_t> parts_of(const Mesh& mesh, const SortedFaces& faces)
{
  DisjointSets sets(mesh.cells());
  each_face(faces,
            [&](auto first, auto last)
            {
              for (auto use = first + 1; use != last; ++use)
                sets.join(first->second.cell, use->second.cell);
            });
  std::uint32_t count = 0;
  return sets.number(count);
}

bool same_way_round(const Mesh& mesh, FaceOfCell a, FaceOfCell b)
{
  const auto p = face_corners(mesh, a);
  const auto q = face_corners(mesh, b);
  const auto at = static_cast<std::size_t>(std::find(q.begin(), q.end(), p[0]) - q.begin());
  return q[(at + 1) % q.size()] == p[1];
}

std::vector<DuplicateCell> duplicate_cells(const Mesh& mesh)
{
  std::vector<std::pair<std::uint64_t, std::uint32_t>> prints(mesh.cells());
  for (std::uint32_t c = 0; c < prints.size(); ++c)
    prints[c] = {fingerprint(mesh, c), c};
  std::sort(prints.begin(), prints.end());
  std::vector<DuplicateCell> duplicates;
  std::size_t first = 0; // of the same fingerprint
  for (std::size_t n = 1; n < prints.size(); ++n)
    if (prints[n].first != prints[first].first)
      first = n;
    else if (sorted_corners(mesh, prints[n].second) == sorted_corners(mesh, prints[first].second))
      duplicates.push_back({prints[n].second, prints[first].second});
  std::sort(duplicates.begin(), duplicates.end(),
            [](const DuplicateCell& a, const DuplicateCell& b) { return a.cell < b.cell; });
  return duplicates;
}

std::vector<EdgeKey> branching_edges(const Mesh& mesh, const std::vector<FaceOfCell>& boundary)
{
  return branching(edges_of(mesh, boundary));
}

std::vector<std::uint32_t> pinched_points(const Mesh& mesh, const std::vector<FaceOfCell>& boundary)
{
  const BoundaryEdges edges = edges_of(mesh, boundary);
  DisjointSets fans(edges.corners.size());
  std::vector<bool> branches(mesh.points.size(), false);
  each_edge(edges.uses,
            [&](auto first, auto last)
            {
              if (last - first != 2)
                branches[first->key[0]] = branches[first->key[1]] = true;
              for (auto use = first + 1; use != last; ++use)
              {
                fans.join(first->low_corner, use->low_corner);
                fans.join(first->high_corner, use->high_corner);
              }
            });
  std::vector<std::uint8_t> fans_at(mesh.points.size(), 0);
  std::vector<std::uint32_t> result;
  for (std::uint32_t c = 0; c < edges.corners.size(); ++c)
  {
    const std::uint32_t p = edges.corners[c];
    if (fans.find(c) == c && !branches[p] && fans_at[p] < 2 && ++fans_at[p] == 2)
      result.push_back(p);
  }
  keep_each_once(result);
  return result;
}

std::vector<std::uint32_t> hanging_points(const Mesh& mesh, const std::vector<FaceOfCell>& boundary)
{
  const BoundaryEdges edges = edges_of(mesh, boundary);
  std::vector<std::uint32_t> on_boundary = edges.corners;
  keep_each_once(on_boundary);
  // The boundary's points, then the middles.
  std::vector<Vec3> places;
  for (const std::uint32_t p : on_boundary)
    places.push_back(mesh.points[p]);
  each_edge(edges.uses, [&](auto first, auto)
            { places.push_back(0.5 * (mesh.points[first->key[0]] + mesh.points[first->key[1]])); });
  if (mesh.shape == CellShape::hexahedron)
    for (std::size_t n = 0; n < edges.corners.size(); n += 4)
      places.push_back(0.25 *
                       (mesh.points[edges.corners[n]] + mesh.points[edges.corners[n + 1]] +
                        mesh.points[edges.corners[n + 2]] + mesh.points[edges.corners[n + 3]]));
  const auto first = geometry::same_place(places, 1e-9 * geometry::diagonal(mesh.points));
  std::vector<std::uint32_t> result;
  for (std::size_t n = on_boundary.size(); n < places.size(); ++n)
    if (first[n] < on_boundary.size())
      result.push_back(on_boundary[first[n]]);
  keep_each_once(result);
  return result;
}

} // namespace calcar::mesh
