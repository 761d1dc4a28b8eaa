#include "mesh/smooth_layers.hpp"

#include "image/distance.hpp"
#include "image/mask.hpp"
#include "image/resample.hpp"
#include "mesh/smooth_volume.hpp"
#include "model/lattice.hpp"
#include "model/layers.hpp"
#include "model/voxel_model.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <memory>
#include <optional>

namespace calcar::mesh
{
namespace
{
/// Edge of the cubes: fine enough for a disc, and no more of them than memory bears.
constexpr double cubes_per_voxel = 2, finest_mm = 0.4, coarsest_mm = 0.8, most_cubes = 8e6;
/// Cubes added about the layers: what smoothing reaches, and one more.
constexpr int padding = 4;
/// Steps of a ray through the bone, in cubes.
constexpr double ray_step = 0.5;
constexpr int sub_points = 3;

double cube_of(const image::Mask& mask, const Box& box)
{
  const Vec3 spacing = mask.grid.spacing, extent = box.high - box.low;
  const double fine = std::clamp(std::min({spacing.x, spacing.y, spacing.z}) / cubes_per_voxel,
                                 finest_mm, coarsest_mm);
  return std::max(fine, std::cbrt(extent.x * extent.y * extent.z / most_cubes));
}

/// The cubes whose centre is in the body.
model::VoxelBody cubes_of(const LabelledSolid& solid, const image::Grid& grid)
{
  model::VoxelBody body;
  body.grid = grid;
  for (std::uint64_t n = 0; n < grid.voxels(); ++n)
    if (solid.body_label(model::voxel_centre(grid, n)) > 0)
      body.voxels.push_back(n);
  return body;
}

/// The cubes of the layers, with room about them.
image::Mask cubes_of(const model::LayerVoxels& layers)
{
  std::array<int, 3> low = layers.grid.size, high = {0, 0, 0};
  for (const std::uint64_t voxel : layers.voxels)
    for (std::size_t axis = 0; axis < 3; ++axis)
    {
      const int at = model::voxel_index(layers.grid, voxel)[axis];
      low[axis] = std::min(low[axis], at - padding);
      high[axis] = std::max(high[axis], at + padding);
    }
  image::Mask mask{layers.grid, {}, {}};
  mask.grid.origin = layers.grid.point({double(low[0]), double(low[1]), double(low[2])});
  for (std::size_t axis = 0; axis < 3; ++axis)
    mask.grid.size[axis] = high[axis] - low[axis] + 1;
  mask.values.assign(mask.grid.voxels(), 0);
  for (const std::uint64_t voxel : layers.voxels)
  {
    const auto at = model::voxel_index(layers.grid, voxel);
    mask.at(at[0] - low[0], at[1] - low[1], at[2] - low[2]) = 1;
  }
  return mask;
}

/// The space beside a body, asked cube by cube.
class Beside
{
public:
  Beside(const LabelledSolid& solid, const load::Rig& rig, const image::Mask& cubes)
      : solid_(solid), rig_(rig), grid_(cubes.grid), near_(image::dilate(cubes, 1.8 * cube())),
        deepest_(rig.layers.size())
  {
    const image::Mask reach = image::dilate(near_, 1.8 * cube());
    for (std::size_t n = 0; n < rig.layers.size(); ++n)
      if (rig.layers[n].over_bone_mm > 0)
        deepest_[n] = rays(rig.layers[n], reach);
  }

  /// Shares of each cube: of each layer, and last of empty space; the rest is bone.
  std::vector<image::Volume> shares() const
  {
    std::vector<image::Volume> shares(rig_.layers.size() + 1, {grid_, {}, {}});
    for (image::Volume& share : shares)
      share.values.assign(grid_.voxels(), 0);
    for (int k = 0; k < grid_.size[2]; ++k)
      for (int j = 0; j < grid_.size[1]; ++j)
        for (int i = 0; i < grid_.size[0]; ++i)
          for (int n = 0; n < sub_points * sub_points * sub_points; ++n)
          {
            const Vec3 index = sub_point(i, j, k, n);
            if (solid_.body_label(grid_.point(index)) < 1)
              shares[near_.at(i, j, k) ? layer_at(index) : rig_.layers.size()].at(i, j, k) +=
                  1.0F / (sub_points * sub_points * sub_points);
          }
    return shares;
  }

private:
  double cube() const { return grid_.spacing.x; }

  static Vec3 sub_point(int i, int j, int k, int n)
  {
    const auto part = [](int at) { return (at + 0.5) / sub_points - 0.5; };
    return {i + part(n % sub_points), j + part(n / sub_points % sub_points),
            k + part(n / sub_points / sub_points)};
  }

  /// The first layer at an index, or one past the last.
  std::size_t layer_at(Vec3 index) const
  {
    const Vec3 point = grid_.point(index);
    std::size_t n = 0;
    for (; n < rig_.layers.size(); ++n)
      if (rig_.layers[n].zone.distance(point) < 0 &&
          (!deepest_[n] || image::sample_index(*deepest_[n], index, -1) >= 0))
        break;
    return n;
  }

  /// More than 0 in the bone; runs smoothly through 0 at its surface where the body's distance
  /// does.
  double depth(Vec3 point) const
  {
    double depth = -solid_.body.distance(point);
    for (const CutPlane& cut : solid_.cuts)
      depth = std::min(depth, dot(cut.point - point, cut.normal));
    return depth;
  }

  /// The greatest depth on the way against `outward`, in the cubes of `reach`; elsewhere -1.
  image::Volume rays(const load::Layer& layer, const image::Mask& reach) const
  {
    image::Volume deepest{grid_, {}, {}};
    deepest.values.assign(grid_.voxels(), -1);
    const int steps = static_cast<int>(std::ceil(layer.over_bone_mm / (ray_step * cube())));
    for (std::size_t n = 0; n < reach.values.size(); ++n)
      for (int s = 1; s <= steps && reach.values[n]; ++s)
      {
        const Vec3 point =
            model::voxel_centre(grid_, n) - (layer.over_bone_mm * s / steps) * layer.outward;
        deepest.values[n] = std::max(deepest.values[n], static_cast<float>(depth(point)));
      }
    return deepest;
  }

  const LabelledSolid& solid_;
  const load::Rig& rig_;
  image::Grid grid_;
  image::Mask near_; ///< the cubes in which there may be a layer
  std::vector<std::optional<image::Volume>> deepest_;
};

/// Which share is the largest in a cube.
std::size_t most_at(const std::vector<image::Volume>& shares, std::size_t cube)
{
  std::size_t most = shares.size() - 1; // empty space
  for (std::size_t n = 0; n + 1 < shares.size(); ++n)
    if (shares[n].values[cube] > shares[most].values[cube])
      most = n;
  return most;
}

/// Clears the layers in and around cubes that nothing joins to the bone.
void drop_loose(const LabelledSolid& solid, std::vector<image::Volume>& shares)
{
  const image::Grid& grid = shares.front().grid;
  image::Mask filled{grid, {}, {}};
  std::vector<std::uint8_t> bone;
  for (std::size_t n = 0; n < grid.voxels(); ++n)
  {
    bone.push_back(solid.body_label(model::voxel_centre(grid, n)) > 0);
    filled.values.push_back(bone.back() || most_at(shares, n) + 1 < shares.size());
  }
  const image::Pieces pieces = image::connected_pieces(filled, image::Neighbours::faces);
  std::vector<std::uint8_t> held(pieces.voxels.size() + 1, 0);
  for (std::size_t n = 0; n < bone.size(); ++n)
    if (bone[n])
      held[static_cast<std::size_t>(pieces.labels.values[n])] = 1;
  image::Mask loose{grid, {}, {}};
  for (const auto piece : pieces.labels.values)
    loose.values.push_back(piece > 0 && !held[static_cast<std::size_t>(piece)]);
  const image::Mask about = image::dilate(loose, 1.8 * grid.spacing.x);
  for (std::size_t n = 0; n < about.values.size(); ++n)
    if (about.values[n] &&
        !(pieces.labels.values[n] > 0 && held[static_cast<std::size_t>(pieces.labels.values[n])]))
      for (std::size_t layer = 0; layer + 1 < shares.size(); ++layer)
        shares[layer].values[n] = 0;
}

/// The smallest box that holds two.
Box united(const Box& a, const Box& b)
{
  Box both = a;
  for (std::size_t axis = 0; axis < 3; ++axis)
  {
    both.low[axis] = std::min(a.low[axis], b.low[axis]);
    both.high[axis] = std::max(a.high[axis], b.high[axis]);
  }
  return both;
}
} // namespace

void add_layers(LabelledSolid& solid, const image::Mask& mask, const load::Rig& rig)
{
  const model::VoxelBody bone = cubes_of(solid, model::voxel_grid(mask, cube_of(mask, solid.box)));
  const image::Mask cubes = cubes_of(model::layer_voxels(bone, rig));
  auto shares = std::make_shared<std::vector<image::Volume>>(Beside(solid, rig, cubes).shares());
  for (image::Volume& share : *shares)
    smooth(share);
  drop_loose(solid, *shares);
  for (std::size_t n = 0; n < rig.layers.size(); ++n)
  {
    const auto less_than_others = [shares, n](const Vec3& point)
    {
      const Vec3 index = shares->front().grid.index(point);
      const float own = image::sample_index((*shares)[n], index, 0);
      float others = 0;
      for (std::size_t other = 0; other < shares->size(); ++other)
        if (other != n)
          others = std::max(others, image::sample_index((*shares)[other], index, 1));
      return static_cast<double>(others - own);
    };
    solid.layers.push_back({rig.layers[n].name, {less_than_others}});
  }
  solid.box = united(solid.box, box_of(cubes.grid));
}

} // namespace calcar::mesh
