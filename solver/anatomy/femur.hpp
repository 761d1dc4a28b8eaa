#pragma once

#include "anatomy/femur_distal.hpp"
#include "anatomy/femur_side.hpp"
#include "anatomy/find_anatomy.hpp"

namespace calcar::anatomy
{

/// What is found on a femur before it has a frame.
struct FemurParts
{
  FemoralHead head;
  FemoralNeck neck;
  FemoralShaft shaft;
  LesserTrochanter lesser;
  Side side = Side::left;
  std::optional<DistalFemur> distal; ///< of a whole femur
};

/// Finds the parts. Throws InputError when they are not those of a femur, saying which is missing.
FemurParts find_parts(const BoneShape& shape, const AnatomyOptions& options);

/**
 * The frame. Origin: head centre. Proximal: of a whole femur from the intercondylar notch to where
 * the shaft's axis passes the neck's (Bergmann 2016, PLoS ONE 11:e0155612); of a proximal one the
 * shaft's axis, turned in the sagittal plane by (half the distance from there to the notch -
 * distance to the middle of the shaft seen) / bow radius. Medial: of a whole femur along the
 * posterior condyle line; of a proximal one the neck's projection turned back by the population's
 * version. Adds the measures version_deg, neck_shaft_angle_deg and proximal_axis_deg.
 */
void build_frame(const FemurParts& parts, BoneAnatomy& bone);

/// Adds the landmarks that need the frame, and the measures.
void add_femur_landmarks(const BoneShape& shape, const FemurParts& parts, BoneAnatomy& bone);

/**
 * The femur's anatomy; see `find_anatomy`. Landmarks: femoral_head_centre (of the fitted sphere),
 * femoral_neck_centre (centroid of the narrowest section of the neck), medial_neck_cortex and
 * lateral_neck_cortex (surface of that section, inferomedial and superolateral, in the plane of
 * neck and shaft), greater_trochanter (its most lateral surface), greater_trochanter_tip (its most
 * proximal point), lesser_trochanter (its most prominent point), subtrochanteric_medial (medial
 * surface 25 mm distal of it), isthmus (centre of the thinnest part of the shaft), midshaft_centre
 * (shaft centre at half the length of the bone), medial_condyle and lateral_condyle (their most
 * posterior points), intercondylar_notch (summit of its roof, half way between front and back of
 * the condyles).
 */
BoneAnatomy find_femur(const image::Mask& mask, const AnatomyOptions& options);

} // namespace calcar::anatomy
