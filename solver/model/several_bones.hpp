#pragma once

#include "image/volume.hpp"
#include "model/voxel_body.hpp"

#include <cstdint>
#include <vector>

namespace calcar::model
{

/// The label of the labelled voxel whose centre is nearest to a point (LPS mm). Throws
/// std::invalid_argument when there is no label.
std::int32_t nearest_label(const image::LabelMap& bones, Vec3 point);

/**
 * Which of several bones each voxel of a body belongs to: the one of which most of its 3 x 3 x 3
 * sub-points lie in the labels' voxels, of equals the first; where none does, that of the nearest
 * labelled voxel. `bones` has the label n + 1 for bone n. Throws std::invalid_argument when there
 * is no label.
 */
std::vector<std::uint8_t> bone_numbers(const VoxelBody& body, const image::LabelMap& bones);

/**
 * The voxels in which bones of different numbers would grow together: 1 for every voxel of a bone
 * that shares a node with a voxel of a bone of a smaller number (of vertebrae from cranial to
 * caudal, of the lower one). Without them no node belongs to two bones.
 */
std::vector<std::uint8_t> touching_voxels(const VoxelBody& body,
                                          const std::vector<std::uint8_t>& numbers);

} // namespace calcar::model
