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

std::vector<SideSign> signs_of(const TibiaParts& parts)
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
    signs.push_back(handed_sign("the malleolus and the crest of the shaft", parts.plafond->medial,
                                parts.crest, up, parts.crest_clear));
  }
  return signs;
}

void decide_side(TibiaParts& parts, const AnatomyOptions& options)
{
  SideQuestion question;
  question.kind = BoneKind::tibia;
  question.shape = signs_of(parts);
  double sum = 0;
  for (const SideSign& sign : question.shape)
  {
    sum += sign.weight;
  }
  // Medial as the shape has it: across the front, on the side the signs say.
  const Vec3 front = parts.plateau ? parts.plateau->front : parts.crest;
  parts.medial = sum > 0 ? cross(front, parts.bone.axis) : cross(parts.bone.axis, front);
  question.image =
      medial_sign_from_image("its medial side points that way", parts.medial, parts.bone.axis);
  question.orientation = options.orientation;
  question.expected = options.side;
  question.place = options.place;
  question.needed = parts.plateau
                        ? "a tibia with a tuberosity in front and plateaus that differ"
                        : "a lower end with a malleolus and enough shaft to see its crest in front";
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
      decide_side(parts, options);
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
  decide_side(parts, options);
  return parts;
}

} // namespace calcar::anatomy
