#pragma once

#include "image/volume.hpp"

#include <string>
#include <vector>

namespace calcar::image
{

/// A motion without any change of form: q = turn p + shift, LPS mm.
struct RigidMotion
{
  Mat3 turn = identity();
  Vec3 shift;

  Vec3 operator()(Vec3 point) const { return turn * point + shift; }
};

RigidMotion inverse(const RigidMotion& motion);

/// How far two motions carry the points of a mask apart, mm: root of the mean square, and the most.
struct MotionDifference
{
  double rms_mm = 0;
  double most_mm = 0;
};
MotionDifference difference(const RigidMotion& a, const RigidMotion& b, const Mask& where);

/// Angle of a motion's turn, degrees.
double turn_deg(const RigidMotion& motion);

/// One scan laid on another.
struct Registration
{
  RigidMotion motion;            ///< from places in the fixed scan to places in the moving one
  double correlation = 0;        ///< Pearson's, of both scans where they were compared
  double mutual_information = 0; ///< Mattes et al., nat
  double inside = 0;             ///< share of the places compared that the moving scan shows
  std::size_t start = 0;         ///< the start that led to it
  std::size_t agreeing = 0;      ///< starts that ended within `agree_mm` of it, itself counted
  static constexpr double agree_mm = 2;
};

/**
 * The rigid motion that lays the places `where` of a scan on another scan of the same body: the
 * most mutual information (Mattes et al. 2003, IEEE Trans Med Imaging 22:120,
 * doi 10.1109/TMI.2003.809072; ITK), which a scanner's other scale does not disturb, by steps of
 * gradient descent on voxels of 2.5 mm from each start, then from the best end on the scans' own.
 * Places are taken on a regular lattice of at most 40 000 points: the result depends on nothing but
 * the input.
 *
 * Both scans are in one unit. Throws InputError (data) at `place` when `where` has fewer than 1000
 * voxels, or when no start lays the scans on each other.
 */
Registration register_rigid(const Volume& fixed, const Mask& where, const Volume& moving,
                            const std::vector<RigidMotion>& starts, const std::string& place);

/// A scan on another grid, at the places where a motion carries the grid's; `outside` where the
/// scan shows nothing. Linear.
Volume moved_onto(const Grid& grid, const Volume& scan, const RigidMotion& motion, float outside);

} // namespace calcar::image
