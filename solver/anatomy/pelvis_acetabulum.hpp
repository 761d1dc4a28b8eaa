#pragma once

#include "anatomy/bone_shape.hpp"

#include <vector>

namespace calcar::anatomy
{

/// A part of a sphere on a concave surface: what may be the acetabulum.
struct ConcaveSphere
{
  Vec3 centre;
  double radius = 0;
  double rms = 0;      ///< distance of its surface points from the sphere, mm
  double coverage = 0; ///< share of all directions in which the bone's surface is the sphere
  Vec3 opening;        ///< unit, away from the middle of the surface
};

/**
 * Spheres of 9 to 40 mm radius that lie hollow in the bone, the most covered first, at most
 * `most`. Where many normals of the surface cross in front of it there may be a centre; the points
 * around it whose normal points there give the sphere by least squares, those that are deeper (the
 * fossa) or nearer (the rim) left aside.
 */
std::vector<ConcaveSphere> concave_spheres(const BoneShape& shape, std::size_t most);

/// The rim of a cup.
struct CupRim
{
  Vec3 axis;       ///< unit normal of its plane, out of the cup
  double seen = 0; ///< share of the girth on which the rim was met within the plane's neighbourhood
};

/// The plane of the rim: on every meridian the rim is where bone behind the sphere ends; the
/// plane through these points is fitted so that the notch and osteophytes weigh little.
CupRim cup_rim(const BoneShape& shape, const ConcaveSphere& cup);

} // namespace calcar::anatomy
