#pragma once

#include "base/vec3.hpp"

#include <array>
#include <string>
#include <vector>

namespace calcar::voxel
{

/**
 * The rigid motions that constraints leave to a body: a small rotation w about `centre` and a
 * translation t move point x by t + w x (x - centre). Each constraint forbids the motion of one
 * point in one direction. Rotations are measured at the distance `size`, so that all six components
 * are lengths.
 */
class RigidMotion
{
public:
  RigidMotion(Vec3 centre, double size) : centre_(centre), size_(size) {}

  /// The point may not move along the direction (any length but zero).
  void forbid(Vec3 point, Vec3 direction);

  /// True when nothing is left.
  bool is_held() const { return held_.size() == 6; }

  /// The motions left, in words along the grid axes: "translation along j", "rotation about i";
  /// empty when none is.
  std::vector<std::string> free_motions() const;

private:
  using Row = std::array<double, 6>;

  /// The part of a motion that no constraint forbids so far.
  Row free_part(Row row) const;

  Vec3 centre_;
  double size_;
  std::vector<Row> held_; ///< orthonormal
};

} // namespace calcar::voxel
