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
 * iliac_crest (the middle of its top 5 mm: the mean of its surface, each place weighted by how far
 * it rises above the level 5 mm below the most superior point, which along the flat arc is not
 * sharp), sacroiliac_joint (centroid of the auricular surface), pubic_symphysis (centroid of the
 * symphyseal face), pubic_tubercle, ischial_tuberosity (most inferior point), supraacetabular (bone
 * 10 mm above the roof of the acetabulum).
 *
 * Frame after ISB (Wu et al. 2002, J Biomech 35:543), the other side being the mirror image across
 * the midplane through the symphysis: origin acetabulum_centre; medial towards the midplane, along
 * the line of both anterior superior spines; anterior in the plane of the anterior superior spines
 * and the midpoint of the posterior ones; superior (`proximal`) perpendicular.
 *
 * Measure obturator_ring_closed: 1, or 0 when the ring of pubis and ischium is open in the mask,
 * because the image ends in it or bone is missing; the warning "ring_open" then names the parts not
 * seen and the bone is not whole. Rigs may demand it, since an open ring bears loads otherwise.
 */
BoneAnatomy find_pelvis(const image::Mask& mask, const AnatomyOptions& options);

/// The synthetic pelvis of these dimensions (materials/anatomy/synthetic_pelvis.toml). Its box is
/// that of the hip bone: of sacrum and other hip bone a scan shows what lies beside it, as
/// surroundings only. Neither is ever part of the model, where the joints are springs on the hip
/// bone, so that more of them would cost voxels and change nothing. Throws InputError for a
/// dimension that is not that of a pelvis.
SyntheticBody make_pelvis(const SyntheticPerson& person, const Dimensions& dimensions);

} // namespace calcar::anatomy
