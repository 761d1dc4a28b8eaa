#pragma once

#include "anatomy/bone_shape.hpp"

#include <array>
#include <optional>
#include <vector>

namespace calcar::anatomy
{

/// Evenly spread unit vectors (Fibonacci spiral).
std::vector<Vec3> even_directions(int count);

/// A grid of votes for the centres of spheres, its points `cell_mm` apart around a surface.
struct VoteGrid
{
  Vec3 low;
  double cell_mm = 4;
  std::array<int, 3> size = {0, 0, 0};
  std::vector<float> count;

  std::size_t at(int i, int j, int k) const
  {
    return static_cast<std::size_t>((k * size[1] + j) * size[0] + i);
  }
  Vec3 point(int i, int j, int k) const { return low + cell_mm * Vec3{1.0 * i, 1.0 * j, 1.0 * k}; }
};

/// Around the surface, which must not be empty, and so much beyond it.
VoteGrid empty_votes(const std::vector<SurfacePoint>& surface, double cell_mm,
                     double margin_mm = 0);

/// Shares a vote of this weight among the eight points around a place; none outside the grid.
void vote(VoteGrid& votes, Vec3 place, double weight);

/// Gives a vote of this weight to the nearest point; none outside the grid.
void vote_nearest(VoteGrid& votes, Vec3 place, double weight);

/// Each point's votes replaced by the sum of its own and those of its 26 neighbours: the normals of
/// voxels waver.
VoteGrid spread(const VoteGrid& votes);

/// The points with most votes, at most `most`, each at least `apart_mm` from those before it.
struct VotedPlace
{
  Vec3 centre;
  double votes = 0;
};
std::vector<VotedPlace> most_voted(const VoteGrid& votes, std::size_t most, double apart_mm);

/// Which points of a surface may belong to a sphere.
struct SphereSearch
{
  double smallest_mm = 0; ///< radius
  double largest_mm = 0;
  double finest_mm = 1.5; ///< distance from the sphere to which points are taken in the end
  double facing = 0.82;   ///< least cosine between a normal and the sphere's
  bool hollow = false;    ///< the surface is hollow (a cup) and not a ball
  int net = 240;          ///< directions in which it is asked whether the sphere is the surface
};

/// A sphere that fits part of a surface.
struct SphereOnBone
{
  Vec3 centre;
  double radius = 0;
  double rms = 0;            ///< distance of its surface points from the sphere, mm
  double coverage = 0;       ///< share of the net in which the bone's surface is the sphere
  std::vector<Vec3> covered; ///< the directions of the net in which it is
  std::vector<Vec3> open;    ///< those in which it is not
};

/**
 * Fits a sphere by least squares to the points near it whose normal fits, again and again while the
 * distance within which points are taken shrinks from 5 mm to `finest_mm`. Nothing when fewer than
 * 30 points are left or the radius leaves its bounds. Both the balls (heads of femur and humerus)
 * and the cup of the pelvis are found by votes along their normals and refined here.
 */
std::optional<SphereOnBone> refine_sphere(const std::vector<SurfacePoint>& surface, Vec3 centre,
                                          double radius, const SphereSearch& search);

/// The edge of what is seen of a sphere, fitted by a plane.
struct EdgePlane
{
  Vec3 axis;       ///< unit normal, near the axis it started from
  double seen = 0; ///< share of the edge's points in the plane's neighbourhood
};

/**
 * The plane through directions from a sphere's centre to its edge, by least squares with Cauchy
 * weights (width 0.12 radii): places where something else stands at the edge weigh little. `axis`
 * is the plane's normal so far.
 */
EdgePlane plane_of_edge(const std::vector<Vec3>& edge, Vec3 axis);

} // namespace calcar::anatomy
