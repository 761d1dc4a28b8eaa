#include "anatomy/femur.hpp"

#include "base/error.hpp"
#include "base/text.hpp"
#include "geometry/rotation.hpp"

#include <algorithm>
#include <cmath>

namespace calcar::anatomy
{

namespace
{

using geometry::pi;
using geometry::without_component;

/// Radii of femoral heads, mm; for a child the age must be given, since half the spacing of an
/// adult's scan would make a child of him.
constexpr double smallest_head_mm = 15;
constexpr double smallest_child_head_mm = 10;
constexpr double adult_years = 18;
constexpr double largest_head_mm = 32;
constexpr double least_confidence = 0.4;
constexpr double least_dome = 0.95;
constexpr double least_cut_face = 0.72; ///< rounded ends measured up to 0.60, cuts from 0.89

[[noreturn]] void refuse(const AnatomyOptions& options, const std::string& given,
                         const std::string& allowed, const std::string& remedy)
{
  throw InputError(Fault::data, Problem{options.place, given, allowed, remedy, ""});
}

bool is_child(const AnatomyOptions& options)
{
  return options.age_years && *options.age_years < adult_years;
}

const char* const whole_or_proximal = "a whole femur, or a proximal one with its head and at least "
                                      "10 mm of shaft below the lesser trochanter";

[[noreturn]] void refuse_cut_head(const AnatomyOptions& options)
{
  refuse(options, "the femoral head is cut off: the image or the mask ends inside it",
         "a head seen whole",
         "use an image that reaches above the hip joint, or correct the mask at the head");
}

FemoralHead checked_head(const BoneShape& shape, const AnatomyOptions& options)
{
  const auto head = find_femoral_head(shape);
  if (!head || head->coverage < 0.45)
  {
    refuse(options,
           "the mask is not a femur: no part of it is a ball that could be the femoral head",
           whole_or_proximal, "check the label number, and that the head is inside the image");
  }
  if (head->coverage > 0.97)
  {
    refuse(options, "the mask is not a femur: it is a ball with no neck leading off it",
           whole_or_proximal, "check the label number, and that head and shaft are in one piece");
  }
  if (head->radius < (is_child(options) ? smallest_child_head_mm : smallest_head_mm) ||
      head->radius > largest_head_mm)
  {
    refuse(
        options,
        "the roundest part of the mask has a radius of " + format_number(head->radius, 3) + " mm",
        is_child(options) ? "a child's femoral head, 10 to 32 mm"
                          : "a femoral head of an adult, 15 to 32 mm (of a child from 10 mm, when "
                            "[patient] age_years says so)",
        "check the voxel size of the image and that the mask holds one whole femur");
  }
  if (leaves_image(shape, head->centre, 1.15 * head->radius))
  {
    refuse_cut_head(options);
  }
  return *head;
}

FemoralNeck checked_neck(const BoneShape& shape, const FemoralHead& head,
                         const AnatomyOptions& options)
{
  const auto neck = find_femoral_neck(shape, head);
  const double head_area = pi * head.radius * head.radius;
  if (!neck || neck->area > 0.8 * head_area || neck->area < 0.3 * head_area ||
      neck->distance > 1.5 * head.radius || neck->widening < 1.3)
  {
    refuse(options,
           "the mask is not a femur, or its head is cut off: behind its roundest part there is no "
           "neck "
           "that widens again to the trochanters",
           whole_or_proximal,
           "check the label number, and that head and shaft are in the image and in one piece");
  }
  if (dome_seen(head, neck->direction) < least_dome)
  {
    refuse_cut_head(options);
  }
  return *neck;
}

/// Shaft and lesser trochanter tell each other where they are: a few rounds settle them.
void find_shaft(const BoneShape& shape, FemurParts& parts, const AnatomyOptions& options)
{
  const double r = parts.head.radius;
  std::optional<FemoralShaft> shaft = guess_shaft(shape, parts.head, parts.neck);
  double level = 2.3 * r;
  for (int round = 0; round < 4 && shaft; ++round)
  {
    shaft = fit_shaft(shape, parts.head, *shaft, level + 0.5 * r, level + 4.5 * r);
    if (shaft)
    {
      parts.lesser = find_lesser_trochanter(shape, parts.head, *shaft);
      level = parts.lesser.prominence > 2 ? parts.lesser.level : 2.3 * r;
    }
  }
  if (!shaft || shaft->end - level < 5)
  {
    refuse(options, "no shaft is to be seen below the lesser trochanter", whole_or_proximal,
           "use an image that reaches further down the thigh");
  }
  parts.shaft = *shaft;
}

/// Level of the most proximal point beyond the shaft's axis from the head: the tip of the greater
/// trochanter. Distance from the head centre along the shaft, negative above it.
double greater_trochanter_level(const BoneShape& shape, const FemurParts& parts)
{
  const Vec3 towards_head = parts.head.centre - parts.shaft.point;
  const Vec3 beside = normalized(without_component(towards_head, parts.shaft.distal));
  double level = parts.shaft.end;
  for (const SurfacePoint& s : shape.surface)
  {
    if (dot(s.position - parts.shaft.point, beside) < 0)
    {
      level = std::min(level, dot(s.position - parts.head.centre, parts.shaft.distal));
    }
  }
  return level;
}

/// The bounds are wide of what six real femora showed (in head radii: offset 1.7 to 2.0, shaft 0.59
/// to 0.71, tip of the trochanter 0.2 to 0.75 above the head centre, flare up to 0.04) and hold off
/// stumps whose trochanter looks like a shaft.
void check_proportions(const BoneShape& shape, const FemurParts& parts,
                       const AnatomyOptions& options)
{
  const double r = parts.head.radius;
  const double angle = 180 - geometry::angle_deg(parts.neck.direction, parts.shaft.distal);
  if (angle < 100 || angle > 160)
  {
    refuse(options,
           "the neck and the shaft found in the mask make an angle of " + format_number(angle, 3) +
               " degrees",
           "100 to 160 degrees",
           "check the mask at neck and shaft, and that it shows enough of the shaft");
  }
  const double offset =
      norm(without_component(parts.head.centre - parts.shaft.point, parts.shaft.distal)) / r;
  const double tip = greater_trochanter_level(shape, parts) / r;
  const bool tube =
      parts.shaft.radius > 0.4 * r && parts.shaft.radius < 0.95 * r && parts.shaft.flare < 0.08;
  if (offset < 1.1 || offset > 2.9 || !tube || tip > 0.45 || tip < -1.6)
  {
    refuse(options,
           "the proportions are not those of a femur: head radius " + format_number(r, 3) +
               " mm, shaft radius " + format_number(parts.shaft.radius, 3) + " mm, head " +
               format_number(offset * r, 3) + " mm beside the shaft's axis and " +
               format_number(std::abs(tip) * r, 3) + (tip < 0 ? " mm below" : " mm above") +
               " the tip of the greater trochanter",
           whole_or_proximal, "check that the mask shows one femur and enough of its shaft");
  }
}

double falling(double value, double good_low, double good_high, double bad_low, double bad_high)
{
  const double low = (value - bad_low) / (good_low - bad_low);
  const double high = (bad_high - value) / (bad_high - good_high);
  return std::clamp(std::min(low, high), 0.0, 1.0);
}

void rate(const FemurParts& parts, const AnatomyOptions& options, BoneAnatomy& bone)
{
  const FemoralHead& head = parts.head;
  const double below = parts.shaft.end - parts.lesser.level;
  bone.confidence_parts = {
      {"head sphere", std::clamp(1 - (head.rms / head.radius - 0.02) / 0.08, 0.0, 1.0)},
      {"head seen", std::clamp(1 - (1 - dome_seen(head, parts.neck.direction)) / 0.1, 0.0, 1.0)},
      {"head radius", is_child(options) ? falling(head.radius, 12, 29, 8, 33)
                                        : falling(head.radius, 18, 29, 14, 33)},
      {"neck-shaft angle",
       falling(bone.measures.at("neck_shaft_angle_deg").value, 115, 142, 98, 162)},
      {"lesser trochanter",
       bone.whole ? 1.0 : std::clamp((parts.lesser.prominence - 1) / 3, 0.0, 1.0)},
      {"shaft length", std::clamp(0.45 + 0.55 * (below - 5) / (2 * head.radius), 0.0, 1.0)}};
  const auto least =
      std::min_element(bone.confidence_parts.begin(), bone.confidence_parts.end(),
                       [](const auto& a, const auto& b) { return a.second < b.second; });
  bone.confidence = least->second;
  if (bone.confidence < least_confidence)
  {
    refuse(options,
           "the femur is not recognised with confidence: " + least->first + " scores " +
               format_number(least->second, 2) + " of 1",
           "0.4 or more", "check the mask there, or use a finer image");
  }
}

void warn(const BoneShape& shape, const FemurParts& parts, const AnatomyOptions& options,
          BoneAnatomy& bone)
{
  if (shape.left_out > 0.01)
  {
    bone.warnings.push_back({"mask_in_pieces",
                             format_number(100 * shape.left_out, 2) +
                                 " % of the mask is not connected to the femur and was left out",
                             options.place});
  }
  if (parts.shaft.deviation_deg > 3)
  {
    bone.warnings.push_back(
        {"short_shaft",
         "only " + format_number(parts.shaft.end - parts.lesser.level, 2) +
             " mm of shaft below the lesser trochanter: the shaft's axis is sure to about " +
             format_number(parts.shaft.deviation_deg, 2) + " degrees only",
         options.place});
  }
  if (options.orientation == Orientation::patient && !sign_from_image(parts.head, parts.shaft))
  {
    bone.warnings.push_back(
        {"side_by_shape_only",
         "the femur does not lie along the patient's axis: its side is told by its shape alone",
         options.place});
  }
  if (!bone.whole)
  {
    bone.warnings.push_back(
        {"version_from_population",
         "the condyles are not in the image: the anteversion is the population mean, " +
             format_number(bone.measures.at("version_deg").value, 3) + " +/- " +
             format_number(bone.measures.at("version_deg").deviation, 2) + " degrees",
         options.place});
  }
}

} // namespace

FemurParts find_parts(const BoneShape& shape, const AnatomyOptions& options)
{
  FemurParts parts;
  parts.head = checked_head(shape, options);
  parts.neck = checked_neck(shape, parts.head, options);
  find_shaft(shape, parts, options);
  check_proportions(shape, parts, options);
  const bool condyles = has_condyles(shape, parts.head, parts.shaft);
  if (!condyles && cut_face(shape, parts.head, parts.shaft) < least_cut_face)
  {
    refuse(options,
           "the far end of the bone is neither a pair of condyles nor a cut through the shaft",
           whole_or_proximal, "check that the mask shows one femur and enough of its shaft");
  }
  SideQuestion question;
  question.kind = BoneKind::femur;
  question.shape = signs_from_shape(shape, parts.head, parts.shaft, parts.lesser, condyles);
  question.image = sign_from_image(parts.head, parts.shaft);
  question.orientation = options.orientation;
  question.expected = options.side;
  question.place = options.place;
  question.needed = "a lesser trochanter that stands out on one side of the shaft, behind the neck";
  parts.side = decide_limb_side(question);
  if (condyles)
  {
    const Vec3 towards_head =
        normalized(without_component(-parts.neck.direction, parts.shaft.distal));
    const double sign = parts.side == Side::left ? 1 : -1;
    parts.distal = find_condyles(shape, parts.head, parts.shaft, towards_head,
                                 sign * cross(parts.shaft.distal, towards_head));
  }
  return parts;
}

BoneAnatomy find_femur(const image::Mask& mask, const AnatomyOptions& options)
{
  const BoneShape shape = bone_shape(mask, options.place);
  FemurParts parts = find_parts(shape, options);
  BoneAnatomy bone;
  bone.kind = BoneKind::femur;
  bone.side = parts.side;
  bone.whole = parts.distal.has_value();
  bone.landmarks["femoral_head_centre"] = parts.head.centre;
  bone.landmarks["femoral_neck_centre"] = parts.neck.centre;
  if (parts.distal)
  {
    bone.landmarks["medial_condyle"] = parts.distal->medial_condyle;
    bone.landmarks["lateral_condyle"] = parts.distal->lateral_condyle;
    bone.landmarks["intercondylar_notch"] = parts.distal->notch;
  }
  // Those the frame rests on are replaced before it is built, the others after they are found.
  for (const auto& [name, point] : options.overrides)
  {
    bone.landmarks[name] = point;
  }
  parts.head.centre = bone.landmarks["femoral_head_centre"];
  parts.neck.centre = bone.landmarks["femoral_neck_centre"];
  parts.neck.direction = normalized(parts.neck.centre - parts.head.centre);
  build_frame(parts, bone);
  add_femur_landmarks(shape, parts, bone);
  for (const auto& [name, point] : options.overrides)
  {
    bone.landmarks[name] = point;
  }
  for (const std::string& name : landmark_names(BoneKind::femur))
  {
    if (!bone.landmarks.count(name))
    {
      bone.absent.push_back(name);
    }
  }
  rate(parts, options, bone);
  warn(shape, parts, options, bone);
  return bone;
}

} // namespace calcar::anatomy
