#pragma once

#include "base/vec3.hpp"

#include <array>
#include <cstddef>
#include <string>
#include <vector>

namespace calcar::geometry
{

using AxisNames = std::array<const char*, 3>;

/**
 * The rigid motions that constraints leave to a body: a small rotation w about `centre` and a
 * translation t move point x by t + w x (x - centre). Each constraint forbids the motion of one
 * point in one direction. A motion is the six numbers (t, w size): rotations are measured at the
 * distance `size`, so that all components are lengths.
 */
class RigidMotion
{
public:
  using Row = std::array<double, 6>;

  RigidMotion(Vec3 centre, double size) : centre_(centre), size_(size) {}

  /// The point may not move along the direction (any length but zero).
  void forbid(Vec3 point, Vec3 direction);

  /// The point may not move at all.
  void hold(Vec3 point);

  /// True when nothing is left.
  bool is_held() const { return count_ == 6; }

  /// How far a motion m moves the point along a unit vector: the dot product of m and the result.
  Row along(Vec3 point, Vec3 unit) const;

  /// Orthonormal motions that span what is left.
  std::vector<Row> free_basis() const;

  /// The motions left, in words by the names of the axes: "translation along y", "rotation about
  /// x"; empty when none is.
  std::vector<std::string> free_motions(const AxisNames& axes = {"x", "y", "z"}) const;

private:
  /// The part of a motion that no constraint forbids so far.
  Row free_part(Row row) const;

  Vec3 centre_;
  double size_;
  std::array<Row, 6> held_{}; ///< the first `count_` are orthonormal
  std::size_t count_ = 0;
};

/// A constraint whose part beyond earlier ones is smaller than this share of it repeats them:
/// rounding leaves 1e-15, one element of a body of 10^4 across leaves 1e-4.
constexpr double repeats = 1e-7;

} // namespace calcar::geometry
