#include "anatomy/bone_anatomy.hpp"

#include "base/error.hpp"
#include "base/text.hpp"

namespace calcar::anatomy
{

namespace
{

/// A name of a direction: an axis of the frame (0 medial, 1 anterior, 2 proximal) and its sign.
struct NamedDirection
{
  const char* name;
  std::size_t axis;
  double sign;
};

constexpr NamedDirection named_directions[] = {
    {"medial", 0, 1},   {"lateral", 0, -1},  {"anterior", 1, 1}, {"posterior", 1, -1},
    {"proximal", 2, 1}, {"distal", 2, -1},   {"right", 0, 1},    {"left", 0, -1},
    {"cranial", 2, 1},  {"caudal", 2, -1},   {"ventral", 1, 1},  {"dorsal", 1, -1},
    {"superior", 2, 1}, {"inferior", 2, -1},
};

} // namespace

const std::vector<std::string>& direction_names()
{
  static const std::vector<std::string> names = []
  {
    std::vector<std::string> list;
    for (const NamedDirection& direction : named_directions)
    {
      list.emplace_back(direction.name);
    }
    return list;
  }();
  return names;
}

const std::vector<std::string>& direction_names(BoneKind kind)
{
  static const std::vector<std::string> limb = {"medial",    "lateral",  "anterior",
                                                "posterior", "proximal", "distal"};
  static const std::vector<std::string> spine = {"right",   "left",   "anterior", "posterior",
                                                 "cranial", "caudal", "ventral",  "dorsal"};
  static const std::vector<std::string> skull = {"right",    "left",     "anterior", "posterior",
                                                 "superior", "inferior", "cranial",  "caudal"};
  static const std::vector<std::string> girdle = {"medial",   "lateral",  "anterior", "posterior",
                                                  "superior", "inferior", "cranial",  "caudal",
                                                  "ventral",  "dorsal"};
  switch (kind)
  {
  case BoneKind::vertebra:
    return spine;
  case BoneKind::skull:
    return skull;
  case BoneKind::pelvis:
  case BoneKind::rib:
    return girdle;
  default:
    return limb;
  }
}

Vec3 direction(const Frame& frame, const std::string& name)
{
  const Vec3 axes[] = {frame.medial, frame.anterior, frame.proximal};
  for (const NamedDirection& known : named_directions)
  {
    if (name == known.name)
    {
      return known.sign * axes[known.axis];
    }
  }
  const auto& names = direction_names();
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
  static const std::vector<std::string> tibia = {"medial_plateau_centre",
                                                 "lateral_plateau_centre",
                                                 "intercondylar_eminence",
                                                 "knee_centre",
                                                 "medial_condyle",
                                                 "lateral_condyle",
                                                 "tibial_tuberosity",
                                                 "isthmus",
                                                 "midshaft_centre",
                                                 "medial_malleolus",
                                                 "ankle_centre"};
  static const std::vector<std::string> humerus = {
      "humeral_head_centre", "greater_tubercle", "lesser_tubercle", "surgical_neck_centre",
      "deltoid_tuberosity",  "isthmus",          "midshaft_centre", "medial_epicondyle",
      "lateral_epicondyle",  "elbow_centre"};
  static const std::vector<std::string> vertebra = {"body_centre",
                                                    "superior_endplate_centre",
                                                    "inferior_endplate_centre",
                                                    "anterior_wall",
                                                    "posterior_wall",
                                                    "canal_centre",
                                                    "left_pedicle_centre",
                                                    "right_pedicle_centre",
                                                    "left_superior_facet",
                                                    "right_superior_facet",
                                                    "left_inferior_facet",
                                                    "right_inferior_facet",
                                                    "left_transverse_process",
                                                    "right_transverse_process",
                                                    "spinous_process"};
  static const std::vector<std::string> pelvis = {"acetabulum_centre",
                                                  "anterior_superior_iliac_spine",
                                                  "anterior_inferior_iliac_spine",
                                                  "posterior_superior_iliac_spine",
                                                  "iliac_crest",
                                                  "sacroiliac_joint",
                                                  "pubic_symphysis",
                                                  "pubic_tubercle",
                                                  "ischial_tuberosity",
                                                  "supraacetabular"};
  static const std::vector<std::string> rib = {"rib_head",      "rib_tubercle", "rib_angle",
                                               "lateral_point", "sternal_end",  "midpoint",
                                               "dorsal_end",    "ventral_end"};
  static const std::vector<std::string> skull = {
      "vertex",         "frontal_point",  "occipital_point", "left_parietal",
      "right_parietal", "cranial_centre", "piece_centre"};
  switch (kind)
  {
  case BoneKind::femur:
    return femur;
  case BoneKind::tibia:
    return tibia;
  case BoneKind::humerus:
    return humerus;
  case BoneKind::vertebra:
    return vertebra;
  case BoneKind::pelvis:
    return pelvis;
  case BoneKind::rib:
    return rib;
  case BoneKind::skull:
    break;
  }
  return skull;
}

} // namespace calcar::anatomy
