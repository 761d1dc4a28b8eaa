#pragma once

#include "model/voxel_model.hpp"
#include "pipeline/inputs.hpp"

#include <cstdint>
#include <string>
#include <vector>

namespace calcar::pipeline
{

/// The levels of a segment's vertebrae.
std::vector<std::string> levels_of(const PatientInputs& inputs);

/**
 * Numbers the voxels of a segment's bones, and finds those in which two vertebrae would grow
 * together at this voxel size (facet joints narrower than a voxel): they are returned by their
 * offsets in the grid, to be taken out of all variants and to become layer of the joint. Warnings:
 * "vertebrae_touch", how many they are of which vertebra; "vertebrae_fused" where they are more
 * than 2 % of one.
 */
std::vector<std::uint64_t> separate_vertebrae(const PatientInputs& inputs, model::VoxelModel& bones,
                                              Warnings& warnings);

} // namespace calcar::pipeline
