#pragma once

#include "anatomy/find_anatomy.hpp"
#include "anatomy/synthetic_bone.hpp"

namespace calcar::anatomy
{

/**
 * A hip bone's (hemipelvis) anatomy; see `find_anatomy`. Whole, or the lower part with acetabulum
 * and ischium, or with a piece of the ilium cut off.
 *
 * Landmarks: acetabulum_centre (of the sphere fitted to the lunate surface), anterior_ and
 * posterior_superior_iliac_spine, anterior_inferior_iliac_spine (their most prominent points),
 * iliac_crest (its most superior point), sacroiliac_joint (centroid of the auricular surface),
 * pubic_symphysis (centroid of the symphyseal face), pubic_tubercle, ischial_tuberosity (most
 * inferior point), supraacetabular (bone 10 mm above the roof of the acetabulum).
 *
 * Frame after ISB (Wu et al. 2002, J Biomech 35:543), the other side being the mirror image across
 * the midplane through the symphysis: origin acetabulum_centre; medial towards the midplane, along
 * the line of both anterior superior spines; anterior in the plane of the anterior superior spines
 * and the midpoint of the posterior ones; superior (`proximal`) perpendicular.
 */
BoneAnatomy find_pelvis(const image::Mask& mask, const AnatomyOptions& options);

/// The synthetic pelvis of these dimensions (materials/anatomy/synthetic_pelvis.toml). Throws
/// InputError for a dimension that is not that of a pelvis.
SyntheticBody make_pelvis(const SyntheticPerson& person, const Dimensions& dimensions);

} // namespace calcar::anatomy
