#include "anatomy/bone_anatomy.hpp"

#include "base/error.hpp"
#include "base/text.hpp"

namespace calcar::anatomy
{

const std::vector<std::string>& direction_names()
{
  static const std::vector<std::string> names = {"medial",    "lateral",  "anterior",
                                                 "posterior", "proximal", "distal"};
  return names;
}

Vec3 direction(const Frame& frame, const std::string& name)
{
  const Vec3 axes[] = {frame.medial,    -frame.medial,  frame.anterior,
                       -frame.anterior, frame.proximal, -frame.proximal};
  const auto& names = direction_names();
  for (std::size_t i = 0; i < names.size(); ++i)
  {
    if (names[i] == name)
    {
      return axes[i];
    }
  }
  throw InputError(Fault::command, Problem{"direction", "unknown direction \"" + name + "\"",
                                           join(names), suggestion(name, names), ""});
}

Vec3 named_vector(const Frame& frame, const std::map<std::string, double>& components)
{
  Vec3 sum;
  for (const auto& [name, value] : components)
  {
    sum += value * direction(frame, name);
  }
  return sum;
}

const std::vector<std::string>& landmark_names(BoneKind kind)
{
  static const std::vector<std::string> femur = {
      "femoral_head_centre", "femoral_neck_centre",    "medial_neck_cortex",
      "lateral_neck_cortex", "greater_trochanter",     "greater_trochanter_tip",
      "lesser_trochanter",   "subtrochanteric_medial", "isthmus",
      "midshaft_centre",     "medial_condyle",         "lateral_condyle",
      "intercondylar_notch"};
  static const std::vector<std::string> none;
  return kind == BoneKind::femur ? femur : none;
}

} // namespace calcar::anatomy
