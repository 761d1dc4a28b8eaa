#include "model/surface.hpp"

#include <algorithm>
#include <cmath>

namespace calcar::model
{
namespace
{
/// Exposed faces at a node: for each axis and sign, how many of the (up to four) quarter faces.
struct Faces
{
  double along[3][2] = {};
};

struct NodeFaces
{
  std::uint64_t key;
  int axis;
  int sign;
};

std::uint64_t key_of(const image::Grid& grid, int i, int j, int k)
{
  return static_cast<std::uint64_t>(i) +
         static_cast<std::uint64_t>(grid.size[0] + 1) *
             (static_cast<std::uint64_t>(j) +
              static_cast<std::uint64_t>(grid.size[1] + 1) * static_cast<std::uint64_t>(k));
}

/// Every corner of every exposed face, one entry a corner.
std::vector<NodeFaces> exposed_corners(const VoxelBody& body, const Lattice& lattice)
{
  std::vector<NodeFaces> corners;
  for (const std::uint64_t voxel : body.voxels)
  {
    const auto index = voxel_index(body.grid, voxel);
    for (int axis = 0; axis < 3; ++axis)
      for (int sign = 0; sign < 2; ++sign)
      {
        auto beside = index;
        beside[axis] += sign ? 1 : -1;
        if (lattice.active(beside[0], beside[1], beside[2]))
          continue;
        for (int a = 0; a < 2; ++a)
          for (int b = 0; b < 2; ++b)
          {
            auto node = index;
            node[axis] += sign;
            node[(axis + 1) % 3] += a;
            node[(axis + 2) % 3] += b;
            corners.push_back({key_of(body.grid, node[0], node[1], node[2]), axis, sign});
          }
      }
  }
  std::sort(corners.begin(), corners.end(),
            [](const NodeFaces& a, const NodeFaces& b) { return a.key < b.key; });
  return corners;
}

/// Outward direction of the smoothed body at a node, in grid axes (mm-scaled); zero when the
/// surroundings are even.
Vec3 outward(const Lattice& lattice, const image::Grid& grid, const NodeIndex& node, int radius)
{
  Vec3 sum;
  const double limit = radius * std::min({grid.spacing.x, grid.spacing.y, grid.spacing.z});
  for (int k = node.k - radius; k < node.k + radius; ++k)
    for (int j = node.j - radius; j < node.j + radius; ++j)
      for (int i = node.i - radius; i < node.i + radius; ++i)
      {
        if (!lattice.active(i, j, k))
          continue;
        const Vec3 r{(i + 0.5 - node.i) * grid.spacing.x, (j + 0.5 - node.j) * grid.spacing.y,
                     (k + 0.5 - node.k) * grid.spacing.z};
        const double distance = norm(r);
        if (distance < limit)
          sum -= (1 - distance / limit) * r;
      }
  return sum;
}
} // namespace

Surface surface_of(const VoxelBody& body, const Lattice& lattice, int radius_voxels)
{
  const image::Grid& grid = body.grid;
  const double quarter[3] = {grid.spacing.y * grid.spacing.z / 4,
                             grid.spacing.z * grid.spacing.x / 4,
                             grid.spacing.x * grid.spacing.y / 4};
  const std::vector<NodeFaces> corners = exposed_corners(body, lattice);
  const auto nx = static_cast<std::uint64_t>(grid.size[0] + 1);
  const auto ny = static_cast<std::uint64_t>(grid.size[1] + 1);
  Surface surface;
  for (std::size_t begin = 0; begin < corners.size();)
  {
    std::size_t end = begin;
    Faces faces;
    for (; end < corners.size() && corners[end].key == corners[begin].key; ++end)
      faces.along[corners[end].axis][corners[end].sign] += quarter[corners[end].axis];
    const std::uint64_t key = corners[begin].key;
    const NodeIndex node{static_cast<int>(key % nx), static_cast<int>(key / nx % ny),
                         static_cast<int>(key / (nx * ny))};
    Vec3 normal = outward(lattice, grid, node, radius_voxels);
    if (norm(normal) == 0)
      for (int axis = 0; axis < 3; ++axis)
        normal[axis] = faces.along[axis][1] - faces.along[axis][0];
    const double length = norm(normal);
    normal = length > 0 ? normal / length : Vec3{0, 0, 1};
    double area = 0;
    for (int axis = 0; axis < 3; ++axis)
      area += (faces.along[axis][0] + faces.along[axis][1]) * std::abs(normal[axis]);
    surface.nodes.push_back(node);
    surface.points.push_back(node_position(grid, node));
    surface.normals.push_back(grid.direction * normal);
    surface.areas.push_back(area);
    begin = end;
  }
  return surface;
}

} // namespace calcar::model
