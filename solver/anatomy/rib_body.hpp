#pragma once

#include "anatomy/rib_curve.hpp"
#include "anatomy/synthetic_bone.hpp"

#include <map>
#include <string>
#include <vector>

namespace calcar::anatomy
{

/// The dimensions in materials/anatomy/synthetic_rib.toml, in its order, of a rib of some level.
struct RibSizes
{
  double length_mm = 0;
  double chord_mm = 0;
  double angle_from_head_mm = 0;
  double turn_at_angle_ratio = 0;
  double rise_mm = 0;
  double twist_deg = 0;
  double height_mm = 0;
  double thickness_mm = 0;
  double taper_ratio = 0;
  double flare_ratio = 0;
  double neck_height_mm = 0;
  double head_radius_mm = 0;
  double tubercle_from_head_mm = 0;
  double tubercle_height_mm = 0;
  double groove_depth_mm = 0;
  double cortex_pleural_mm = 0;
  double cortex_cutaneous_mm = 0;
  double cortex_ends_mm = 0;
  double cortical_density_g_cm3 = 0;
  double trabecular_density_g_cm3 = 0;
};

/// Of a level, from those of the seventh rib by the ratios in rib_population.toml. Throws
/// InputError for an unknown level and for a dimension that is not that of a rib.
RibSizes rib_sizes(const Dimensions& given, const std::string& level);

/// A section of the synthetic rib, perpendicular to its centre line.
struct RibSection
{
  Vec3 centre;
  Vec3 along;            ///< unit, from dorsal to ventral
  Vec3 outward;          ///< unit, along the short axis, to the convex side
  Vec3 upward;           ///< unit, along the long axis, superior
  double half_thick = 0; ///< semi-axes, mm
  double half_high = 0;
};

/**
 * The synthetic rib in its own frame's coordinates: x medial, y anterior, z superior, mm, origin
 * half way along the centre line. A sweep of ovals along an arch whose length and chord are given:
 * straight in the neck, sharply bent at the angle, then ever less; out of its plane like a letter S
 * lying on its side, and twisted. An ellipsoid for the head, a ball for the tubercle, a groove
 * below on the inside.
 */
struct RibBody
{
  RibSizes d;
  RibCurve curve;                   ///< dorsal to ventral
  std::vector<RibSection> sections; ///< at the curve's points
  Vec3 head_centre, head_radii;     ///< radii along, outward, upward of the section there
  RibSection at_head;
  Vec3 tubercle_centre, tubercle_tip;
  double tubercle_along = 0; ///< on the centre line; 0: this rib has none
  bool child = false;
};

RibBody rib_body(const SyntheticPerson& person, const Dimensions& dimensions);

/// Distance to the outer surface, mm, negative inside; right to first order near it.
double distance(const RibBody& body, Vec3 p);

/// Density at a point inside, g/cm^3; `depth` is the distance below the surface.
double density_inside(const RibBody& body, Vec3 p, double depth);
double cortex_thickness(const RibBody& body, Vec3 p);
bool in_growth_plate(const RibBody& body, Vec3 p);

/// The landmarks in the body's coordinates.
std::map<std::string, Vec3> body_landmarks(const RibBody& body);

} // namespace calcar::anatomy
