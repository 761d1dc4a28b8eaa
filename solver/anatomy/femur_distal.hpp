#pragma once

#include "anatomy/femur_axes.hpp"

#include <optional>

namespace calcar::anatomy
{

/// The distal end of a whole femur.
struct DistalFemur
{
  Vec3 centroid;        ///< of the surface of the condyles
  Vec3 medial_condyle;  ///< most posterior point
  Vec3 lateral_condyle; ///< most posterior point
  Vec3 notch;           ///< summit of the roof of the notch, half way between front and back
};

/**
 * True when the far end of the shaft is a pair of condyles and not a cut: it flares to more than
 * twice the width of the shaft, does not run out of the image and does not end in a flat face.
 */
bool has_condyles(const BoneShape& shape, const FemoralHead& head, const FemoralShaft& shaft);

/**
 * How much of the end of the shaft is a flat face, as a cut leaves it: the area of the fullest
 * layer, a voxel and a half thick, of the surface within one head radius of the end, over the area
 * of the shaft's section. About 1 for a cut, oblique up to 45 degrees; below 0.6 for a rounded end.
 */
double cut_face(const BoneShape& shape, const FemoralHead& head, const FemoralShaft& shaft);

/// Mean of the surface points of the last 1.3 head radii of the bone.
Vec3 distal_centroid(const BoneShape& shape, const FemoralHead& head, const FemoralShaft& shaft);

/// Condyles and notch; `posterior` and `medial` need to be right to about 30 degrees. Nothing when
/// there is no notch.
std::optional<DistalFemur> find_condyles(const BoneShape& shape, const FemoralHead& head,
                                         const FemoralShaft& shaft, Vec3 medial, Vec3 posterior);

} // namespace calcar::anatomy
