#pragma once

#include "anatomy/bone_anatomy.hpp"
#include "image/volume.hpp"
#include "material/data_record.hpp"

#include <string>
#include <vector>

namespace calcar::anatomy
{

/// Cortex and spongy bone of a region.
struct TemplateRegion
{
  std::string region; ///< as in materials/anatomy/BONE_regions.toml
  double cortex_mm = 0;
  double inside_g_cm3 = 0; ///< spongy bone or marrow, K2HPO4-equivalent
};

/**
 * What a bone of which only the surface is known is taken to be made of: a file of
 * materials/bone_templates. Not the patient's own bone; results from it are marked generic.
 */
struct BoneTemplate
{
  material::DataRecord record;
  BoneKind bone = BoneKind::femur;
  double cortical_g_cm3 = 0; ///< K2HPO4-equivalent
  TemplateRegion elsewhere;  ///< where no region of the list holds
  std::vector<TemplateRegion> regions;
};

/// A template by name. Throws InputError at `place` listing the known ones, or when it is for
/// another bone.
BoneTemplate bone_template(const std::string& name, BoneKind bone, const std::string& place);

/**
 * Density in g/cm^3 (K2HPO4-equivalent) of a bone from its surface: cortical within the region's
 * cortex thickness of the surface, spongy or marrow below; a voxel that the boundary passes holds
 * the mean. Depth is measured from the surface half a voxel outside the outermost voxel centres
 * (exact Euclidean distance of voxel centres). Outside the mask: 0. The mask must not touch the
 * image border.
 */
image::Volume template_density(const BoneTemplate& bone_template, const image::Mask& mask,
                               const BoneAnatomy& bone);

} // namespace calcar::anatomy
