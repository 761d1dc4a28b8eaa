#include "anatomy/humerus_parts.hpp"

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

constexpr double most_offset =
    0.95; ///< head centre beside the shaft, head radii; femora have 1.7 to 2
constexpr double least_dome = 0.93;
constexpr double cut_flat = 0.92; ///< elbows reach 0.85 in coarse voxels, cuts through them 0.95
constexpr double least_shaft_mm = 20;

const char* const allowed_parts =
    "a whole humerus, its upper part with the head and at least 20 mm of shaft below the surgical "
    "neck, or its lower part with both epicondyles and some shaft";

[[noreturn]] void refuse(const AnatomyOptions& options, const std::string& given,
                         const std::string& remedy)
{
  refuse_bone(options.place, given, allowed_parts, remedy);
}

/// The orientation in which a humeral head is at the upper end, if there is one.
bool turn_head_up(const BoneShape& shape, HumerusParts& parts)
{
  const LongBone seen = parts.bone;
  for (const LongBone& way : {seen, reversed(seen)})
  {
    const auto head = way.ends[1].joint ? find_humeral_head(shape, way) : std::nullopt;
    if (head && (!parts.head || head->covered > parts.head->covered))
    {
      parts.head = head;
      parts.bone = way;
    }
  }
  return parts.head.has_value();
}

/// The orientation in which a flattened lower end is at the bottom, of a piece without a head.
bool turn_elbow_down(const BoneShape& shape, HumerusParts& parts)
{
  const LongBone seen = parts.bone;
  for (const LongBone& way : {seen, reversed(seen)})
  {
    const auto distal =
        way.ends[0].joint ? find_distal_humerus(shape, way, std::nullopt) : std::nullopt;
    if (distal && (!parts.distal || distal->flattened > parts.distal->flattened))
    {
      parts.distal = distal;
      parts.bone = way;
    }
  }
  return parts.distal.has_value();
}

void check_head(const HumerusParts& parts, const AnatomyOptions& options)
{
  const HumeralHead& head = *parts.head;
  if (head.offset > most_offset * head.radius)
  {
    refuse(options,
           "the mask is not a humerus: the ball at its end, of radius " +
               format_number(head.radius, 3) + " mm, lies " + format_number(head.offset, 3) +
               " mm beside the shaft's axis, as a femoral head does",
           "choose kind = \"femur\" if it is one, or check the label number");
  }
  if (parts.bone.ends[1].at_border || head.dome < least_dome)
  {
    refuse(options, "the humeral head is cut off: the image or the mask ends inside it",
           "use an image that reaches above the shoulder joint, or correct the mask at the head");
  }
}

void find_proximal(const BoneShape& shape, HumerusParts& parts, const AnatomyOptions& options)
{
  check_head(parts, options);
  const auto neck = surgical_neck_level(parts.bone, *parts.head);
  if (!neck || *neck - parts.bone.ends[0].level < least_shaft_mm)
  {
    refuse(options, "no shaft is to be seen below the surgical neck",
           "use an image that reaches further down the arm");
  }
  parts.surgical_neck = *neck;
  parts.tubercles = find_tubercles(shape, parts.bone, *parts.head);
  const BoneEnd& low = parts.bone.ends[0];
  if (low.joint && !low.at_border && low.flat < cut_flat)
  {
    const Vec3 medial = without_component(parts.head->towards, parts.bone.axis);
    parts.distal = find_distal_humerus(shape, parts.bone, medial);
    if (!parts.distal)
    {
      refuse(options,
             "the far end of the bone is neither an elbow, wide and flat, nor a cut through the "
             "shaft",
             "check the label number, and that the mask shows one humerus");
    }
  }
}

void find_distal(const AnatomyOptions& options, const HumerusParts& parts)
{
  const BoneEnd& top = parts.bone.ends[1];
  if (top.joint)
  {
    refuse(options,
           "the upper end of the bone widens, but there is no ball of a humeral head: it is cut "
           "off, or the mask is not a humerus",
           "use an image that reaches above the shoulder joint, or check the label number");
  }
  if (parts.bone.ends[0].at_border || parts.bone.ends[0].flat > cut_flat)
  {
    refuse(options, "the lower end of the humerus is cut off",
           "use an image that reaches below the elbow");
  }
}

std::vector<SideSign> signs_of(const HumerusParts& parts)
{
  std::vector<SideSign> signs;
  const Vec3 up = parts.bone.axis;
  const double r = parts.bone.radius;
  if (parts.head)
  {
    const double lead = parts.tubercles.groove - parts.tubercles.opposite;
    const double clear = std::clamp(lead / (0.05 * parts.head->radius), 0.0, 1.0);
    signs.push_back(handed_sign("the groove between the tubercles", parts.head->towards,
                                parts.tubercles.anterior, up, clear));
  }
  if (parts.distal)
  {
    const double forward = std::clamp(parts.distal->forward / (0.35 * r), 0.0, 1.0);
    const double protrusion = std::clamp(parts.distal->protrusion / (0.5 * r), 0.0, 1.0);
    if (parts.head)
    {
      signs.push_back(handed_sign("the condyles before the shaft", parts.head->towards,
                                  parts.distal->anterior, up, forward));
    }
    else
    {
      signs.push_back(handed_sign("the medial epicondyle and the condyles before the shaft",
                                  parts.distal->medial, parts.distal->anterior, up,
                                  forward * protrusion));
    }
  }
  return signs;
}

Side side_of(const HumerusParts& parts, const AnatomyOptions& options)
{
  SideQuestion question;
  question.kind = BoneKind::humerus;
  question.shape = signs_of(parts);
  const Vec3 medial = parts.head ? parts.head->towards : parts.distal->medial;
  question.image = medial_sign_from_image(parts.head ? "the head points that way"
                                                     : "the medial epicondyle points that way",
                                          medial, parts.bone.axis);
  question.orientation = options.orientation;
  question.expected = options.side;
  question.place = options.place;
  question.needed =
      parts.head ? "a humerus with a groove between its tubercles on one side of the head, or with "
                   "both ends"
                 : "a lower end with condyles before the shaft and one epicondyle standing out "
                   "farther than the other";
  return decide_limb_side(question);
}

} // namespace

HumerusParts find_humerus_parts(const BoneShape& shape, const AnatomyOptions& options)
{
  const auto bone = find_long_bone(shape);
  if (!bone)
  {
    refuse(options, "the mask is not a humerus: no part of it is a shaft",
           "check the label number, and that the image shows enough of the shaft");
  }
  HumerusParts parts;
  parts.bone = *bone;
  if (turn_head_up(shape, parts))
  {
    find_proximal(shape, parts, options);
  }
  else if (turn_elbow_down(shape, parts))
  {
    find_distal(options, parts);
  }
  else
  {
    refuse(
        options,
        "the mask is not a humerus: neither end is the ball of its head nor an elbow, wide and "
        "flat",
        "check the label number, and that the image shows one end of the bone whole, with at least "
        "50 mm of shaft");
  }
  parts.side = side_of(parts, options);
  return parts;
}

} // namespace calcar::anatomy
