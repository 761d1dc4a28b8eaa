#pragma once

#include "anatomy/bone_kind.hpp"
#include "material/catalogue.hpp"

#include <string>
#include <vector>

namespace calcar::load
{

/// Names of the shipped activities of a bone, sorted; empty when it has none.
std::vector<std::string> activity_names(anatomy::BoneKind bone);

/// The same by the kind that a case file has: of "spine_segment" the activities of a vertebra whose
/// rig has one of a segment in its place.
std::vector<std::string> activity_names(const std::string& kind);

/// The activities of a bone as lines of `calcar list activities BONE`, with their kind in the
/// words.
std::vector<material::Entry> list_activities(anatomy::BoneKind bone);
std::vector<material::Entry> list_activities(const std::string& kind);

/// The rigs as lines of `calcar list rigs`.
std::vector<material::Entry> list_rigs();

} // namespace calcar::load
