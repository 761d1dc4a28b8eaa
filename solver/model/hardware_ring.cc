#include "model/hardware_ring.hpp"

#include "implant/path.hpp"
#include "model/hardware_shares.hpp"
#include "model/interface_data.hpp"
#include "model/lattice.hpp"

#include <algorithm>
#include <optional>

namespace calcar::model
{
namespace
{
using implant::Component;
using implant::ComponentKind;

/// A voxel of the bone beside a component.
struct Beside
{
  std::uint64_t voxel = 0;
  std::uint16_t component = 0;
  auto operator<=>(const Beside&) const = default;
};

/// Which voxels of the grid are bone, layers left out, and no hardware.
std::vector<std::uint8_t> bare_bone(const VoxelModel& bone, const HardwareVoxels& hardware)
{
  std::vector<std::uint8_t> bare(bone.body.grid.voxels(), 0);
  for (std::size_t n = 0; n < bone.body.voxels.size(); ++n)
    bare[bone.body.voxels[n]] = bone.tissue[n] != TissueKind::layer;
  for (const std::uint64_t voxel : hardware.voxels)
    bare[voxel] = 0;
  return bare;
}

/// The bare voxels that share a node with a voxel of a debonded component, each once: with the
/// first of the components.
std::vector<Beside> beside(const HardwareVoxels& hardware, const std::vector<std::uint8_t>& bare,
                           const std::vector<bool>& debonded)
{
  std::vector<Beside> found;
  const image::Grid& grid = hardware.grid;
  for (std::size_t n = 0; n < hardware.voxels.size(); ++n)
  {
    if (!debonded[hardware.component[n]])
      continue;
    const auto [i, j, k] = voxel_index(grid, hardware.voxels[n]);
    for (int c = std::max(k - 1, 0); c <= std::min(k + 1, grid.size[2] - 1); ++c)
      for (int b = std::max(j - 1, 0); b <= std::min(j + 1, grid.size[1] - 1); ++b)
        for (int a = std::max(i - 1, 0); a <= std::min(i + 1, grid.size[0] - 1); ++a)
          if (bare[grid.offset(a, b, c)])
            found.push_back({grid.offset(a, b, c), hardware.component[n]});
  }
  std::sort(found.begin(), found.end());
  found.erase(std::unique(found.begin(), found.end(),
                          [](const Beside& a, const Beside& b) { return a.voxel == b.voxel; }),
              found.end());
  return found;
}

/// Unit gradient of the distance to a solid, LPS, from four places about a point; the columns of
/// `axes` are those of the grid.
std::optional<Vec3> outward(const geometry::Solid& solid, Vec3 point, double step, const Mat3& axes)
{
  Vec3 sum;
  for (const Vec3 corner : {Vec3{1, -1, -1}, Vec3{-1, -1, 1}, Vec3{-1, 1, -1}, Vec3{1, 1, 1}})
    sum += solid.distance(point + step * (axes * corner)) * (axes * corner);
  const double length = norm(sum);
  return length > 0 ? std::optional(sum / length) : std::nullopt;
}

bool is_round(const Component& component)
{
  return !component.runs.empty() &&
         std::all_of(component.runs.begin(), component.runs.end(),
                     [](const auto& run)
                     { return run.section.strong_mm4 < 1.05 * run.section.weak_mm4; });
}

/// The outward normal of a component beside it, LPS; nothing in its bore. Between the ends of a
/// round bar it points away from the axis, which needs no distances; a taper's slope is left out.
std::optional<Vec3> normal_at(const Component& component, const implant::Path& path, Vec3 point,
                              double step, const Mat3& axes)
{
  if (path.points().size() < 2)
    return outward(component.solid, point, step, axes);
  const double s = path.nearest(point);
  const Vec3 off = point - path.point(s);
  const double end = component.reach_mm + 2 * step;
  if (is_round(component) && s > end && s < path.length() - end)
    return norm(off) > 0.75 * component.radius_mm ? std::optional(normalized(off)) : std::nullopt;
  const auto normal = outward(component.solid, point, step, axes);
  return normal && dot(*normal, off) > 0 ? normal : std::nullopt;
}
} // namespace

implant::Interface interface_of(const Component& component, const HardwareOptions& options)
{
  const bool choice =
      component.kind == ComponentKind::nail || component.kind == ComponentKind::plate ||
      component.kind == ComponentKind::rod || component.kind == ComponentKind::stem ||
      component.kind == ComponentKind::head;
  return choice ? options.to_bone.value_or(component.to_bone) : component.to_bone;
}

VoxelContact contact_ring(const implant::Fixation& fixation, const VoxelModel& bone,
                          const HardwareVoxels& hardware, const HardwareOptions& options)
{
  std::vector<bool> debonded;
  std::vector<implant::Path> paths;
  for (const Component& component : fixation.components)
  {
    debonded.push_back(interface_of(component, options) == implant::Interface::debonded);
    paths.emplace_back(component.axis);
  }
  VoxelContact contact;
  if (std::none_of(debonded.begin(), debonded.end(), [](bool one) { return one; }))
    return contact;
  const InterfaceLayer layer = interface_layer("debonded");
  const image::Grid& grid = hardware.grid;
  const Mat3 to_grid = transpose(grid.direction);
  const double step = 0.25 * std::min({grid.spacing.x, grid.spacing.y, grid.spacing.z});
  for (const Beside& one : beside(hardware, bare_bone(bone, hardware), debonded))
  {
    const Vec3 point = voxel_centre(grid, one.voxel);
    const auto normal = normal_at(fixation.components[one.component], paths[one.component], point,
                                  step, grid.direction);
    if (!normal)
      continue;
    contact.voxels.push_back({one.voxel, to_grid * *normal, static_cast<float>(layer.pressed),
                              static_cast<float>(layer.loose)});
  }
  return contact;
}

std::vector<std::uint64_t> emptied_voxels(const implant::Fixation& fixation, const VoxelModel& bone,
                                          const HardwareVoxels& hardware)
{
  const image::Grid& grid = hardware.grid;
  std::vector<std::uint8_t> bare = bare_bone(bone, hardware);
  for (const ContactVoxel& one : hardware.contact.voxels)
    bare[one.voxel] = 0;
  std::vector<std::uint64_t> emptied;
  for (const implant::Removal& removal : fixation.removed)
    for (const VoxelShare& one : shares_of(
             removal.solid, grid, box_around(grid, {removal.centre}, removal.reach_mm), {0, 2}))
      if (one.share >= 0.5F && bare[one.voxel])
      {
        bare[one.voxel] = 0;
        emptied.push_back(one.voxel);
      }
  std::sort(emptied.begin(), emptied.end());
  return emptied;
}

} // namespace calcar::model
