#pragma once

#include "anatomy/synthetic_bone.hpp"
#include "geometry/solid.hpp"

namespace calcar::anatomy
{

/**
 * The synthetic humerus in its own coordinates: x medial, y anterior, z proximal, origin the head
 * centre. The midpoint of the epicondyles lies on the z axis and both of them in the plane y = 0,
 * so that the axes are those of the frame by construction.
 */
struct HumerusBody
{
  double scale = 1;        ///< head radius / 24 mm
  double head_radius = 0;  ///< mm
  double shaft_radius = 0; ///< mm, at the isthmus
  double length = 0;       ///< mm, top of the head to the lip of the trochlea along z
  double retroversion = 0; ///< radians
  Vec3 head_axis;          ///< unit, from the anatomical neck towards the joint
  Vec3 shaft_proximal;     ///< unit, along the shaft
  double elbow_z = 0;      ///< level of the epicondyles
  double bottom_z = 0;     ///< the most distal point
  double isthmus_z = 0;
  double deltoid_z = 0;
  double surgical_neck_z = 0;
  Vec3 greater_centre, greater_radii; ///< greater tubercle
  Vec3 lesser_base, lesser_tip;       ///< lesser tubercle; its tip on the surface
  Vec3 medial_epicondyle, lateral_epicondyle;
  Vec3 capitellum; ///< its centre
  Vec3 trochlea;   ///< centre of its medial lip
  Vec3 fossa;      ///< middle of the olecranon fossa
};

/// Throws InputError for a dimension that is not that of a humerus.
HumerusBody humerus_body(const Dimensions& dimensions);

/// The outer surface.
geometry::Solid humerus_surface(const HumerusBody& body);

/// Centre of the shaft at a level.
Vec3 shaft_centre(const HumerusBody& body, double z);

/// Radius of the circle with the area of the shaft's section at a level, without the deltoid
/// tuberosity.
double shaft_radius(const HumerusBody& body, double z);

/// How far the deltoid tuberosity stands out at a level, mm.
double deltoid_height(const HumerusBody& body, double z);

/// Thickness of the cortex near a point; density below it at a point (see SyntheticBody).
double humerus_cortex(const HumerusBody& body, const Dimensions& dimensions, Vec3 p);
double humerus_inner_density(const HumerusBody& body, const Dimensions& dimensions, Vec3 p);

/// True in the cartilage of a child's growth plates, `thickness` mm thick.
bool in_growth_plate(const HumerusBody& body, double thickness, Vec3 p);

} // namespace calcar::anatomy
