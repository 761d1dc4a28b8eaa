#pragma once

#include "anatomy/femur_trochanters.hpp"
#include "anatomy/long_bone_side.hpp"

#include <optional>
#include <vector>

namespace calcar::anatomy
{

/**
 * What the shape says, whatever the orientation of the image. Seen from the head, with the shaft
 * down, the back of a left femur is on the side of cross(distal, towards head): the lesser
 * trochanter lies there; of a whole femur also the condyles, behind the line of the proximal shaft.
 */
std::vector<SideSign> signs_from_shape(const BoneShape& shape, const FemoralHead& head,
                                       const FemoralShaft& shaft, const LesserTrochanter& lesser,
                                       bool whole);

/// What the image says: the head lies towards the patient's midline; see `medial_sign_from_image`.
std::optional<SideSign> sign_from_image(const FemoralHead& head, const FemoralShaft& shaft);

} // namespace calcar::anatomy
