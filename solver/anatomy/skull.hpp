#pragma once

#include "anatomy/find_anatomy.hpp"
#include "anatomy/synthetic_bone.hpp"

namespace calcar::anatomy
{

/**
 * The cranial vault's anatomy; see `find_anatomy`. Whole (all of it above its centre, with or
 * without base and face), or a calvarial piece.
 *
 * Landmarks, all on the outer surface but the centre: vertex (most superior point), frontal_point
 * and occipital_point (most anterior and posterior), left_ and right_parietal (most lateral), each
 * absent when the surface ends around it; cranial_centre (of the ellipsoid fitted to the outer
 * surface above its own level; of a whole vault only), piece_centre (outer surface in the middle of
 * what the image shows; of a piece only).
 *
 * Frame (ISB defines none): origin cranial_centre. Of a whole vault the median plane is that of
 * best mirror symmetry, within 45 degrees of the image's, and anterior the long axis of the
 * ellipsoid in it; a vault is too symmetric to tell which way is front, up and left: the image
 * does. Of a piece all directions are the image's, and the origin is that of an ellipsoid held near
 * population means (skull_population.toml). Two directions told by landmarks given by hand replace
 * the image's; a specimen needs them. The frame is that of a left bone whatever the side of a
 * piece: `medial` is the patient's right.
 *
 * Side: midline; of a piece as given, unless it faces the other way. Throws InputError (data) when
 * the mask is no hollow shell of the size of a head, for a side that cannot be, and for a specimen
 * without landmarks.
 */
BoneAnatomy find_skull(const image::Mask& mask, const AnatomyOptions& options);

/// The synthetic skull of these dimensions (materials/anatomy/synthetic_skull.toml). Throws
/// InputError for a dimension that is not that of a skull.
SyntheticBody make_skull(const SyntheticPerson& person, const Dimensions& dimensions);

} // namespace calcar::anatomy
