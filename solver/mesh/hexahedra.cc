#include "mesh/hexahedra.hpp"

#include "model/lattice.hpp"

#include <algorithm>
#include <array>

namespace calcar::mesh
{
namespace
{
/// Corners of a voxel in the order of cell.hpp, as steps along i, j, k.
constexpr std::array<std::array<int, 3>, 8> steps = {
    {{0, 0, 0}, {1, 0, 0}, {1, 1, 0}, {0, 1, 0}, {0, 0, 1}, {1, 0, 1}, {1, 1, 1}, {0, 1, 1}}};
/// Top and bottom change places in a left-handed grid.
constexpr std::array<std::size_t, 8> as_is = {0, 1, 2, 3, 4, 5, 6, 7};
constexpr std::array<std::size_t, 8> turned = {4, 5, 6, 7, 0, 1, 2, 3};
} // namespace

Mesh hexahedra_of(const model::VoxelBody& body)
{
  const auto& order = determinant(body.grid.direction) > 0 ? as_is : turned;
  const auto nodes = model::nodes_of(body.grid, body.voxels);
  const auto before = [](const model::NodeIndex& a, const model::NodeIndex& b) {
    return std::array{a.k, a.j, a.i} < std::array{b.k, b.j, b.i};
  };
  Mesh mesh;
  mesh.shape = CellShape::hexahedron;
  mesh.regions = {"bone"};
  mesh.region.assign(body.voxels.size(), 0);
  for (const model::NodeIndex& node : nodes)
    mesh.points.push_back(model::node_position(body.grid, node));
  mesh.corners.reserve(8 * body.voxels.size());
  for (const std::uint64_t offset : body.voxels)
  {
    const auto at = model::voxel_index(body.grid, offset);
    for (const std::size_t n : order)
    {
      const model::NodeIndex node{at[0] + steps[n][0], at[1] + steps[n][1], at[2] + steps[n][2]};
      const auto found = std::lower_bound(nodes.begin(), nodes.end(), node, before);
      mesh.corners.push_back(static_cast<std::uint32_t>(found - nodes.begin()));
    }
  }
  return mesh;
}

Mesh hexahedra_of(const model::VoxelModel& bone, const model::LayerVoxels& layers)
{
  const model::VoxelModel both = model::with_layers(bone, layers);
  Mesh mesh = hexahedra_of(both.body);
  mesh.regions.insert(mesh.regions.end(), layers.names.begin(), layers.names.end());
  std::size_t next = 0; // both lists ascend
  for (std::size_t c = 0; c < mesh.cells() && next < layers.voxels.size(); ++c)
    if (both.body.voxels[c] == layers.voxels[next])
      mesh.region[c] = static_cast<std::uint16_t>(1 + layers.layer[next++]);
  return mesh;
}

} // namespace calcar::mesh
