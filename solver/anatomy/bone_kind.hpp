#pragma once

#include <string>
#include <vector>

namespace calcar::anatomy
{

enum class BoneKind
{
  femur,
  tibia,
  humerus,
  vertebra,
  pelvis,
  rib,
  skull
};

enum class Side
{
  left,
  right,
  midline ///< of vertebrae, and of a skull that is not a piece of one side
};

const std::vector<std::string>& bone_names();
std::string to_string(BoneKind kind);
std::string to_string(Side side);
/// What one such bone is called in messages: "hip bone" of a pelvis, else the kind's name.
std::string words_for_one(BoneKind kind);
BoneKind bone_kind(const std::string& name);

/// True for bones of the midline, which have no side: vertebra and skull (a calvarial piece may).
bool may_lie_in_midline(BoneKind kind);

} // namespace calcar::anatomy
