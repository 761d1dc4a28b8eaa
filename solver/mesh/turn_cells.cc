#include "mesh/turn_cells.hpp"

#include "mesh/connectivity.hpp"

#include <algorithm>
#include <array>

namespace calcar::mesh
{
namespace
{

struct Neighbour
{
  std::uint32_t cell;
  bool same_way;
};

std::vector<std::vector<Neighbour>> neighbours(const Mesh& mesh)
{
  std::vector<std::vector<Neighbour>> of(mesh.cells());
  each_face(sorted_faces(mesh),
            [&](auto first, auto last)
            {
              if (last - first != 2)
                return;
              const FaceOfCell a = first->second;
              const FaceOfCell b = (first + 1)->second;
              const bool same = same_way_round(mesh, a, b);
              of[a.cell].push_back({b.cell, same});
              of[b.cell].push_back({a.cell, same});
            });
  return of;
}

constexpr signed char unseen = -1;

/// Walks a part; `turn` becomes 0 or 1 such that neighbours fit when those with 1 are turned.
std::vector<std::uint32_t> walk(const std::vector<std::vector<Neighbour>>& beside,
                                std::uint32_t start, std::vector<signed char>& turn)
{
  std::vector<std::uint32_t> part = {start};
  turn[start] = 0;
  for (std::size_t n = 0; n < part.size(); ++n)
    for (const Neighbour& next : beside[part[n]])
      if (turn[next.cell] == unseen)
      {
        turn[next.cell] =
            static_cast<signed char>(next.same_way ? 1 - turn[part[n]] : turn[part[n]]);
        part.push_back(next.cell);
      }
  return part;
}

} // namespace

std::vector<std::uint32_t> misordered_cells(const Mesh& mesh)
{
  const auto beside = neighbours(mesh);
  std::vector<signed char> turn(mesh.cells(), unseen);
  std::vector<std::uint32_t> cells;
  for (std::uint32_t c = 0; c < turn.size(); ++c)
  {
    if (turn[c] != unseen)
      continue;
    const auto part = walk(beside, c, turn);
    double sum = 0;
    for (const std::uint32_t n : part)
      sum += (turn[n] == 1 ? -1 : 1) * volume(mesh, n);
    const signed char wrong = sum < 0 ? 0 : 1;
    for (const std::uint32_t n : part)
      if (turn[n] == wrong)
        cells.push_back(n);
  }
  std::sort(cells.begin(), cells.end());
  return cells;
}

void turn_cells(Mesh& mesh, const std::vector<std::uint32_t>& cells)
{
  const bool tetrahedra = mesh.shape == CellShape::tetrahedron;
  const auto n = static_cast<std::size_t>(reference_cell(mesh.shape).corners);
  std::vector<bool> turned(mesh.cells(), false);
  for (const std::uint32_t c : cells)
  {
    turned[c] = true;
    auto* corners = mesh.corners.data() + n * c;
    if (tetrahedra)
      std::swap(corners[1], corners[2]);
    else
      std::swap_ranges(corners, corners + 4, corners + 4);
  }
  // Exchanging corners 1 and 2 exchanges the faces beside them, exchanging bottom and top those
  // two.
  constexpr std::array<std::uint8_t, 4> tetrahedron_face = {0, 3, 2, 1};
  constexpr std::array<std::uint8_t, 6> hexahedron_face = {1, 0, 2, 3, 4, 5};
  for (FaceSet& set : mesh.face_sets)
  {
    for (FaceOfCell& face : set.faces)
      if (turned[face.cell])
        face.face = tetrahedra ? tetrahedron_face[face.face] : hexahedron_face[face.face];
    std::sort(set.faces.begin(), set.faces.end());
  }
}

} // namespace calcar::mesh
