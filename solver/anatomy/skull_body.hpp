#pragma once

#include "anatomy/synthetic_bone.hpp"

#include <map>
#include <string>

namespace calcar::anatomy
{

/// The dimensions in materials/anatomy/synthetic_skull.toml, in its order.
struct SkullSizes
{
  double length_mm = 0;
  double width_mm = 0;
  double height_mm = 0;
  double base_depth_mm = 0;
  double frontal_ratio = 0;
  double flat_ratio = 0;
  double thickness_bregma_mm = 0;
  double thickness_frontal_mm = 0;
  double thickness_occipital_mm = 0;
  double thickness_parietal_mm = 0;
  double thickness_temporal_mm = 0;
  double thickness_base_mm = 0;
  double foramen_radius_mm = 0;
  double suture_mm = 0;
  double cortex_outer_mm = 0;
  double cortex_inner_mm = 0;
  double cortical_density_g_cm3 = 0;
  double trabecular_density_g_cm3 = 0;
};

/**
 * The synthetic cranial vault: an ellipsoid narrower in front than behind and flattened at the
 * back, closed below by a thin base with the foramen magnum (so that the cavity stays open to the
 * outside: what fills closed cavities leaves it alone, and supports find a base to hold), hollowed
 * by a thickness that varies with place. Raw coordinates: x right, y anterior, z superior, from the
 * middle of the ellipsoid it is made of; the frame's own are turned and moved to the ellipsoid
 * fitted to the outer surface.
 */
struct SkullBody
{
  SkullSizes d;
  bool child = false;
  Vec3 centre;                ///< of the fitted ellipsoid in raw coordinates
  Mat3 to_frame = identity(); ///< turns raw coordinates into the frame's
  Vec3 fitted_radii;

  Vec3 raw(Vec3 p) const { return centre + transpose(to_frame) * p; }
  Vec3 framed(Vec3 p) const { return to_frame * (p - centre); }
};

SkullBody skull_body(const SyntheticPerson& person, const Dimensions& dimensions);

/// Distances in the frame's coordinates, mm, right to first order near the surface: to the bone
/// (negative in it) and to the outer surface (negative inside the head).
double distance(const SkullBody& body, Vec3 p);
double outer_distance(const SkullBody& body, Vec3 p);

/// Thickness of the bone, and of the table that a point is in or nearest to.
double bone_thickness(const SkullBody& body, Vec3 p);
double cortex_thickness(const SkullBody& body, Vec3 p);
double density_inside(const SkullBody& body, Vec3 p, double depth);

/// Open sutures of a child: coronal, sagittal, lambdoid.
bool in_suture(const SkullBody& body, Vec3 p);

/// The point of the outer surface of the vault in a direction from the centre.
Vec3 outer_point(const SkullBody& body, Vec3 direction);

std::map<std::string, Vec3> body_landmarks(const SkullBody& body);

} // namespace calcar::anatomy
