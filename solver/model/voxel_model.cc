#include "model/voxel_model.hpp"

#include "image/resample.hpp"
#include "model/lattice.hpp"

#include <algorithm>
#include <array>
#include <cmath>

namespace calcar::model
{
namespace
{
/// Sub-points per axis and voxel; with an odd number one of them is the centre.
constexpr int sub_points = 3;
constexpr int sub_points_total = sub_points * sub_points * sub_points;

/// Means over the sub-points of one voxel that lie inside.
struct VoxelMean
{
  int inside = 0;
  double youngs = 0;
  double poisson = 0;
  double ash = 0;
  double compressive = 0;
  double tensile = 0;
  std::array<int, tissue_kinds> of_kind = {};
  int bone = 0;
  int out_of_range = 0;
  int at_ceiling = 0;
  std::vector<int> in_lesion;
};

void add(VoxelMean& mean, const PointMaterial& point)
{
  ++mean.inside;
  mean.youngs += point.youngs;
  mean.poisson += point.poisson;
  mean.ash += point.ash;
  mean.compressive += point.compressive_strength;
  mean.tensile += point.tensile_strength;
  ++mean.of_kind[static_cast<std::size_t>(point.tissue)];
  if (point.tissue == TissueKind::bone)
  {
    ++mean.bone;
    mean.out_of_range += !point.in_law_range;
    mean.at_ceiling += point.at_ceiling;
  }
  if (point.lesion >= 0)
    ++mean.in_lesion[static_cast<std::size_t>(point.lesion)];
}

VoxelMean mean_over(const MaterialField& field, const image::Grid& grid,
                    const std::array<int, 3>& voxel)
{
  VoxelMean mean;
  mean.in_lesion.assign(field.lesions().size(), 0);
  for (int c = 0; c < sub_points; ++c)
    for (int b = 0; b < sub_points; ++b)
      for (int a = 0; a < sub_points; ++a)
      {
        const Vec3 index{voxel[0] + (a + 0.5) / sub_points - 0.5,
                         voxel[1] + (b + 0.5) / sub_points - 0.5,
                         voxel[2] + (c + 0.5) / sub_points - 0.5};
        if (const auto point = field.at(grid.point(index)))
          add(mean, *point);
      }
  return mean;
}

TissueKind most(const VoxelMean& mean)
{
  const auto largest = std::max_element(mean.of_kind.begin() + 1, mean.of_kind.end());
  return static_cast<TissueKind>(largest - mean.of_kind.begin());
}

/// True when no mask voxel lies near enough to the voxel to be interpolated into it.
bool empty_around(const image::Mask& mask, const image::Grid& grid, const std::array<int, 3>& voxel)
{
  const image::Grid& fine = mask.grid;
  const Vec3 centre =
      fine.index(grid.point({double(voxel[0]), double(voxel[1]), double(voxel[2])}));
  std::array<int, 3> low{};
  std::array<int, 3> high{};
  for (std::size_t axis = 0; axis < 3; ++axis)
  {
    const double half = 0.5 * grid.spacing[axis] / fine.spacing[axis];
    low[axis] = std::max(0, static_cast<int>(std::floor(centre[axis] - half)));
    high[axis] = std::min(fine.size[axis] - 1, static_cast<int>(std::ceil(centre[axis] + half)));
  }
  for (int k = low[2]; k <= high[2]; ++k)
    for (int j = low[1]; j <= high[1]; ++j)
      for (int i = low[0]; i <= high[0]; ++i)
        if (mask.at(i, j, k))
          return false;
  return true;
}

/// Volumes of the bone and of its growth plates.
void measure(VoxelModel& model)
{
  const double volume = model.body.grid.voxel_volume();
  const auto number = [&](TissueKind kind)
  { return static_cast<double>(std::count(model.tissue.begin(), model.tissue.end(), kind)); };
  model.volume_mm3 =
      volume * (static_cast<double>(model.tissue.size()) - number(TissueKind::layer));
  model.cartilage_volume_mm3 = volume * number(TissueKind::cartilage);
}

/// Shares and volumes that are sums over the voxels.
struct Tally
{
  double bone = 0;
  double out_of_range = 0;
  double at_ceiling = 0;
};

void write_voxel(VoxelModel& model, std::size_t at, const VoxelMean& mean)
{
  const auto as_float = [&](double sum) { return static_cast<float>(sum / mean.inside); };
  model.body.youngs[at] = as_float(mean.youngs);
  model.body.poisson[at] = as_float(mean.poisson);
  model.ash[at] = as_float(mean.ash);
  model.compressive_strength[at] = as_float(mean.compressive);
  model.tensile_strength[at] = as_float(mean.tensile);
  model.tissue[at] = most(mean);
}

void resize(VoxelModel& model, std::size_t count)
{
  model.body.youngs.resize(count);
  model.body.poisson.resize(count);
  model.ash.resize(count);
  model.compressive_strength.resize(count);
  model.tensile_strength.resize(count);
  model.tissue.resize(count);
}

/// A density that was filled in for a twin is interpolated into the voxels of the image beside it.
bool in_reach(const MaterialField& field, const image::Grid& grid, std::uint64_t voxel)
{
  const Vec3 centre = voxel_centre(grid, voxel);
  const double diagonal = norm(grid.spacing) + norm(field.grid().spacing);
  const auto& lesions = field.lesions();
  return std::any_of(lesions.begin(), lesions.end(),
                     [&](const auto& placed)
                     { return norm(centre - placed.centre) < influence_mm(placed) + diagonal; });
}
} // namespace

image::Grid voxel_grid(const image::Mask& mask, double size_mm)
{
  return image::isotropic_grid(mask, size_mm);
}

VoxelModel voxelize(const MaterialField& field, const image::Grid& grid)
{
  VoxelModel model;
  model.body.grid = grid;
  model.lesion_volume_mm3.assign(field.lesions().size(), 0);
  const double volume = grid.voxel_volume();
  Tally tally;
  for (std::uint64_t voxel = 0; voxel < grid.voxels(); ++voxel)
  {
    const auto index = voxel_index(grid, voxel);
    if (empty_around(field.mask(), grid, index))
      continue;
    const VoxelMean mean = mean_over(field, grid, index);
    if (2 * mean.inside < sub_points_total)
      continue;
    model.body.voxels.push_back(voxel);
    resize(model, model.body.voxels.size());
    write_voxel(model, model.body.voxels.size() - 1, mean);
    tally.bone += mean.bone;
    tally.out_of_range += mean.out_of_range;
    tally.at_ceiling += mean.at_ceiling;
    for (std::size_t n = 0; n < mean.in_lesion.size(); ++n)
      model.lesion_volume_mm3[n] += volume * mean.in_lesion[n] / sub_points_total;
  }
  measure(model);
  model.outside_law_range = tally.bone > 0 ? tally.out_of_range / tally.bone : 0;
  model.at_ceiling = tally.bone > 0 ? tally.at_ceiling / tally.bone : 0;
  return model;
}

VoxelModel with_lesions(const VoxelModel& twin, const MaterialField& field)
{
  VoxelModel model = twin;
  const image::Grid& grid = twin.body.grid;
  const double volume = grid.voxel_volume();
  model.lesion_volume_mm3.assign(field.lesions().size(), 0);
  for (std::size_t n = 0; n < model.body.voxels.size(); ++n)
  {
    if (!in_reach(field, grid, model.body.voxels[n]))
      continue;
    const VoxelMean mean = mean_over(field, grid, voxel_index(grid, model.body.voxels[n]));
    write_voxel(model, n, mean);
    for (std::size_t l = 0; l < mean.in_lesion.size(); ++l)
      model.lesion_volume_mm3[l] += volume * mean.in_lesion[l] / sub_points_total;
  }
  measure(model);
  return model;
}

VoxelModel keep(const VoxelModel& model, const std::vector<std::uint8_t>& keep_voxel)
{
  VoxelModel kept = model;
  std::size_t count = 0;
  for (std::size_t n = 0; n < model.body.voxels.size(); ++n)
  {
    if (!keep_voxel[n])
      continue;
    kept.body.voxels[count] = model.body.voxels[n];
    kept.body.youngs[count] = model.body.youngs[n];
    kept.body.poisson[count] = model.body.poisson[n];
    kept.ash[count] = model.ash[n];
    kept.compressive_strength[count] = model.compressive_strength[n];
    kept.tensile_strength[count] = model.tensile_strength[n];
    kept.tissue[count] = model.tissue[n];
    if (!model.bone_number.empty())
      kept.bone_number[count] = model.bone_number[n];
    ++count;
  }
  kept.body.voxels.resize(count);
  resize(kept, count);
  if (!kept.bone_number.empty())
    kept.bone_number.resize(count);
  measure(kept);
  return kept;
}

} // namespace calcar::model
