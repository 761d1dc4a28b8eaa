#include "mesh/file_cells.hpp"

#include "base/text.hpp"
#include "mesh/refuse.hpp"
#include "mesh/tag_index.hpp"

#include <algorithm>
#include <array>
#include <tuple>

namespace calcar::mesh
{
namespace
{

constexpr double allowed_bow = 0.01; ///< of the edge

/// Where the middles of faces stand among the 27 nodes, and the corners around them.
struct Middle
{
  std::size_t node;
  std::array<std::uint8_t, 4> corners; ///< 0 and 2 opposite each other
};
constexpr std::array<Middle, 6> face_middles = {{{20, {0, 4, 7, 3}},
                                                 {21, {1, 2, 6, 5}},
                                                 {22, {0, 1, 5, 4}},
                                                 {23, {3, 7, 6, 2}},
                                                 {24, {0, 1, 2, 3}},
                                                 {25, {4, 5, 6, 7}}}};

/// The first node that is not in the middle, and how many there are.
struct Bows
{
  std::size_t count = 0;
  std::size_t cell = 0;
  std::uint32_t node = 0;
  double away = 0;   ///< mm
  double length = 0; ///< mm
};

void look_at(Bows& bows, std::size_t cell, std::uint32_t node, const Vec3& at, const Vec3& middle,
             double length)
{
  const double away = norm(at - middle);
  if (away <= allowed_bow * length)
    return;
  if (bows.count == 0)
    bows = {0, cell, node, away, length};
  ++bows.count;
}

void look_at_edges(const FileCells& cells, const FileMesh& file, std::size_t c, Bows& bows)
{
  const auto edges = reference_cell(cells.shape).edges;
  const auto cell = cells.cell(c);
  for (std::size_t e = 0; e < edges.size(); ++e)
  {
    const Vec3& a = file.points[cell[edges[e][0]]];
    const Vec3& b = file.points[cell[edges[e][1]]];
    const std::uint32_t node = cell[cells.corners + e];
    look_at(bows, c, node, file.points[node], 0.5 * (a + b), norm(b - a));
  }
}

void look_at_faces(const FileCells& cells, const FileMesh& file, std::size_t c, Bows& bows)
{
  const auto cell = cells.cell(c);
  const auto x = [&](std::size_t n) { return file.points[cell[n]]; };
  for (const Middle& middle : face_middles)
  {
    const auto& k = middle.corners;
    look_at(bows, c, cell[middle.node], x(middle.node),
            0.25 * (x(k[0]) + x(k[1]) + x(k[2]) + x(k[3])), norm(x(k[2]) - x(k[0])));
  }
  Vec3 sum;
  for (std::size_t n = 0; n < cells.corners; ++n)
    sum += x(n);
  look_at(bows, c, cell[26], x(26), sum / 8.0, norm(x(6) - x(0)));
}

using Corners = std::array<std::uint32_t, 8>;

Corners sorted_corners(const FileCells& cells, std::size_t c)
{
  Corners corners;
  corners.fill(no_corner);
  std::copy_n(cells.cell(c).begin(), cells.corners, corners.begin());
  std::sort(corners.begin(), corners.end());
  return corners;
}

std::uint64_t hash(const Corners& corners)
{
  std::uint64_t h = 0;
  for (const std::uint32_t corner : corners)
    h = (h ^ corner) * 0x9e3779b97f4a7c15ULL + (h >> 29);
  return h;
}

/// A triangle or quad of the file by its sorted corners, looked for among the faces of the cells.
struct Piece
{
  FaceKey key;
  std::uint16_t region;
  std::uint64_t tag;
  std::size_t found = 0; ///< how many cells have it
};

FaceKey key_of(const ElementBlock& block, std::size_t e, const FileMesh& file,
               const TagIndex& nodes, const std::vector<std::uint32_t>& point,
               const std::string& place)
{
  const std::size_t n_corners = node_count(block.kind);
  FaceKey key = {no_corner, no_corner, no_corner, no_corner};
  for (std::size_t n = 0; n < n_corners; ++n)
  {
    const std::uint64_t tag = block.nodes[n_corners * e + n];
    const auto node = nodes.find(tag);
    if (!node)
      refuse(place,
             "element " + std::to_string(block.tags[e]) + " of surface \"" +
                 file.regions.at(block.region[e]) + "\" uses node " + std::to_string(tag) +
                 ", which the file does not have",
             "", "save the mesh again with all its nodes");
    if (point[*node] == no_corner) // of no cell: matches nothing
      return {no_corner, no_corner, no_corner, no_corner};
    key[n] = point[*node];
  }
  std::sort(key.begin(), key.end());
  return key;
}

std::vector<Piece> pieces_of(const FileMesh& file, const std::vector<std::uint32_t>& point,
                             const std::string& place)
{
  std::vector<Piece> pieces;
  if (std::none_of(file.blocks.begin(), file.blocks.end(),
                   [](const ElementBlock& b) { return !is_cell(b.kind) && !b.tags.empty(); }))
    return pieces;
  const TagIndex nodes(file.node_tags);
  for (const ElementBlock& block : file.blocks)
    if (!is_cell(block.kind))
      for (std::size_t e = 0; e < block.tags.size(); ++e)
        pieces.push_back(
            {key_of(block, e, file, nodes, point, place), block.region[e], block.tags[e]});
  std::sort(pieces.begin(), pieces.end(),
            [](const Piece& a, const Piece& b)
            { return std::tie(a.key, a.region, a.tag) < std::tie(b.key, b.region, b.tag); });
  return pieces;
}

/// Points of the mesh that lie on a piece: most faces need no search.
std::vector<bool> points_on(const std::vector<Piece>& pieces, std::size_t points)
{
  std::vector<bool> on(points, false);
  for (const Piece& piece : pieces)
    for (const std::uint32_t corner : piece.key)
      if (corner != no_corner)
        on[corner] = true;
  return on;
}

/// Puts the first cell's face into the set of each piece with these corners.
void match(FaceOfCell face, const FaceKey& key, std::vector<Piece>& pieces,
           std::vector<std::vector<FaceOfCell>>& sets)
{
  auto piece = std::lower_bound(pieces.begin(), pieces.end(), key,
                                [](const Piece& a, const FaceKey& k) { return a.key < k; });
  for (; piece != pieces.end() && piece->key == key; ++piece)
    if (piece->found++ == 0)
      sets[piece->region].push_back(face);
}

std::vector<std::vector<FaceOfCell>> match_all(const Mesh& mesh, std::size_t regions,
                                               std::vector<Piece>& pieces)
{
  const std::vector<bool> on = points_on(pieces, mesh.points.size());
  const ReferenceCell& reference = reference_cell(mesh.shape);
  std::vector<std::vector<FaceOfCell>> sets(regions);
  for (std::uint32_t c = 0; c < mesh.cells(); ++c)
    for (std::uint8_t f = 0; f < reference.faces.size(); ++f)
    {
      const auto cell = mesh.cell(c);
      const CellFace& face = reference.faces[f];
      if (on[cell[face[0]]] && on[cell[face[1]]] && on[cell[face[2]]] && on[cell[face[3]]])
        match({c, f}, face_key(mesh, {c, f}), pieces, sets);
    }
  return sets;
}

} // namespace

void check_straight(const FileCells& cells, const FileMesh& file, const std::string& place)
{
  const std::size_t nodes = node_count(cells.kind);
  if (nodes == cells.corners)
    return;
  Bows bows;
  for (std::size_t c = 0; c < cells.size(); ++c)
  {
    look_at_edges(cells, file, c, bows);
    if (nodes == 27)
      look_at_faces(cells, file, c, bows);
  }
  if (bows.count == 0)
    return;
  const std::string further =
      bows.count == 1 ? "" : "; so do " + std::to_string(bows.count - 1) + " further ones";
  refuse(place,
         "a curved element: node " + std::to_string(file.node_tags[bows.node]) + " of element " +
             std::to_string(cells.tags[bows.cell]) + " lies " + format_number(bows.away) +
             " mm from the middle of an edge or diagonal of " + format_number(bows.length) + " mm" +
             further,
         "straight edges, mid-edge nodes within 1 % of the middle",
         "save the mesh with straight edges (Gmsh: Mesh.SecondOrderLinear = 1), or of first order");
}

void check_distinct(const FileCells& cells, const std::string& place)
{
  std::vector<std::pair<std::uint64_t, std::uint32_t>> hashes;
  hashes.reserve(cells.size());
  for (std::uint32_t c = 0; c < cells.size(); ++c)
    hashes.emplace_back(hash(sorted_corners(cells, c)), c);
  std::sort(hashes.begin(), hashes.end());
  for (std::size_t n = 1; n < hashes.size(); ++n)
    if (hashes[n].first == hashes[n - 1].first &&
        sorted_corners(cells, hashes[n].second) == sorted_corners(cells, hashes[n - 1].second))
      refuse(place,
             "elements " + std::to_string(cells.tags[hashes[n - 1].second]) + " and " +
                 std::to_string(cells.tags[hashes[n].second]) + " have the same corners",
             "each cell once",
             "delete the copy (Gmsh 2.2 writes a cell once for each of its physical groups: save "
             "as 4.1)");
}

void add_surfaces(const FileMesh& file, const std::vector<std::uint32_t>& point, ReadMesh& read)
{
  const std::string& place = read.mesh.source.path;
  std::vector<Piece> pieces = pieces_of(file, point, place);
  if (pieces.empty())
    return;
  auto sets = match_all(read.mesh, file.regions.size(), pieces);
  std::size_t between = 0;
  for (const Piece& piece : pieces)
  {
    if (piece.found == 0)
      refuse(place,
             "element " + std::to_string(piece.tag) + " of surface \"" +
                 file.regions.at(piece.region) + "\" is the face of no cell",
             "surfaces made of faces of the cells",
             "mesh surface and volume together, or leave the surface out");
    between += piece.found > 1;
  }
  for (std::size_t r = 0; r < sets.size(); ++r)
  {
    sets[r].erase(std::unique(sets[r].begin(), sets[r].end()), sets[r].end());
    if (!sets[r].empty())
      read.mesh.face_sets.push_back({file.regions[r], std::move(sets[r])});
  }
  if (between > 0)
    read.warnings.push_back({"mesh_inner_surface",
                             std::to_string(between) +
                                 " faces of named surfaces lie between two cells; they are taken "
                                 "as faces of the first of the two",
                             place});
}

} // namespace calcar::mesh
