#pragma once

#include "report/depth_view.hpp"

#include <vector>

namespace calcar::report
{

/// How bright the bone is and how much of a pixel it covers.
struct BoneLight
{
  std::vector<float> light; ///< 0 to 1
  std::vector<float> cover; ///< 0 to 1
};

/// The bone's outline and shading without the staircase of its voxels: where half of what is around
/// a pixel is bone, with the mean light of that.
BoneLight bone_light_of(const DepthView& bone, double voxel_mm);

} // namespace calcar::report
