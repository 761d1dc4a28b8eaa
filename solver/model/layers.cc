#include "model/layers.hpp"

#include "base/error.hpp"
#include "base/text.hpp"
#include "model/lattice.hpp"
#include "model/layer_zones.hpp"

#include <algorithm>
#include <cmath>
#include <deque>
#include <unordered_set>

namespace calcar::model
{
namespace
{
using Index = LayerZones::Index;

constexpr std::array<Index, 6> face_neighbours = {Index{-1, 0, 0}, Index{1, 0, 0},  Index{0, -1, 0},
                                                  Index{0, 1, 0},  Index{0, 0, -1}, Index{0, 0, 1}};

Index operator+(const Index& a, const Index& b)
{
  return {a[0] + b[0], a[1] + b[1], a[2] + b[2]};
}

/// One number for an index; 21 bits an axis.
std::uint64_t key_of(const Index& at)
{
  constexpr int middle = 1 << 20;
  std::uint64_t key = 0;
  for (const int i : at)
    key = (key << 21) | static_cast<std::uint64_t>(i + middle);
  return key;
}

/// Smallest and largest index of some voxels.
struct Extent
{
  Index low = {1 << 19, 1 << 19, 1 << 19};
  Index high = {-(1 << 19), -(1 << 19), -(1 << 19)};

  void add(const Index& at)
  {
    for (std::size_t axis = 0; axis < 3; ++axis)
    {
      low[axis] = std::min(low[axis], at[axis]);
      high[axis] = std::max(high[axis], at[axis]);
    }
  }
};

/// A voxel of a layer.
struct Found
{
  Index at;
  std::uint8_t layer;
};

[[noreturn]] void refuse_endless(const load::Rig& rig, int layer)
{
  throw InputError(
      Fault::data,
      {"layer \"" + rig.layers[static_cast<std::size_t>(layer)].name + "\" of rig \"" + rig.name +
           "\"",
       "it reaches more than " + format_number(farthest_layer_mm) + " mm beyond the bone",
       "layers beside the bone", "bound its zone in the rig's file, or check the landmarks", ""});
}

/// Walks from the bone's surface through the layers, from face to face.
std::vector<Found> walk(const VoxelBody& bone, const load::Rig& rig, const SeveralBones& bones)
{
  const LayerZones zones(bone, rig, bones);
  Extent box;
  std::unordered_set<std::uint64_t> asked;
  std::deque<Index> front;
  for (const std::uint64_t voxel : bone.voxels)
  {
    const Index at = voxel_index(bone.grid, voxel);
    box.add(at);
    if (std::any_of(face_neighbours.begin(), face_neighbours.end(),
                    [&](const Index& step) { return !zones.bone(at + step); }))
      front.push_back(at);
  }
  std::vector<Found> found;
  while (!front.empty())
  {
    const Index from = front.front();
    front.pop_front();
    for (const Index& step : face_neighbours)
    {
      const Index at = from + step;
      if (zones.bone(at) || !asked.insert(key_of(at)).second)
        continue;
      const int layer = zones.layer_of(at);
      if (layer < 0)
        continue;
      for (std::size_t axis = 0; axis < 3; ++axis)
        if (std::max(box.low[axis] - at[axis], at[axis] - box.high[axis]) *
                bone.grid.spacing[axis] >
            farthest_layer_mm)
          refuse_endless(rig, layer);
      found.push_back({at, static_cast<std::uint8_t>(layer)});
      front.push_back(at);
    }
  }
  return found;
}

/// Refuses a layer that is not there, or warns of it where it may be absent.
void require_all(const load::Rig& rig, const std::vector<Found>& found, Warnings& warnings)
{
  std::vector<Problem> problems;
  for (std::size_t n = 0; n < rig.layers.size(); ++n)
  {
    if (std::any_of(found.begin(), found.end(), [&](const Found& one) { return one.layer == n; }))
      continue;
    const load::Layer& layer = rig.layers[n];
    if (layer.joint && layer.joint->may_be_absent)
      warnings.push_back({"joint_absent",
                          layer.words + " is left out: the two bones do not come within " +
                              format_number(layer.joint->gap_mm) + " mm of each other there",
                          rig.name});
    else
      problems.push_back({"layer \"" + rig.layers[n].name + "\" of rig \"" + rig.name + "\"",
                          "nothing of it touches the bone", "a layer of at least one voxel",
                          "check the mask, the landmarks and the voxel size, or leave out the "
                          "activities of this rig",
                          ""});
  }
  if (!problems.empty())
    throw InputError(Fault::data, problems);
}

/// The bone's grid grown as far as the layers reach.
void grow(LayerVoxels& layers, const image::Grid& grid, const std::vector<Found>& found)
{
  Extent extent;
  extent.add({0, 0, 0});
  extent.add({grid.size[0] - 1, grid.size[1] - 1, grid.size[2] - 1});
  for (const Found& one : found)
    extent.add(one.at);
  layers.grid = grid;
  layers.grid.origin =
      grid.point({double(extent.low[0]), double(extent.low[1]), double(extent.low[2])});
  for (std::size_t axis = 0; axis < 3; ++axis)
  {
    layers.shift[axis] = -extent.low[axis];
    layers.grid.size[axis] = extent.high[axis] - extent.low[axis] + 1;
  }
}

std::uint64_t shifted(const LayerVoxels& layers, const Index& at)
{
  const Index index = at + layers.shift;
  return layers.grid.offset(index[0], index[1], index[2]);
}

void reserve(VoxelModel& model, std::size_t count)
{
  model.body.voxels.reserve(count);
  model.body.youngs.reserve(count);
  model.body.poisson.reserve(count);
  model.tissue.reserve(count);
  model.ash.reserve(count);
  model.compressive_strength.reserve(count);
  model.tensile_strength.reserve(count);
}

/// Copies voxel `from` of a model, or appends one of a layer.
struct Appender
{
  VoxelModel& to;
  bool several_bones;

  void bone(const VoxelModel& model, std::size_t from, std::uint64_t offset) const
  {
    add(offset, model.body.youngs[from], model.body.poisson[from], model.tissue[from]);
    to.ash.push_back(model.ash[from]);
    to.compressive_strength.push_back(model.compressive_strength[from]);
    to.tensile_strength.push_back(model.tensile_strength[from]);
    if (!model.bone_number.empty())
      to.bone_number.push_back(model.bone_number[from]);
  }
  void layer(const material::Tissue& tissue, std::uint64_t offset) const
  {
    add(offset, static_cast<float>(tissue.youngs), static_cast<float>(tissue.poisson),
        TissueKind::layer);
    to.ash.push_back(0);
    to.compressive_strength.push_back(0);
    to.tensile_strength.push_back(0);
    if (several_bones)
      to.bone_number.push_back(no_bone);
  }

private:
  void add(std::uint64_t offset, float youngs, float poisson, TissueKind kind) const
  {
    to.body.voxels.push_back(offset);
    to.body.youngs.push_back(youngs);
    to.body.poisson.push_back(poisson);
    to.tissue.push_back(kind);
  }
};
} // namespace

LayerVoxels layer_voxels(const VoxelBody& bone, const load::Rig& rig, const SeveralBones& bones)
{
  if (rig.layers.size() > 255)
    throw std::invalid_argument("more than 255 layers in a rig");
  LayerVoxels layers;
  for (const load::Layer& layer : rig.layers)
  {
    layers.names.push_back(layer.name);
    layers.tissues.push_back(
        material::tissue(layer.tissue, "layer \"" + layer.name + "\" of rig \"" + rig.name + "\""));
  }
  std::vector<Found> found = walk(bone, rig, bones);
  require_all(rig, found, layers.warnings);
  grow(layers, bone.grid, found);
  std::sort(found.begin(), found.end(),
            [&](const Found& a, const Found& b)
            { return shifted(layers, a.at) < shifted(layers, b.at); });
  for (const Found& one : found)
  {
    layers.voxels.push_back(shifted(layers, one.at));
    layers.layer.push_back(one.layer);
  }
  return layers;
}

VoxelModel with_layers(const VoxelModel& bone, const LayerVoxels& layers)
{
  VoxelModel model;
  model.outside_law_range = bone.outside_law_range;
  model.at_ceiling = bone.at_ceiling;
  model.lesion_volume_mm3 = bone.lesion_volume_mm3;
  model.volume_mm3 = bone.volume_mm3;
  model.cartilage_volume_mm3 = bone.cartilage_volume_mm3;
  model.layer_volume_mm3.assign(layers.tissues.size(), 0);
  model.body.grid = layers.grid;
  reserve(model, bone.body.voxels.size() + layers.voxels.size());
  const Appender append{model, !bone.bone_number.empty()};
  std::size_t next = 0; // both lists ascend
  const auto layers_before = [&](std::uint64_t offset)
  {
    for (; next < layers.voxels.size() && layers.voxels[next] < offset; ++next)
    {
      append.layer(layers.tissues[layers.layer[next]], layers.voxels[next]);
      model.layer_volume_mm3[layers.layer[next]] += layers.grid.voxel_volume();
    }
  };
  for (std::size_t n = 0; n < bone.body.voxels.size(); ++n)
  {
    const std::uint64_t offset = shifted(layers, voxel_index(bone.body.grid, bone.body.voxels[n]));
    layers_before(offset);
    append.bone(bone, n, offset);
  }
  layers_before(layers.grid.voxels());
  return model;
}

VoxelBody without_layers(const VoxelModel& model)
{
  VoxelBody bone;
  bone.grid = model.body.grid;
  for (std::size_t n = 0; n < model.body.voxels.size(); ++n)
    if (model.tissue[n] != TissueKind::layer)
      bone.voxels.push_back(model.body.voxels[n]);
  return bone;
}

} // namespace calcar::model
