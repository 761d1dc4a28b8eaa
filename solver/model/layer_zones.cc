#include "model/layer_zones.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

namespace calcar::model
{
namespace
{
constexpr int sub_points = 3;
constexpr int sub_points_total = sub_points * sub_points * sub_points;

/// A point on the border of a zone is inside whatever rounding makes of it.
constexpr double border_mm = 1e-6;

double smallest_spacing(const image::Grid& grid)
{
  return std::min({grid.spacing.x, grid.spacing.y, grid.spacing.z});
}
} // namespace

LayerZones::LayerZones(const VoxelBody& body, const load::Rig& rig, const SeveralBones& bones)
    : grid_(body.grid), rig_(rig), number_(body.grid.voxels(), none),
      taken_(bones.taken.begin(), bones.taken.end())
{
  for (std::size_t n = 0; n < body.voxels.size(); ++n)
    number_[body.voxels[n]] = bones.number.empty() ? 0 : bones.number[n];
}

int LayerZones::number(const Index& at) const
{
  return grid_.contains(at[0], at[1], at[2]) ? number_[grid_.offset(at[0], at[1], at[2])] : none;
}

Vec3 LayerZones::centre(const Index& at) const
{
  return grid_.point({double(at[0]), double(at[1]), double(at[2])});
}

Vec3 LayerZones::sub_point(const Index& at, int n) const
{
  const auto part = [](int i) { return (i + 0.5) / sub_points - 0.5; };
  return grid_.point({at[0] + part(n % sub_points), at[1] + part(n / sub_points % sub_points),
                      at[2] + part(n / sub_points / sub_points)});
}

/// The number of the first bone on the way from a point, or `none`.
int LayerZones::first_bone(Vec3 from, Vec3 along, double reach_mm) const
{
  const int steps = static_cast<int>(std::ceil(4 * reach_mm / smallest_spacing(grid_)));
  for (int s = 1; s <= steps; ++s)
  {
    const Vec3 index = grid_.index(from + reach_mm * s / steps * along);
    const int found =
        number({static_cast<int>(std::lround(index.x)), static_cast<int>(std::lround(index.y)),
                static_cast<int>(std::lround(index.z))});
    if (found != none)
      return found;
  }
  return none;
}

bool LayerZones::over_bone(const Index& at, const load::Layer& layer) const
{
  if (layer.over_bone_mm <= 0)
    return true;
  const int below = first_bone(centre(at), -layer.outward, layer.over_bone_mm);
  if (!layer.joint)
    return below != none;
  return below == layer.joint->lower &&
         first_bone(centre(at), layer.outward, layer.over_bone_mm) == layer.joint->upper;
}

/// Whether the gap between the two bones of a joint is narrow enough here: the way from the voxel's
/// centre to the nearest voxel of each, less the half voxel that is bone.
bool LayerZones::in_gap(const Index& at, const load::Layer& layer) const
{
  if (!layer.joint || layer.joint->gap_mm <= 0)
    return true;
  const double voxel = smallest_spacing(grid_);
  const double farthest = layer.joint->gap_mm + voxel; // of both ways, from centre to centre
  const auto reach = [&](std::size_t axis)
  { return static_cast<int>(farthest / grid_.spacing[axis]); };
  constexpr double far = std::numeric_limits<double>::infinity();
  double upper = far, lower = far;
  for (int k = -reach(2); k <= reach(2); ++k)
    for (int j = -reach(1); j <= reach(1); ++j)
      for (int i = -reach(0); i <= reach(0); ++i)
      {
        const int found = number({at[0] + i, at[1] + j, at[2] + k});
        if (found == none)
          continue;
        const double way = norm({i * grid_.spacing.x, j * grid_.spacing.y, k * grid_.spacing.z});
        double& nearest = found == layer.joint->upper ? upper : lower;
        if (found == layer.joint->upper || found == layer.joint->lower)
          nearest = std::min(nearest, way);
      }
  return upper + lower <= farthest + border_mm;
}

/// The layers that may be at a voxel, by the bone about it.
std::vector<std::size_t> LayerZones::candidates(const Index& at) const
{
  const double diagonal = norm(grid_.spacing);
  std::vector<std::size_t> layers;
  for (std::size_t n = 0; n < rig_.layers.size(); ++n)
  {
    const load::Layer& layer = rig_.layers[n];
    if (layer.joint && layer.zone.distance(centre(at)) > diagonal)
      continue; // far from it, and its bones are looked for at some cost
    if (over_bone(at, layer) && in_gap(at, layer))
      layers.push_back(n);
  }
  return layers;
}

int LayerZones::nearest_joint(const Index& at) const
{
  int nearest = -1;
  for (std::size_t n = 0; n < rig_.layers.size(); ++n)
    if (rig_.layers[n].joint &&
        (nearest < 0 ||
         rig_.layers[n].zone.distance(centre(at)) <
             rig_.layers[static_cast<std::size_t>(nearest)].zone.distance(centre(at))))
      nearest = static_cast<int>(n);
  return nearest;
}

int LayerZones::layer_of(const Index& at) const
{
  if (!taken_.empty() && grid_.contains(at[0], at[1], at[2]) &&
      taken_.count(grid_.offset(at[0], at[1], at[2])) > 0)
    return nearest_joint(at);
  const std::vector<std::size_t> possible = candidates(at);
  std::vector<int> count(rig_.layers.size(), 0);
  int inside = 0;
  for (int n = 0; n < sub_points_total && !possible.empty(); ++n)
  {
    const Vec3 point = sub_point(at, n);
    const auto in_zone = [&](std::size_t layer)
    { return rig_.layers[layer].zone.distance(point) < border_mm; };
    const auto first = std::find_if(possible.begin(), possible.end(), in_zone);
    if (first == possible.end())
      continue;
    ++count[*first];
    ++inside;
  }
  if (2 * inside < sub_points_total)
    return -1;
  return static_cast<int>(std::max_element(count.begin(), count.end()) - count.begin());
}

} // namespace calcar::model
