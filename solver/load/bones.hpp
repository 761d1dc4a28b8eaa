#pragma once

#include "anatomy/bone_anatomy.hpp"

#include <span>
#include <string>
#include <vector>

namespace calcar::load
{

/// What a rig holds and an activity loads: one bone, or the vertebrae of a spine segment from
/// cranial to caudal.
using Bones = std::span<const anatomy::BoneAnatomy>;

/// The kind that case files and rigs call several neighbouring vertebrae with what joins them.
inline const std::string spine_segment = "spine_segment";

/// Which vertebra of a segment a part of a rig belongs to: "top", "bottom" or, of layers, "joints",
/// one between each two neighbours.
const std::vector<std::string>& places_in_segment();

/// The bone that an area or layer lies on: "top" or "bottom" of a segment; "" of a single bone.
const anatomy::BoneAnatomy& bone_of(const std::string& of, Bones bones);

/// "femur", "spine segment L2-L4".
std::string in_words(Bones bones);

} // namespace calcar::load
