#pragma once

#include "anatomy/synthetic_bone.hpp"

namespace calcar::anatomy
{

/// The parts of a bone as scans often show it, by name: "proximal", "distal" of a long bone, "body"
/// of a vertebra, "lower" of a hip bone, "lateral" of a rib, "parietal" and "vault" of a skull.
std::vector<std::string> piece_names(BoneKind kind);

/// Where the scan of such a piece ends, from the bone's landmarks. Throws InputError for an unknown
/// name, listing the known ones.
Crop piece_of(const SyntheticBody& body, const std::string& name);

/// A crop along a direction by its name ("proximal", "cranial", "lateral"): what lies from `from`
/// to `to` mm of the frame's origin along it is kept; the rest of `crop` stays. Throws InputError
/// for an unknown direction of this bone and for an empty range.
void keep_along(const SyntheticBody& body, const std::string& direction, double from, double to,
                Crop& crop);

} // namespace calcar::anatomy
