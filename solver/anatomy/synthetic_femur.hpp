#pragma once

#include "anatomy/synthetic_bone.hpp"

namespace calcar::anatomy
{

/// A femur to be made. Take `standard_femur(side)` and change what should differ.
struct FemurShape
{
  Side side = Side::left;
  double length_mm =
      0; ///< top of head or greater trochanter to the condyles, along the proximal axis
  double head_radius_mm = 0;       ///< also scales the neck, the trochanters and the condyles
  double neck_shaft_angle_deg = 0; ///< between the neck axis and the proximal shaft
  double version_deg = 0;          ///< anteversion of the neck against the posterior condyle line
  double shaft_radius_mm = 0;      ///< outer radius at the isthmus
  double bow_radius_mm = 0;        ///< radius of the anterior bow
  double cortex_midshaft_mm = 0; ///< thickness of the cortex; the rest of the shaft's in proportion
  double density_level = 1;      ///< factor on trabecular density: below 1 osteoporotic
  double voxel_mm = 1;
  double proximal_mm = 0;     ///< length kept from the proximal end; 0: the whole bone
  Mat3 rotation = identity(); ///< of the bone in the scanner; identity: anatomical position in LPS
  Vec3 head_centre;           ///< where the head lies, LPS mm
  ScanOutput output = ScanOutput::density;
};

/// The femur of materials/anatomy/synthetic_femur.toml, whole, 1 mm voxels.
FemurShape standard_femur(Side side);

/// A synthetic scan and what is true of it.
struct SyntheticFemur
{
  image::Volume volume;   ///< soft tissue around the bone
  image::LabelMap labels; ///< femur 1
  BoneAnatomy
      truth; ///< exact frame, landmarks and measures, by the definitions of `landmark_names`
};

/**
 * Makes the scan from smooth implicit shapes: a spherical head, a waisted elliptical neck, both
 * trochanters, a bowed shaft, condyles with a notch; cortex of varying thickness, the principal
 * compressive and tensile groups of trabeculae, Ward's triangle, marrow in the shaft. Voxels on a
 * boundary hold the mean of 2 x 2 x 2 sub-points. Deterministic. Throws InputError when a dimension
 * is not that of a femur.
 */
SyntheticFemur make_femur(const FemurShape& shape);

/// The synthetic femur of these dimensions (materials/anatomy/synthetic_femur.toml); a child's has
/// growth plates below the head, below the greater trochanter and above the condyles. Throws
/// InputError for a dimension that is not that of a femur.
SyntheticBody make_femur_bone(const SyntheticPerson& person, const Dimensions& dimensions);

} // namespace calcar::anatomy
