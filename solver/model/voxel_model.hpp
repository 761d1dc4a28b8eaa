#pragma once

#include "base/warning.hpp"
#include "model/material_field.hpp"
#include "model/voxel_body.hpp"

#include <string>
#include <vector>

namespace calcar::model
{

/**
 * A bone as voxels with its tissue: the body that is solved and what the criteria need beside it.
 * Arrays have one entry per active voxel, in the body's order. Lives on rank 0.
 */
struct VoxelModel
{
  VoxelBody body;
  std::vector<TissueKind> tissue;
  std::vector<float> ash;                  ///< mean ash density, g/cm^3
  std::vector<float> compressive_strength; ///< MPa
  std::vector<float> tensile_strength;     ///< MPa
  std::vector<std::uint8_t> bone_number;   ///< of a body of several bones: which one, from 0 on, or
                                           ///< `no_bone` of a layer; empty: there is one bone
  double outside_law_range =
      0; ///< share of the bone's sub-points whose density lies outside the law's tested range
  double at_ceiling = 0; ///< share of the bone's sub-points held at the cortical ceiling
  std::vector<double>
      lesion_volume_mm3; ///< of each lesion inside the bone, in the order of the field's lesions
  double volume_mm3 = 0; ///< of the active voxels, layers left out
  double cartilage_volume_mm3 = 0;      ///< of those that are growth plate
  std::vector<double> layer_volume_mm3; ///< of each layer of the rig; none without them
};

/// The number of a voxel that belongs to no bone.
constexpr std::uint8_t no_bone = 255;

/// The voxel grid of a bone: cubes of `size_mm` along the image axes.
image::Grid voxel_grid(const image::Mask& mask, double size_mm);

/**
 * Averages a material field over the voxels of a grid: E of a voxel is the mean of E over 3 x 3 x 3
 * sub-points inside the mask (not E of the mean density), likewise strength and density; a voxel is
 * active when at least half of its sub-points lie inside, and E is not multiplied by the fraction.
 * Tissue is that of most sub-points inside.
 */
VoxelModel voxelize(const MaterialField& field, const image::Grid& grid);

/**
 * The same bone with the lesions of `field`: voxels out of the lesions' influence are those of
 * `twin` unchanged, the others are averaged anew, so that both models share grid and active voxels.
 * The density of `field` may differ from the twin's in and next to lesions that the CT shows.
 */
VoxelModel with_lesions(const VoxelModel& twin, const MaterialField& field);

/// The model without the voxels whose flag is 0 (pieces that nothing holds).
VoxelModel keep(const VoxelModel& model, const std::vector<std::uint8_t>& keep_voxel);

} // namespace calcar::model
