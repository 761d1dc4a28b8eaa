#pragma once

#include "anatomy/synthetic_femur.hpp"

#include <map>
#include <string>

namespace calcar::anatomy
{

/// What a synthetic femur is made of.
struct FemurTissue
{
  double cortical_g_cm3 = 0;
  double trabecular_g_cm3 = 0;
  double marrow_g_cm3 = 0;
  double cortex_thin_mm = 0;   ///< of head, upper neck, trochanters and condyles
  double cortex_calcar_mm = 0; ///< of the neck's medial side
};

/// That of materials/anatomy/synthetic_femur.toml.
FemurTissue standard_femur_tissue();

/**
 * The synthetic femur in its own coordinates: x medial, y anterior, z proximal, origin P1 where the
 * axes of neck and shaft meet; z runs from the notch to P1 and x along the posterior condyle line,
 * so that the axes are those of the frame by construction.
 */
struct FemurBody
{
  FemurShape shape;
  FemurTissue tissue;
  double scale = 1;    ///< head radius / 24 mm
  double notch_z = 0;  ///< the roof of the notch, mm (negative)
  double top_z = 0;    ///< the most proximal point
  double bottom_z = 0; ///< the most distal point
  double isthmus_z = 0;
  Vec3 head;              ///< centre
  Vec3 neck_axis;         ///< unit, from P1 to the head
  Vec3 neck_up;           ///< unit, perpendicular to it, in the plane of neck and shaft, proximal
  double neck_length = 0; ///< P1 to the head centre
  double waist = 0;       ///< distance of the narrowest section from P1
  Vec3 greater_centre, greater_radii;
  Vec3 lesser_base, lesser_tip;
};

FemurBody femur_body(const FemurShape& shape, const FemurTissue& tissue = standard_femur_tissue());

/// Signed distance to the outer surface (a bound, right to first order near it), mm, negative
/// inside.
double distance(const FemurBody& body, Vec3 p);

/// How far the shaft's centre lies in front of the line from notch to P1.
double bow(const FemurBody& body, double z);
/// Its slope dy/dz.
double bow_slope(const FemurBody& body, double z);
/// Outer radius of the shaft.
double shaft_radius(const FemurBody& body, double z);

/// The landmarks in the body's coordinates.
std::map<std::string, Vec3> body_landmarks(const FemurBody& body);

/// Density at a point inside the bone, g/cm^3; `depth` is the distance below the outer surface.
double density_inside(const FemurBody& body, Vec3 p, double depth);

/**
 * True in the growth plates of a child's femur, slabs of this thickness: below the head across the
 * neck's axis, below the tip of the greater trochanter, and above the condyles across the shaft.
 */
bool in_growth_plate(const FemurBody& body, Vec3 p, double thickness_mm);

/// Thickness of the cortex near a point, mm.
double cortex_thickness(const FemurBody& body, Vec3 p);

} // namespace calcar::anatomy
