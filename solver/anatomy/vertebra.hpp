#pragma once

#include "anatomy/find_anatomy.hpp"
#include "anatomy/synthetic_bone.hpp"

namespace calcar::anatomy
{

/**
 * A vertebra's anatomy; see `find_anatomy`. With posterior elements or the body alone.
 *
 * Landmarks: body_centre (centroid of the body), superior_endplate_centre, inferior_endplate_centre
 * (centroids of the endplates, on them), anterior_wall and posterior_wall (of the body at mid
 * height, in the midline), canal_centre (centroid of the hole seen along the cranial axis, at the
 * height of the pedicles), left_ and right_pedicle_centre (centroids of their narrowest sections,
 * both at one depth), left_ and right_superior_facet and inferior_facet (centroids of the joint
 * surfaces), left_ and right_transverse_process, spinous_process (their tips: the mean of the last
 * 2 mm, seen from the centre of pedicle and canal).
 *
 * Frame after ISB (Wu et al. 2002, J Biomech 35:543): origin body_centre; cranial (`proximal`) from
 * the inferior to the superior endplate centre; right (`medial`) along the line of the pedicle
 * centres made perpendicular; side is Side::midline. A vertebral body alone is symmetric front to
 * back but for its concave posterior wall: where that does not tell, the image's directions do, and
 * of a specimen it is refused.
 */
BoneAnatomy find_vertebra(const image::Mask& mask, const AnatomyOptions& options);

/// The synthetic vertebra of these dimensions (materials/anatomy/synthetic_vertebra.toml). Throws
/// InputError for a dimension that is not that of a vertebra.
SyntheticBody make_vertebra(const SyntheticPerson& person, const Dimensions& dimensions);

} // namespace calcar::anatomy
