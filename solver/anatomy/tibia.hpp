#pragma once

#include "anatomy/find_anatomy.hpp"
#include "anatomy/synthetic_bone.hpp"

namespace calcar::anatomy
{

/**
 * The tibia's anatomy; see `find_anatomy`. Whole, proximal (plateau and some shaft) or distal.
 *
 * Landmarks: medial_plateau_centre and lateral_plateau_centre (centroids of the two articular
 * surfaces, on them), intercondylar_eminence (its highest point), knee_centre (midpoint of the
 * plateau centres), medial_condyle and lateral_condyle (the most medial and lateral points of the
 * plateau's edge), tibial_tuberosity (its most anterior point), isthmus (centre of the thinnest
 * part of the shaft), midshaft_centre (shaft centre at half the length), medial_malleolus (its most
 * distal point), ankle_centre (centroid of the plafond, on it).
 *
 * Frame, after ISB (Wu et al. 2002, J Biomech 35:543) as far as a tibia without its fibula allows:
 * origin knee_centre; proximal from ankle_centre to knee_centre, of a proximal part along the
 * shaft's axis; medial from lateral_condyle to medial_condyle made perpendicular. Of a distal part:
 * origin ankle_centre, proximal along the shaft's axis, medial from ankle_centre to the malleolus
 * turned back by the population's torsion.
 */
BoneAnatomy find_tibia(const image::Mask& mask, const AnatomyOptions& options);

/// The synthetic tibia of these dimensions (materials/anatomy/synthetic_tibia.toml). Throws
/// InputError for a dimension that is not that of a tibia.
SyntheticBody make_tibia(const SyntheticPerson& person, const Dimensions& dimensions);

} // namespace calcar::anatomy
