#include "anatomy/femur_side.hpp"

#include "anatomy/femur_distal.hpp"
#include "base/error.hpp"
#include "base/text.hpp"
#include "geometry/rotation.hpp"

#include <algorithm>
#include <cmath>

namespace calcar::anatomy
{

namespace
{

using geometry::without_component;

SideSign lesser_sign(const LesserTrochanter& lesser, double head_radius)
{
  const double clear = std::clamp((lesser.prominence / head_radius - 0.08) / 0.12, 0.0, 1.0);
  const double lead = lesser.prominence > 0 ? 1 - lesser.opposite / lesser.prominence : 0;
  const double weight = clear * std::clamp(2 * lead, 0.0, 1.0);
  return {"the lesser trochanter", lesser.azimuth_deg >= 0 ? weight : -weight};
}

double saturated(double value_mm, double full_mm)
{
  return std::clamp(value_mm / full_mm, -1.0, 1.0);
}

} // namespace

std::vector<SideSign> signs_from_shape(const BoneShape& shape, const FemoralHead& head,
                                       const FemoralShaft& shaft, const LesserTrochanter& lesser,
                                       bool whole)
{
  const Vec3 towards_head = normalized(without_component(head.centre - shaft.point, shaft.distal));
  const Vec3 left_back = cross(shaft.distal, towards_head);
  std::vector<SideSign> signs = {lesser_sign(lesser, head.radius)};
  if (whole)
  {
    const Vec3 condyles = distal_centroid(shape, head, shaft) - shaft.point;
    // The proximal shaft's line runs on in front of the bow; the condyles lie behind it.
    signs.push_back({"the condyles and the bow of the shaft",
                     saturated(dot(condyles, left_back), 0.6 * head.radius)});
  }
  return signs;
}

std::optional<SideSign> sign_from_image(const FemoralHead& head, const FemoralShaft& shaft)
{
  const Vec3 offset = normalized(without_component(head.centre - shaft.point, shaft.distal));
  const bool upright = -shaft.distal.z > std::sqrt(0.5);
  if (!upright || std::abs(offset.x) < 0.5)
  {
    return std::nullopt;
  }
  return SideSign{"the head", offset.x < 0 ? 1.0 : -1.0};
}

Side decide_side(const std::vector<SideSign>& shape_signs,
                 const std::optional<SideSign>& image_sign, Orientation orientation,
                 std::optional<Side> expected, const std::string& place)
{
  double sum = 0;
  std::vector<std::string> speaking;
  for (const SideSign& sign : shape_signs)
  {
    sum += sign.weight;
  }
  const double direction = sum < 0 ? -1 : 1;
  for (const SideSign& sign : shape_signs)
  {
    if (sign.weight * direction > 0.2)
    {
      speaking.push_back(sign.words);
    }
  }
  if (std::abs(sum) < 0.4)
  {
    throw InputError(
        Fault::data,
        Problem{
            place,
            "the side of the femur cannot be told from its shape: its lesser trochanter does not "
            "show which way is back",
            "a mask with a lesser trochanter that stands out on one side",
            "check the mask around the lesser trochanter", ""});
  }
  const Side side = sum > 0 ? Side::left : Side::right;
  if (orientation == Orientation::patient && image_sign && image_sign->weight * sum < 0)
  {
    const Side by_image = image_sign->weight > 0 ? Side::left : Side::right;
    throw InputError(Fault::data,
                     Problem{place,
                             "the orientation of the image is in doubt: by its shape (" +
                                 join(speaking, " and ") + ") this is a " + to_string(side) +
                                 " femur, by its place in the patient (the head lies " +
                                 (by_image == Side::left ? "to the right of" : "to the left of") +
                                 " the shaft) a " + to_string(by_image) + " one",
                             "an image whose affine says truly which way is left",
                             "check the conversion of the image for a mirrored axis; for a bone "
                             "scanned outside the body "
                             "write orientation = \"specimen\"",
                             ""});
  }
  if (expected && *expected != side)
  {
    throw InputError(
        Fault::data,
        Problem{place,
                "the mask shows a " + to_string(side) + " femur: " + join(speaking, " and ") +
                    (image_sign && orientation == Orientation::patient
                         ? " and the place of the head in the patient"
                         : "") +
                    " say so, but side = \"" + to_string(*expected) + "\" was asked for",
                "side = \"" + to_string(side) + "\"",
                "choose the mask of the other femur, or correct the side", ""});
  }
  return side;
}

} // namespace calcar::anatomy
