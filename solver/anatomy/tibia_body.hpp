#pragma once

#include "anatomy/synthetic_bone.hpp"
#include "geometry/solid.hpp"

namespace calcar::anatomy
{

/**
 * The synthetic tibia in its own coordinates: x medial, y anterior, z proximal, origin midway
 * between the centres of the plateaus. The centre of the plafond lies on the z axis and the line
 * between the condyles along x, so that the axes are those of the frame by construction.
 */
struct TibiaBody
{
  double scale = 1;        ///< plateau width / 75 mm
  double width = 0;        ///< mm, between the condyles' outermost points
  double shaft_radius = 0; ///< mm, at the isthmus
  double ankle_z = 0;      ///< level of the plafond's centre
  double isthmus_z = 0;
  double top_z = 0;    ///< tip of the eminence
  double bottom_z = 0; ///< tip of the malleolus
  double length = 0;   ///< mm, between these two
  double slope = 0;    ///< of the plateau to the back, radians
  double torsion = 0;  ///< of the malleolus against the knee, outwards, radians
  double foot_turn =
      0; ///< by which the ankle is turned for that: its malleolus lies before its middle
  double plafond_tilt = 0;                      ///< its front edge above the one behind, radians
  double medial_radius = 0, lateral_radius = 0; ///< of the condyles' outlines
  Vec3 medial_condyle, lateral_condyle;         ///< centres of these outlines at their widest level
  Vec3 plateau_normal;
  Vec3 medial_plateau, lateral_plateau; ///< centres of the joint surfaces, on them
  Vec3 eminence;                        ///< tip
  Vec3 tuberosity;                      ///< most anterior point
  Vec3 malleolus;                       ///< tip
};

/// Throws InputError for a dimension that is not that of a tibia.
TibiaBody tibia_body(const Dimensions& dimensions);

/// The outer surface.
geometry::Solid tibia_surface(const TibiaBody& body);

/// Centre of the shaft at a level and its mean radius.
Vec3 shaft_centre(const TibiaBody& body, double z);
double shaft_radius(const TibiaBody& body, double z);

/// Thickness of the cortex near a point; density below it at a point (see SyntheticBody).
double tibia_cortex(const TibiaBody& body, const Dimensions& dimensions, Vec3 p);
double tibia_inner_density(const TibiaBody& body, const Dimensions& dimensions, Vec3 p);

/// True in the cartilage of a child's growth plates, `thickness` mm thick.
bool in_growth_plate(const TibiaBody& body, double thickness, Vec3 p);

} // namespace calcar::anatomy
