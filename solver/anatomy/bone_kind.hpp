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
  right
};

const std::vector<std::string>& bone_names();
std::string to_string(BoneKind kind);
std::string to_string(Side side);
BoneKind bone_kind(const std::string& name);

} // namespace calcar::anatomy
