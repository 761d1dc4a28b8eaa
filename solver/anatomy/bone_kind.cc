#include "anatomy/bone_kind.hpp"

#include "base/error.hpp"
#include "base/text.hpp"

#include <algorithm>

namespace calcar::anatomy
{

const std::vector<std::string>& bone_names()
{
  static const std::vector<std::string> names = {"femur",  "tibia", "humerus", "vertebra",
                                                 "pelvis", "rib",   "skull"};
  return names;
}

std::string to_string(BoneKind kind)
{
  return bone_names()[static_cast<std::size_t>(kind)];
}

std::string to_string(Side side)
{
  const char* const names[] = {"left", "right", "midline"};
  return names[static_cast<std::size_t>(side)];
}

std::string words_for_one(BoneKind kind)
{
  return kind == BoneKind::pelvis ? "hip bone" : to_string(kind);
}

BoneKind bone_kind(const std::string& name)
{
  const auto& names = bone_names();
  const auto found = std::find(names.begin(), names.end(), name);
  if (found == names.end())
  {
    throw InputError(Fault::command, Problem{"bone kind", "unknown bone \"" + name + "\"",
                                             join(names), suggestion(name, names), ""});
  }
  return static_cast<BoneKind>(found - names.begin());
}

bool may_lie_in_midline(BoneKind kind)
{
  return kind == BoneKind::vertebra || kind == BoneKind::skull;
}

} // namespace calcar::anatomy
