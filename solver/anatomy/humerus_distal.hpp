#pragma once

#include "anatomy/long_bone.hpp"

#include <optional>

namespace calcar::anatomy
{

/// The distal end of a humerus, found without knowing the side: of two ends of a line it is said
/// which is medial.
struct DistalHumerus
{
  Vec3 medial_epicondyle;
  Vec3 lateral_epicondyle;
  Vec3 medial;           ///< unit, across the shaft, from the lateral to the medial epicondyle
  Vec3 anterior;         ///< unit, across both: the side on which the condyles lie
  double forward = 0;    ///< how far the condyles lie before the shaft's axis, mm
  double protrusion = 0; ///< how much farther the medial epicondyle stands out than the lateral, mm
  double flattened = 0;  ///< greatest width over depth of the slices above the condyles
  double width = 0;      ///< between the epicondyles, mm
};

/**
 * The lower end (against `bone.axis`). Medial is the side of `medial_hint` when given (the head's),
 * else that of the epicondyle that stands out farther. Nothing when the end is not flattened.
 */
std::optional<DistalHumerus> find_distal_humerus(const BoneShape& shape, const LongBone& bone,
                                                 std::optional<Vec3> medial_hint);

} // namespace calcar::anatomy
