#include "anatomy/tibia_parts.hpp"

#include "anatomy/humerus_proximal.hpp"
#include "anatomy/long_bone_side.hpp"
#include "base/text.hpp"
#include "geometry/rotation.hpp"

#include <algorithm>
#include <cmath>

namespace calcar::anatomy
{

namespace
{

using geometry::without_component;

const char* const allowed_parts =
    "a whole tibia, its upper part with the plateau and some shaft, or its lower part with the "
    "medial malleolus and some shaft";
constexpr double least_eminence = 0.035; ///< height over the width of the plateau

[[noreturn]] void refuse(const AnatomyOptions& options, const std::string& given,
                         const std::string& remedy)
{
  refuse_bone(options.place, given, allowed_parts, remedy);
}

void check_plateau(const TibiaParts& parts, const AnatomyOptions& options)
{
  const TibialPlateau& plateau = *parts.plateau;
  if (parts.bone.ends[1].at_border)
  {
    refuse(options, "the tibial plateau is cut off: the image ends inside it",
           "use an image that reaches above the knee joint");
  }
  if (plateau.eminence_mm < least_eminence * plateau.width)
  {
    refuse(
        options,
        plateau.eminence_mm < -0.03 * plateau.width
            ? "the mask is not a tibia: between the two halves of its wide end is a notch and no "
              "eminence, as in the lower end of a femur"
            : "the wide end of the bone has no intercondylar eminence: the plateau is cut off, "
              "or the mask is not a tibia",
        "check the label number, and that the image and the mask reach above the knee joint");
  }
}

void check_ball(const BoneShape& shape, const TibiaParts& parts, const AnatomyOptions& options)
{
  for (const LongBone& way : {parts.bone, reversed(parts.bone)})
  {
    const auto head = way.ends[1].joint ? find_humeral_head(shape, way) : std::nullopt;
    if (head && head->covered > 0.3)
    {
      refuse(options,
             "the mask is not a tibia: one of its ends is a ball of radius " +
                 format_number(head->radius, 3) + " mm, as of a femur or a humerus",
             "choose the kind of the bone, or check the label number");
    }
  }
}

/// What of a lower end is in front. Half of each full value is what voxels and poses may feign.
void add_signs_of_ankle(const TibiaParts& parts, double voxel_mm, std::vector<SideSign>& signs)
{
  const TibialPlafond& p = *parts.plafond;
  const auto add = [&](const std::string& words, double value, double full, double weight)
  {
    const double clear = std::clamp(2 * std::abs(value) / full - 1, 0.0, 1.0);
    signs.push_back(handed_sign(words, p.medial, value < 0 ? -p.ahead : p.ahead, parts.bone.axis,
                                weight * clear));
  };
  const double coarse = std::max(1.0, voxel_mm / (0.08 * p.breadth));
  add("the plafond's lower edge behind", p.tilt_deg, 6 * coarse, 0.5);
  add("the plafond, broader in front", p.broader, 0.08 * p.breadth * coarse, 0.4);
  add("the malleolus, longer in front", p.tip_off, 0.12 * p.breadth * coarse, 0.4);
  // The crest fades towards the ankle: a short piece shows little of it.
  const double seen = (parts.bone.to - parts.bone.from) / parts.bone.radius;
  signs.push_back(handed_sign("the malleolus and the crest of the shaft", p.medial, parts.crest,
                              parts.bone.axis,
                              parts.crest_clear * std::clamp((seen - 6) / 6, 0.25, 1.0)));
}

std::vector<SideSign> signs_of(const TibiaParts& parts, double voxel_mm)
{
  std::vector<SideSign> signs;
  const Vec3 up = parts.bone.axis;
  if (parts.plateau)
  {
    const TibialPlateau& p = *parts.plateau;
    const auto add = [&](const std::string& words, double value, double full, double weight)
    {
      const double w = weight * p.front_clear * std::clamp(std::abs(value) / full, 0.0, 1.0);
      signs.push_back(handed_sign(words, value < 0 ? -p.across : p.across, p.front, up, w));
    };
    add("the deeper plateau", p.deeper, 0.025 * p.width, 0.5);
    add("the larger plateau", p.larger, 0.05 * p.width, 0.4);
    add("the place of the tuberosity", p.tuberosity_off, 0.05 * p.width, 0.4);
    if (parts.plafond)
    {
      signs.push_back(
          handed_sign("the medial malleolus", parts.plafond->medial, p.front, up, p.front_clear));
    }
  }
  else if (parts.plafond)
  {
    add_signs_of_ankle(parts, voxel_mm, signs);
  }
  return signs;
}

void decide_side(const BoneShape& shape, TibiaParts& parts, const AnatomyOptions& options)
{
  SideQuestion question;
  question.kind = BoneKind::tibia;
  question.shape = signs_of(parts, shape.voxel_mm);
  double sum = 0;
  for (const SideSign& sign : question.shape)
  {
    sum += sign.weight;
  }
  if (parts.plateau)
  {
    // Medial as the shape has it: across the front, on the side the signs say.
    const Vec3 left = cross(parts.plateau->front, parts.bone.axis);
    parts.medial = sum > 0 ? left : -left;
  }
  else
  {
    parts.medial = parts.plafond->medial;
  }
  question.image =
      medial_sign_from_image("its medial side points that way", parts.medial, parts.bone.axis);
  question.orientation = options.orientation;
  question.expected = options.side;
  question.place = options.place;
  question.needed =
      parts.plateau ? "a tibia with a tuberosity in front and plateaus that differ"
                    : "a lower end whose plafond and malleolus differ in front and behind, or with "
                      "enough shaft to see its crest in front";
  parts.side = decide_limb_side(question);
}

} // namespace

TibiaParts find_tibia_parts(const BoneShape& shape, const AnatomyOptions& options)
{
  const auto bone = find_long_bone(shape);
  if (!bone)
  {
    refuse(options, "the mask is not a tibia: no part of it is a shaft",
           "check the label number, and that the image shows enough of the shaft");
  }
  TibiaParts parts;
  // The end that flares more is up; of a piece with one end its shape says which it is.
  parts.bone = bone->ends[0].flare > bone->ends[1].flare ? reversed(*bone) : *bone;
  check_ball(shape, parts, options);
  if (!parts.bone.ends[1].joint)
  {
    refuse(options, "no end of a tibia is to be seen with shaft beside it",
           "use an image that shows the knee or the ankle and more of the shaft");
  }
  const LongBone upside_down = reversed(parts.bone);
  if (!parts.bone.ends[0].joint)
  {
    // One end only: a malleolus beside a joint surface, or a plateau with an eminence.
    parts.plafond = find_plafond(shape, upside_down);
    const auto plateau = find_plateau(shape, parts.bone);
    const bool knee = plateau && plateau->eminence_mm > least_eminence * plateau->width &&
                      plateau->width > 4.2 * parts.bone.radius;
    if (parts.plafond && !knee)
    {
      parts.bone = upside_down;
      find_crest(shape, parts);
      decide_side(shape, parts, options);
      return parts;
    }
    parts.plafond.reset();
    if (!knee && !plateau)
    {
      refuse(
          options,
          "the mask is not a tibia: its wide end is neither a plateau nor a joint surface with a "
          "malleolus beside it",
          "check the label number, and that the image shows one end of the bone whole");
    }
  }
  parts.plateau = find_plateau(shape, parts.bone);
  if (!parts.plateau)
  {
    refuse(options, "the mask is not a tibia: its widest end is as deep as it is wide",
           "check the label number");
  }
  check_plateau(parts, options);
  if (parts.bone.ends[0].joint && !parts.bone.ends[0].at_border)
  {
    parts.plafond = find_plafond(shape, parts.bone);
    if (!parts.plafond && parts.bone.ends[0].flat < 0.85)
    {
      refuse(options,
             "the lower end of the bone widens, but no malleolus stands out beside a joint surface",
             "check the label number, and that the mask shows one tibia without its fibula");
    }
  }
  decide_side(shape, parts, options);
  return parts;
}

} // namespace calcar::anatomy
