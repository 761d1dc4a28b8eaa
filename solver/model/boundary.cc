#include "model/boundary.hpp"

#include "base/error.hpp"
#include "base/text.hpp"
#include "load/nodal_forces.hpp"
#include "model/inertia_relief.hpp"

#include <cmath>

namespace calcar::model
{
namespace
{
Mat3 as_matrix(const SymTensor& t)
{
  return {Vec3{t.xx, t.xy, t.zx}, Vec3{t.xy, t.yy, t.yz}, Vec3{t.zx, t.yz, t.zz}};
}

/// r t r^T
SymTensor rotated(const Mat3& r, const SymTensor& t)
{
  const Mat3 m = r * as_matrix(t) * transpose(r);
  return {m[0].x, m[1].y, m[2].z, m[1].z, m[0].z, m[0].y};
}

SymTensor outer(Vec3 d)
{
  return {d.x * d.x, d.y * d.y, d.z * d.z, d.y * d.z, d.z * d.x, d.x * d.y};
}

/// All nodes of the body with their surface normal where they have one (zero inside).
struct BodyNodes
{
  std::vector<NodeIndex> nodes;
  std::vector<Vec3> normals;
};

BodyNodes all_nodes(const VoxelBody& body, const Surface& surface)
{
  BodyNodes all;
  all.nodes = nodes_of(body.grid, body.voxels);
  all.normals.assign(all.nodes.size(), Vec3{});
  std::size_t next = 0; // both lists ascend by k, j, i
  for (std::size_t n = 0; n < all.nodes.size() && next < surface.nodes.size(); ++n)
    if (all.nodes[n] == surface.nodes[next])
      all.normals[n] = surface.normals[next++];
  return all;
}

void clamp(const load::Support& support, int number, const BodyNodes& all, const image::Grid& grid,
           VoxelSupports& supports)
{
  for (std::size_t n = 0; n < all.nodes.size(); ++n)
    if (support.patch.weight(node_position(grid, all.nodes[n]), all.normals[n]) > 0)
      for (int axis = 0; axis < 3; ++axis)
        supports.fixed.push_back({all.nodes[n], axis, 0.0, number});
}

void bed_on_springs(const load::Support& support, int number, const VoxelBody& body,
                    const BodyNodes& all, VoxelSupports& supports)
{
  const image::Grid& grid = body.grid;
  SymTensor directions;
  for (const Vec3& direction : support.directions)
    directions = directions + outer(to_grid(grid, direction));
  const std::vector<int> around = voxels_around(body, all.nodes);
  std::vector<double> weights(all.nodes.size());
  double total = 0;
  for (std::size_t n = 0; n < all.nodes.size(); ++n)
    total += weights[n] =
        around[n] * support.patch.weight(node_position(grid, all.nodes[n]), all.normals[n]);
  for (std::size_t n = 0; n < all.nodes.size(); ++n)
    if (weights[n] > 0)
      supports.springs.push_back(
          {all.nodes[n], support.stiffness_N_per_mm * weights[n] / total * directions, number});
}
} // namespace

Vec3 to_grid(const image::Grid& grid, Vec3 lps)
{
  return transpose(grid.direction) * lps;
}

Vec3 to_lps(const image::Grid& grid, Vec3 along_axes)
{
  return grid.direction * along_axes;
}

SymTensor to_grid(const image::Grid& grid, const SymTensor& lps)
{
  return rotated(transpose(grid.direction), lps);
}

SymTensor to_lps(const image::Grid& grid, const SymTensor& along_axes)
{
  return rotated(grid.direction, along_axes);
}

VoxelSupports supports_of(const load::Rig& rig, const VoxelBody& body, const Surface& surface)
{
  if (rig.inertia_relief)
    return hold_in_place(body);
  const BodyNodes all = all_nodes(body, surface);
  VoxelSupports supports;
  for (const load::Support& support : rig.supports)
  {
    const auto number = static_cast<int>(supports.names.size());
    const std::size_t before = supports.fixed.size() + supports.springs.size();
    supports.names.push_back(support.name);
    if (support.kind == load::SupportKind::clamped)
      clamp(support, number, all, body.grid, supports);
    else
      bed_on_springs(support, number, body, all, supports);
    if (supports.fixed.size() + supports.springs.size() == before)
      throw InputError(Fault::data,
                       {"support \"" + support.name + "\" of rig \"" + rig.name + "\"",
                        "no part of the bone lies where it should hold", "",
                        "check the mask and the landmarks, or leave out the activities of this rig",
                        ""});
  }
  return supports;
}

std::vector<NodalForce> forces_of(const load::AppliedForce& force, const VoxelBody& body,
                                  const Surface& surface)
{
  const std::vector<Vec3> forces =
      load::nodal_forces(force, surface.points, surface.normals, surface.areas);
  std::vector<NodalForce> result;
  for (std::size_t n = 0; n < forces.size(); ++n)
    if (norm(forces[n]) > 0)
      result.push_back({surface.nodes[n], to_grid(body.grid, forces[n])});
  return result;
}

} // namespace calcar::model
