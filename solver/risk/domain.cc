#include "risk/domain.hpp"

#include "risk/nearest_bone.hpp"

#include <array>
#include <cmath>
#include <map>

namespace calcar::risk
{
namespace
{
using Offsets = std::vector<std::array<int, 3>>;

/// Offsets (di, dj, dk) of the voxels whose centres lie within `radius_mm` of the centre of voxel
/// (0, 0, 0), or of its lowest corner for a `shift` of a half.
Offsets ball(const image::Grid& grid, double radius_mm, double shift = 0)
{
  Offsets offsets;
  const auto reach = [&](std::size_t axis)
  { return static_cast<int>(radius_mm / grid.spacing[axis]) + 1; };
  for (int k = -reach(2); k <= reach(2); ++k)
    for (int j = -reach(1); j <= reach(1); ++j)
      for (int i = -reach(0); i <= reach(0); ++i)
        if (norm({(i + shift) * grid.spacing.x, (j + shift) * grid.spacing.y,
                  (k + shift) * grid.spacing.z}) <= radius_mm + 1e-9)
          offsets.push_back({i, j, k});
  return offsets;
}

/// Offsets of voxels whose centres lie at one distance.
struct Shell
{
  double distance = 0;
  Offsets offsets;
};

/// The voxels within `radius_mm` of a voxel from near to far, itself first.
std::vector<Shell> shells(const image::Grid& grid, double radius_mm)
{
  std::map<long, Shell> by_distance; // in steps of 1 nm: what is equal but for rounding is one
  for (const auto& d : ball(grid, radius_mm))
  {
    const double distance =
        norm({d[0] * grid.spacing.x, d[1] * grid.spacing.y, d[2] * grid.spacing.z});
    Shell& shell = by_distance[std::lround(1e6 * distance)];
    shell.distance = distance;
    shell.offsets.push_back(d);
  }
  std::vector<Shell> result;
  for (auto& [key, shell] : by_distance)
    result.push_back(std::move(shell));
  return result;
}

/// Marks all voxels whose centre lies within `radius_mm` of a node of the surface that belongs to
/// the patch, one byte per voxel of the grid.
void mark_near(const load::Patch& patch, const model::Surface& surface, const image::Grid& grid,
               double radius_mm, std::vector<std::uint8_t>& marked)
{
  const Offsets offsets = ball(grid, radius_mm, 0.5);
  for (std::size_t n = 0; n < surface.nodes.size(); ++n)
  {
    if (!(patch.weight(surface.points[n], surface.normals[n]) > 0))
      continue;
    const model::NodeIndex& node = surface.nodes[n];
    for (const auto& [i, j, k] : offsets)
      if (grid.contains(node.i + i, node.j + j, node.k + k))
        marked[grid.offset(node.i + i, node.j + j, node.k + k)] = 1;
  }
}
} // namespace

JudgedVoxels judged_voxels(const model::VoxelModel& model, const model::Lattice& lattice,
                           const model::Surface& surface, const material::CriterionDomain& domain,
                           const load::LoadCase& load_case, const load::Rig& rig)
{
  const image::Grid& grid = model.body.grid;
  std::vector<std::uint8_t> excluded(grid.voxels(), 0);
  if (domain.exclude_mm_from_load > 0)
    for (const load::AppliedForce& force : load_case.forces)
      if (!force.patch.spread) // the bone under it is judged all the same
        mark_near(force.patch, surface, grid, domain.exclude_mm_from_load, excluded);
  if (domain.exclude_mm_from_support > 0 && !rig.inertia_relief) // else they bear nothing
    for (const load::Support& support : rig.supports)
      mark_near(support.patch, surface, grid, domain.exclude_mm_from_support, excluded);

  JudgedVoxels result;
  result.bone.assign(model.body.voxels.size(), 0);
  result.judged.assign(model.body.voxels.size(), 0);
  for (std::size_t n = 0; n < model.body.voxels.size(); ++n)
  {
    const std::uint64_t voxel = model.body.voxels[n];
    result.bone[n] =
        model.tissue[n] == model::TissueKind::bone && model.ash[n] >= domain.min_ash_g_cm3;
    const auto [i, j, k] = model::voxel_index(grid, voxel);
    const bool in_place =
        domain.where == material::CriterionDomain::Where::volume || lattice.on_surface(i, j, k);
    result.judged[n] = result.bone[n] && in_place && !excluded[voxel];
  }
  return result;
}

std::vector<double> averaged(const std::vector<double>& field, const model::VoxelModel& model,
                             const JudgedVoxels& voxels, double diameter_mm)
{
  const image::Grid& grid = model.body.grid;
  const Ball extent(diameter_mm);
  const std::vector<Shell> around = shells(grid, extent.farthest);
  const double volume = grid.voxel_volume();
  constexpr std::int32_t none = -1;
  std::vector<std::int32_t> number(grid.voxels(), none);
  for (std::size_t n = 0; n < model.body.voxels.size(); ++n)
    if (voxels.bone[n])
      number[model.body.voxels[n]] = static_cast<std::int32_t>(n);

  const auto same_bone = [&](std::size_t a, std::size_t b)
  { return model.bone_number.empty() || model.bone_number[a] == model.bone_number[b]; };
  std::vector<double> means(field.size(), 0);
  for (std::size_t n = 0; n < field.size(); ++n)
  {
    if (!voxels.judged[n])
      continue;
    const auto [i, j, k] = model::voxel_index(grid, model.body.voxels[n]);
    BallShare share(extent);
    double integral = 0;
    for (const Shell& shell : around)
    {
      if (!share.takes(shell.distance))
        break;
      double sum = 0;
      int count = 0;
      for (const auto& d : shell.offsets)
      {
        if (!grid.contains(i + d[0], j + d[1], k + d[2]))
          continue;
        const std::int32_t other = number[grid.offset(i + d[0], j + d[1], k + d[2])];
        if (other == none || !same_bone(n, static_cast<std::size_t>(other)))
          continue;
        sum += field[static_cast<std::size_t>(other)];
        ++count;
      }
      integral += volume * sum * share.add(shell.distance, count * volume);
    }
    means[n] = share.volume() > 0 ? integral / share.volume() : 0;
  }
  return means;
}

} // namespace calcar::risk
