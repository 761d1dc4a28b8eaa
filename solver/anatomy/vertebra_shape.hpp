#pragma once

#include "anatomy/synthetic_bone.hpp"

#include <functional>
#include <optional>

namespace calcar::anatomy
{

/// A straight process with an elliptic section: half-axes along `up` and across it, at both ends.
struct Strut
{
  Vec3 from, to;
  Vec3 up; ///< unit, perpendicular to the line from..to
  double up_from = 0, up_to = 0;
  double across_from = 0, across_to = 0;
  double waist = 0; ///< how much narrower than its ends it is half way, as a fraction
};

/// The joints with the vertebra below: its right superior joint surface, and the distance to its
/// surface, in the coordinates of the vertebra above.
struct JointBelow
{
  Vec3 facet;
  Vec3 normal;
  double radius = 0;
  std::function<double(Vec3)> distance;
};

/**
 * The synthetic vertebra in the coordinates it is built in: x right, y anterior, z cranial, origin
 * in the middle of the vertebral body; symmetric in x, paired parts given for x > 0. Lengths in mm.
 */
struct VertebraShape
{
  Dimensions of;     ///< by the names of synthetic_vertebra.toml, at this level; angles in degrees
  double height = 0; ///< of the vertebral body in its middle, rim to rim
  double superior_half_width = 0, superior_half_depth = 0; ///< of the endplates
  double inferior_half_width = 0, inferior_half_depth = 0;
  double half_wedge = 0;      ///< of each rim in front above its middle
  double endplate_hollow = 0; ///< depth of the endplates below their rims
  double wall_hollow = 0;     ///< depth of the posterior wall's hollow
  double waist = 0;           ///< how much narrower the body is at mid-height, as a fraction
  double canal_half_width = 0, canal_half_depth = 0;
  double half_depth = 0;     ///< at mid-height
  double posterior_wall = 0; ///< y of it at mid-height in the midline
  Vec3 canal;                ///< middle of the canal, at the height of the pedicles
  Strut pedicle, pillar_up, pillar_down, lamina, transverse, spinous;
  Vec3 superior_facet, inferior_facet; ///< middles of the joint surfaces, as designed
  Vec3 superior_normal, inferior_normal;
  double superior_radius = 0, inferior_radius = 0; ///< of the joint surfaces
  std::function<double(Vec3)> below;               ///< distance to the vertebra below; empty: none
};

/// Builds the shape from dimensions of this level; see `at_level`. Without `below` its inferior
/// joints are those with another of its kind; with it they meet that vertebra's, and nothing comes
/// nearer to it than the gap of the joint. Throws InputError (command) for dimensions that are not
/// those of a vertebra.
VertebraShape vertebra_shape(const Dimensions& at_level,
                             const std::optional<JointBelow>& below = {});

/// Signed distance to the vertebra's surface, mm, negative inside; right to first order near it.
double distance(const VertebraShape& shape, Vec3 p);

/// The same of the vertebral body alone, without the posterior elements.
double body_distance(const VertebraShape& shape, Vec3 p);

/// The same of the posterior elements alone.
double posterior_distance(const VertebraShape& shape, Vec3 p);

/// Height of the superior (+1) or inferior (-1) endplate over (x, y), before its rim is rounded.
double endplate_z(const VertebraShape& shape, double x, double y, double side);

/// The plane of the superior (+1) or inferior (-1) rim in the midline: how much it rises towards
/// the front, rad.
double rim_slope(const VertebraShape& shape, double side);

/// How far out a point lies in its section of the vertebral body: 0 in the middle, 1 on the wall.
double eccentricity(const VertebraShape& shape, Vec3 p);

} // namespace calcar::anatomy
