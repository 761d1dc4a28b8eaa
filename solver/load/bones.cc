#include "load/bones.hpp"

namespace calcar::load
{

const std::vector<std::string>& places_in_segment()
{
  static const std::vector<std::string> places{"top", "bottom", "joints"};
  return places;
}

const anatomy::BoneAnatomy& bone_of(const std::string& of, Bones bones)
{
  return of == "bottom" ? bones.back() : bones.front();
}

std::string in_words(Bones bones)
{
  if (bones.size() == 1)
    return anatomy::to_string(bones.front().kind);
  return "spine segment " + bones.front().level + "-" + bones.back().level;
}

} // namespace calcar::load
