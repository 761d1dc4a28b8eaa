#pragma once

#include "pipeline/bone_input.hpp"

namespace calcar::pipeline
{

/// A spine segment has so many vertebrae.
constexpr std::size_t fewest_vertebrae = 2, most_vertebrae = 5;

/**
 * Reads [bone] of kind = "spine_segment": image, and mask = { file, levels = { L2 = 11, L3 = 12 } }
 * or mask = { file, scheme, levels = ["L2", "L3"] }, neighbours without a gap; level, the vertebra
 * in question (the middle one; of an even number the upper of the two in the middle). Problems are
 * recorded in the table: levels that are none, too few or too many, a gap, a label twice, keys that
 * mean nothing here.
 */
void read_segment(const Table& table, BoneInput& bone);

} // namespace calcar::pipeline
