#pragma once

#include "anatomy/find_anatomy.hpp"
#include "anatomy/synthetic_bone.hpp"

namespace calcar::anatomy
{

/**
 * The humerus's anatomy; see `find_anatomy`. Whole, proximal (head and some shaft) or distal.
 *
 * Landmarks: humeral_head_centre (of the sphere fitted to the articular surface), greater_tubercle
 * (its most lateral surface), lesser_tubercle (its most prominent point), surgical_neck_centre
 * (centre of the section where the shaft begins below the tubercles), deltoid_tuberosity (lateral
 * surface at its level), isthmus, midshaft_centre, medial_epicondyle, lateral_epicondyle (their
 * most prominent points), elbow_centre (midpoint of the epicondyles).
 *
 * Frame after ISB (Wu et al. 2005, J Biomech 38:981): origin humeral_head_centre; proximal from
 * elbow_centre to humeral_head_centre, of a proximal part along the shaft's axis; anterior
 * perpendicular to the plane of both epicondyles and the head; of a proximal part the head's
 * direction turned by the population's retroversion. Of a distal part: origin elbow_centre,
 * proximal along the shaft's axis, medial from lateral_epicondyle to medial_epicondyle made
 * perpendicular.
 */
BoneAnatomy find_humerus(const image::Mask& mask, const AnatomyOptions& options);

/// The synthetic humerus of these dimensions (materials/anatomy/synthetic_humerus.toml). Throws
/// InputError for a dimension that is not that of a humerus.
SyntheticBody make_humerus(const SyntheticPerson& person, const Dimensions& dimensions);

} // namespace calcar::anatomy
