#pragma once

#include "load/load_case.hpp"
#include "material/tissue.hpp"
#include "model/voxel_model.hpp"

#include <array>
#include <cstdint>
#include <span>
#include <string>
#include <vector>

namespace calcar::model
{

/// The voxels that the layers of a rig add to a bone. They follow from the bone's voxels, not from
/// its material: all variants of a bone have the same.
struct LayerVoxels
{
  image::Grid grid;                      ///< the bone's, grown by whole voxels on any side
  std::array<int, 3> shift = {0, 0, 0};  ///< index of the bone's voxel (0, 0, 0) in it
  std::vector<std::uint64_t> voxels;     ///< offsets in `grid`, ascending
  std::vector<std::uint8_t> layer;       ///< of each voxel: index into the layers
  std::vector<material::Tissue> tissues; ///< of each layer
  std::vector<std::string> names;        ///< of each layer
  Warnings warnings;                     ///< layers that may be absent, and are
};

/// Of a body of several bones, what the layers between them follow from.
struct SeveralBones
{
  std::span<const std::uint8_t> number; ///< of each voxel of the body, from 0 on; empty: one bone
  std::span<const std::uint64_t> taken; ///< offsets of voxels that bones touched in, taken out of
                                        ///< the body: they become layer, whatever zone they lie in
};

/// No voxel of a layer is farther than this from the box around the bone.
constexpr double farthest_layer_mm = 250;

/**
 * The voxels of the layers of a rig beside a bone, on the bone's grid continued in all directions:
 * a layer may lie outside the image. A voxel that is not bone belongs to a layer when at least half
 * of its 3 x 3 x 3 sub-points lie in the zones of the layers, and to the one that most of them lie
 * in; in zones that overlap a sub-point is of the first layer in the list. A layer with
 * `over_bone_mm` takes part only where a line from the voxel's centre against `outward` meets a
 * voxel of bone within that distance. Of all this only what is joined to the bone by faces, through
 * other layers too, is kept.
 *
 * A layer between two bones of several (`joint`) with `over_bone_mm` takes part only where the
 * first bone met within that distance is the upper one along `outward` and the lower one against
 * it; with `gap_mm` only where the distances to both, less half a voxel each, add up to no more.
 * The voxels `taken` from touching bones belong to the joint layer whose zone is nearest.
 *
 * Throws InputError: for a layer of which nothing touches the bone (data; of one that may be absent
 * the warning "joint_absent"), one that reaches farther
 * than `farthest_layer_mm` beyond it (data), and for a tissue that is not known (command).
 */
LayerVoxels layer_voxels(const VoxelBody& bone, const load::Rig& rig,
                         const SeveralBones& bones = {});

/// The bone with the layers: its own voxels unchanged, those of the layers of their tissue, without
/// density or strength. `bone` has the voxels that `layers` was made from.
VoxelModel with_layers(const VoxelModel& bone, const LayerVoxels& layers);

/// The voxels of a model that are no layer, on its grid; without material.
VoxelBody without_layers(const VoxelModel& model);

} // namespace calcar::model
