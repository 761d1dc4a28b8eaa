#pragma once

#include "anatomy/find_anatomy.hpp"
#include "anatomy/synthetic_bone.hpp"

namespace calcar::anatomy
{

/**
 * A rib's anatomy; see `find_anatomy`. Whole, or a piece of it.
 *
 * Landmarks: rib_head (tip of the head at the vertebra, where the centre line ends), rib_tubercle
 * (the point of it that stands out farthest from the shaft), rib_angle (where it turns forward:
 * most posterior point of the centre line), lateral_point (most lateral point of the centre line),
 * sternal_end (where the centre line ends in front), midpoint (half way along the centre line, of a
 * piece along what the image shows), dorsal_end and ventral_end (of what the image shows; of a
 * whole rib the head and the sternal end). Posterior and lateral are the frame's of a whole rib,
 * the patient's of a piece; angle and lateral point within 10 mm of an end are absent, since the
 * bone may go on.
 *
 * Frame (ISB defines none for a single rib): origin midpoint; superior (`proximal`) normal to the
 * plane fitted to the centre line, towards the patient's head (of a piece whose line turns by less
 * than 90 degrees more and more, below 20 degrees altogether, the long axis of its sections
 * instead); lateral the outward normal of the centre line at the midpoint in that plane; anterior
 * along the centre line towards the sternal end.
 *
 * Side: in a patient the convex side of a rib is lateral and its superior border faces the head of
 * the patient; the end found to be the head must then lie dorsally. A piece of the back or the
 * front that does not show the head needs `side`, and so does every specimen, since a rib looks
 * nearly the same upside down. Throws InputError (data) when the mask is not one rib, when the side
 * cannot be told, when shape and image disagree, when the image's border runs along the rib, and
 * when the side is not the one given.
 */
BoneAnatomy find_rib(const image::Mask& mask, const AnatomyOptions& options);

/// The synthetic rib of these dimensions (materials/anatomy/synthetic_rib.toml). Throws InputError
/// for a dimension that is not that of a rib.
SyntheticBody make_rib(const SyntheticPerson& person, const Dimensions& dimensions);

} // namespace calcar::anatomy
