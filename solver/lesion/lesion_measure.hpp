#pragma once

#include "anatomy/region.hpp"
#include "lesion/lesion.hpp"

namespace calcar::lesion
{

/**
 * A lesion as measured in the bone. What counts as cortex, and from which share of its thickness a
 * lesion involves it, stands in materials/lesions/cortex.toml.
 */
struct LesionMeasures
{
  double volume_mm3 = 0;    ///< inside the bone, margins by their fraction
  double share_of_bone = 0; ///< of the mask's volume
  double largest_diameter_mm = 0;
  bool touches_cortex = false;
  double remaining_cortex_mm = 0; ///< the least thickness left where the cortex is involved
  double axial_mm = 0; ///< longest run along the bone's axis over which the cortex is involved
  /// Of femur, tibia and humerus, on sections across the local axis:
  std::optional<double> axial_share;           ///< axial_mm over the length of bone in the image
  std::optional<double> circumferential_share; ///< of the cortex's girth, at the worst level
  std::map<std::string, double> landmark_mm;   ///< nearest point of the lesion to each landmark
  anatomy::Location centre;                    ///< nearest region, in words
};

/**
 * Measures a lesion. The cortex is that of `ground.density`: of a lesion that the CT shows it is
 * measured on the filled twin, where the cortex is whole.
 *
 * Volume and extent from sub-points of the mask's voxels; the cortex of limb bones along 120 rays
 * from the centroid of sections each millimetre, of other bones inwards from the surface's voxels,
 * where axial and circumferential involvement have no meaning.
 */
LesionMeasures measure(const PlacedLesion& placed, const Ground& ground);

/**
 * Throws InputError (data) for a lesion no part of which lies in the bone, and for one whose
 * outline holds more than the whole bone.
 */
void require_in_bone(const PlacedLesion& placed, const Ground& ground);

} // namespace calcar::lesion
