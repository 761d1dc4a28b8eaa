#pragma once

#include "base/vec3.hpp"

#include <array>
#include <cstddef>
#include <string>
#include <vector>

namespace calcar::solid
{

/**
 * The rigid motions that constraints leave to a body: a small rotation w about `centre` and a
 * translation t move point x by t + w x (x - centre). Each constraint forbids the motion of one
 * point in one direction. A motion is the six numbers (t, w size): rotations are measured at the
 * distance `size`, so that all are lengths.
 */
class RigidMotion
{
public:
  using Row = std::array<double, 6>;

  RigidMotion(Vec3 centre, double size) : centre_(centre), size_(size) {}

  /// The point may not move along the direction (of any length but zero).
  void forbid(Vec3 point, Vec3 direction);
  /// The point may not move at all.
  void hold(Vec3 point);

  bool is_held() const { return rows_.size() == 6; }
  /// What the constraints so far forbid: orthonormal rows.
  const std::vector<Row>& forbidden() const { return rows_; }
  /// How far a motion m moves the point along a unit vector is the product of m with this row.
  Row along(Vec3 point, Vec3 unit) const;

  /// The motions left, in words: "translation along y", "rotation about z"; empty when held.
  std::vector<std::string> free_motions() const;

private:
  Vec3 centre_;
  double size_;
  std::vector<Row> rows_;
};

/// A constraint of which less than this share is new repeats earlier ones: rounding leaves 1e-15,
/// one element of a body of 10^4 across leaves 1e-4.
constexpr double repeats = 1e-7;

/// Takes from `row` its parts along orthonormal rows; adds what is left to them, normalised, when
/// it is more than a repetition.
void add_orthonormal(std::vector<double> row, std::vector<std::vector<double>>& rows);

} // namespace calcar::solid
