#pragma once

#include "model/voxel_body.hpp"

#include <array>
#include <cstddef>
#include <string>
#include <vector>

namespace calcar::model
{

/**
 * Inertia relief: a body that nothing holds is moved by its forces F with the moment M about its
 * mass centre c as a rigid body, and its inertia
 *
 *   f_i = -m_i (a + alpha x (x_i - c)),   sum m_i a = F,   J alpha = M,   J = sum m_i (r^2 1 - r
 * r^T)
 *
 * balances them. The density is taken as uniform, m_i is the volume around a node: what the forces
 * of an activity leave over stands for muscles, ligaments and the weight of a limb that nobody has
 * told, not for a motion of the bone alone; and so the body forces are the same in all variants of
 * a bone (healthy twin, with lesions), which are compared under one load.
 */
std::vector<Vec3> inertia_forces(Vec3 force, Vec3 moment_about_origin,
                                 const std::vector<Vec3>& points,
                                 const std::vector<double>& masses);

/// A component of a point.
struct Pin
{
  std::size_t point = 0;
  int axis = 0; ///< 0 = x, 1 = y, 2 = z
};

/**
 * Six components that keep a body in its place and bear nothing where its forces are balanced: all
 * three of one point, two of another far from it, one of a third far from the line through both.
 * `may_be_held` leaves points out where it is not empty. Throws std::invalid_argument when the
 * points lie on a line.
 */
std::array<Pin, 6> statically_determinate(const std::vector<Vec3>& points,
                                          const std::vector<std::uint8_t>& may_be_held = {});

/// Takes the mean motion out of displacements: translation and rotation with the least mass times
/// square, so that what is left does not depend on which points were held.
void remove_mean_motion(const std::vector<Vec3>& points, const std::vector<double>& masses,
                        std::vector<Vec3>& displacement);

/// The name of these pins among the supports.
inline const std::string in_place = "in place (balanced by inertia)";

/// The nodes of a body, ascending by k, j, i, with the share of its volume around each.
struct MassPoints
{
  std::vector<NodeIndex> nodes;
  std::vector<Vec3> points;   ///< from the centre of voxel (0, 0, 0) along the grid's axes, mm
  std::vector<double> masses; ///< mm^3
};
MassPoints mass_points(const VoxelBody& body);

/// The pins of a voxel body.
VoxelSupports hold_in_place(const VoxelBody& body);

/// The inertia that balances nodal forces on a body.
std::vector<NodalForce> inertia_of(const MassPoints& body, const image::Grid& grid,
                                   const std::vector<NodalForce>& forces);

} // namespace calcar::model
