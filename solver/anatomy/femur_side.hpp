#pragma once

#include "anatomy/bone_kind.hpp"
#include "anatomy/femur_trochanters.hpp"

#include <optional>
#include <string>
#include <vector>

namespace calcar::anatomy
{

/// One sign of the side: positive speaks for a left femur, negative for a right one; 1 is as clear
/// as it gets.
struct SideSign
{
  std::string words; ///< "the lesser trochanter lies behind the neck"
  double weight = 0;
};

/**
 * What the shape says, whatever the orientation of the image. Seen from the head, with the shaft
 * down, the back of a left femur is on the side of cross(distal, towards head): the lesser
 * trochanter lies there; of a whole femur also the condyles, behind the line of the proximal shaft.
 */
std::vector<SideSign> signs_from_shape(const BoneShape& shape, const FemoralHead& head,
                                       const FemoralShaft& shaft, const LesserTrochanter& lesser,
                                       bool whole);

/**
 * What the image says: with the shaft within 45 degrees of the patient's superior direction, the
 * head lies towards the patient's midline. Nothing when the shaft lies otherwise or the head's
 * offset is not mostly left to right.
 */
std::optional<SideSign> sign_from_image(const FemoralHead& head, const FemoralShaft& shaft);

/// How the image lies.
enum class Orientation
{
  patient, ///< the image's axes are the patient's: they must agree with the shape
  specimen ///< scanned in a tube or on a table: only the shape tells the side
};

/**
 * The side, or InputError: when the shape is not clear (sum of weights below 0.4), when the image
 * contradicts it, or when it is not the `expected` one.
 */
Side decide_side(const std::vector<SideSign>& shape_signs,
                 const std::optional<SideSign>& image_sign, Orientation orientation,
                 std::optional<Side> expected, const std::string& place);

} // namespace calcar::anatomy
