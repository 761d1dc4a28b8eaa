#include "mesh/nodes.hpp"

#include <algorithm>

namespace calcar::mesh
{
namespace
{

using Key = std::array<std::uint32_t, 4>; ///< sorted corners of an edge or face

/// Where the node in the middle of a face stands in VTK's list of 27, by our number of the face.
constexpr std::array<std::uint8_t, 6> middle_of_face = {24, 25, 22, 21, 23, 20};
constexpr std::size_t middle_of_cell = 26;

struct FaceNodes
{
  std::uint8_t nodes[9];
};

Key sorted_key(std::initializer_list<std::uint32_t> corners)
{
  Key key = {0, 0, 0, 0};
  std::copy(corners.begin(), corners.end(), key.begin());
  std::sort(key.begin(), key.begin() + static_cast<std::ptrdiff_t>(corners.size()));
  return key;
}

/// Numbers the distinct keys, ascending, from nodes.points.size() on, and writes each number where
/// its key stood.
void number(std::vector<std::pair<Key, std::size_t>>& keys, std::size_t corners, const Mesh& mesh,
            Nodes& nodes)
{
  std::sort(keys.begin(), keys.end());
  for (std::size_t n = 0; n < keys.size(); ++n)
  {
    if (n == 0 || keys[n].first != keys[n - 1].first)
    {
      Vec3 sum;
      for (std::size_t c = 0; c < corners; ++c)
        sum += mesh.points[keys[n].first[c]];
      nodes.points.push_back(sum / static_cast<double>(corners));
    }
    nodes.of_cell[keys[n].second] = static_cast<std::uint32_t>(nodes.points.size() - 1);
  }
}

void number_edges(const Mesh& mesh, Nodes& nodes)
{
  const ReferenceCell& reference = reference_cell(mesh.shape);
  const auto per_cell = static_cast<std::size_t>(nodes.per_cell);
  std::vector<std::pair<Key, std::size_t>> keys;
  keys.reserve(mesh.cells() * reference.edges.size());
  for (std::size_t c = 0; c < mesh.cells(); ++c)
    for (std::size_t e = 0; e < reference.edges.size(); ++e)
    {
      const auto cell = mesh.cell(c);
      keys.emplace_back(sorted_key({cell[reference.edges[e][0]], cell[reference.edges[e][1]]}),
                        per_cell * c + static_cast<std::size_t>(reference.corners) + e);
    }
  number(keys, 2, mesh, nodes);
}

void number_faces(const Mesh& mesh, Nodes& nodes)
{
  const ReferenceCell& reference = reference_cell(mesh.shape);
  const auto per_cell = static_cast<std::size_t>(nodes.per_cell);
  std::vector<std::pair<Key, std::size_t>> keys;
  keys.reserve(mesh.cells() * reference.faces.size());
  for (std::size_t c = 0; c < mesh.cells(); ++c)
    for (std::size_t f = 0; f < reference.faces.size(); ++f)
    {
      const auto cell = mesh.cell(c);
      const CellFace& face = reference.faces[f];
      keys.emplace_back(sorted_key({cell[face[0]], cell[face[1]], cell[face[2]], cell[face[3]]}),
                        per_cell * c + middle_of_face[f]);
    }
  number(keys, 4, mesh, nodes);
}

/// The table behind nodes_of_face: corners, middles of the edges between them, the face's own.
template <std::size_t faces>
std::array<FaceNodes, faces> make_face_nodes(CellShape shape)
{
  const ReferenceCell& reference = reference_cell(shape);
  std::array<FaceNodes, faces> table = {};
  const auto corners = static_cast<std::size_t>(reference.corners_of_face);
  for (std::size_t f = 0; f < faces; ++f)
  {
    for (std::size_t n = 0; n < corners; ++n)
    {
      const std::uint8_t a = reference.faces[f][n];
      const std::uint8_t b = reference.faces[f][(n + 1) % corners];
      table[f].nodes[n] = a;
      for (std::size_t e = 0; e < reference.edges.size(); ++e)
        if (reference.edges[e] == CellEdge{a, b} || reference.edges[e] == CellEdge{b, a})
          table[f].nodes[corners + n] =
              static_cast<std::uint8_t>(static_cast<std::size_t>(reference.corners) + e);
    }
    if (shape == CellShape::hexahedron)
      table[f].nodes[2 * corners] = middle_of_face[f];
  }
  return table;
}

} // namespace

Nodes nodes_of(const Mesh& mesh)
{
  const auto corners = static_cast<std::size_t>(reference_cell(mesh.shape).corners);
  Nodes nodes;
  nodes.points = mesh.points;
  if (mesh.degree == 1)
  {
    nodes.per_cell = static_cast<int>(corners);
    nodes.of_cell = mesh.corners;
    return nodes;
  }
  nodes.per_cell = mesh.shape == CellShape::tetrahedron ? 10 : 27;
  const auto per_cell = static_cast<std::size_t>(nodes.per_cell);
  nodes.of_cell.resize(mesh.cells() * per_cell);
  for (std::size_t c = 0; c < mesh.cells(); ++c)
    std::copy_n(mesh.cell(c).begin(), corners,
                nodes.of_cell.begin() + static_cast<std::ptrdiff_t>(per_cell * c));
  number_edges(mesh, nodes);
  if (mesh.shape == CellShape::hexahedron)
  {
    number_faces(mesh, nodes);
    for (std::size_t c = 0; c < mesh.cells(); ++c)
    {
      nodes.of_cell[per_cell * c + middle_of_cell] =
          static_cast<std::uint32_t>(nodes.points.size());
      nodes.points.push_back(centre(mesh, c));
    }
  }
  return nodes;
}

std::span<const std::uint8_t> nodes_of_face(CellShape shape, int degree, int face)
{
  static const auto of_tetrahedron = make_face_nodes<4>(CellShape::tetrahedron);
  static const auto of_hexahedron = make_face_nodes<6>(CellShape::hexahedron);
  const auto f = static_cast<std::size_t>(face);
  if (shape == CellShape::tetrahedron)
    return {of_tetrahedron[f].nodes, degree == 1 ? 3U : 6U};
  return {of_hexahedron[f].nodes, degree == 1 ? 4U : 9U};
}

} // namespace calcar::mesh
