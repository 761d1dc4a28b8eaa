#include "risk/interface_motion.hpp"

#include "geometry/rotation.hpp"
#include "model/lattice.hpp"
#include "risk/voxel_at.hpp"

#include <algorithm>
#include <cmath>

namespace calcar::risk
{
namespace
{
/// Thickness along its normal of the layer of voxels that share a node with a flat implant.
double thickness(Vec3 spacing, Vec3 normal)
{
  return std::abs(normal.x) * spacing.x + std::abs(normal.y) * spacing.y +
         std::abs(normal.z) * spacing.z;
}

/// Whether the next voxel along a direction is bone.
bool bone_behind(const model::VoxelModel& body, std::uint64_t voxel, Vec3 normal)
{
  const image::Grid& grid = body.body.grid;
  const Vec3 step{normal.x * grid.spacing.x, normal.y * grid.spacing.y, normal.z * grid.spacing.z};
  const auto at =
      voxel_at(grid, body.body.voxels, model::voxel_centre(grid, voxel) + grid.direction * step);
  return at && body.tissue[*at] == model::TissueKind::bone;
}
} // namespace

double interface_motion_um(const model::VoxelModel& body, const model::VoxelContact& contact,
                           const std::vector<SymTensor>& strain)
{
  const std::vector<std::uint64_t>& voxels = body.body.voxels;
  double most_mm = 0;
  for (const model::ContactVoxel& one : contact.voxels)
  {
    const auto found = std::lower_bound(voxels.begin(), voxels.end(), one.voxel);
    if (found == voxels.end() || *found != one.voxel || !bone_behind(body, one.voxel, one.normal))
      continue;
    const SymTensor& e = strain[static_cast<std::size_t>(found - voxels.begin())];
    const Vec3 shear = 2 * geometry::without_component(e * one.normal, one.normal);
    most_mm = std::max(most_mm, norm(shear) * thickness(body.body.grid.spacing, one.normal));
  }
  return 1000 * most_mm;
}

} // namespace calcar::risk
