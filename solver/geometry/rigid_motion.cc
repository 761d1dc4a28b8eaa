#include "geometry/rigid_motion.hpp"

#include <algorithm>
#include <cmath>
#include <span>

namespace calcar::geometry
{
namespace
{

using Row = RigidMotion::Row;

double length(const Row& row)
{
  double sum = 0;
  for (const double value : row)
    sum += value * value;
  return std::sqrt(sum);
}

/// Removes the parts of `row` along orthonormal vectors; twice, for the rounding of the first pass.
Row without(Row row, std::span<const Row> units)
{
  for (int pass = 0; pass < 2; ++pass)
    for (const Row& unit : units)
    {
      double along = 0;
      for (std::size_t n = 0; n < 6; ++n)
        along += row[n] * unit[n];
      for (std::size_t n = 0; n < 6; ++n)
        row[n] -= along * unit[n];
    }
  return row;
}

Row scaled(Row row, double factor)
{
  for (double& value : row)
    value *= factor;
  return row;
}

} // namespace

Row RigidMotion::along(Vec3 point, Vec3 unit) const
{
  const Vec3 turn = cross(point - centre_, unit) / size_;
  return {unit.x, unit.y, unit.z, turn.x, turn.y, turn.z};
}

void RigidMotion::forbid(Vec3 point, Vec3 direction)
{
  if (is_held() || norm(direction) == 0)
    return;
  const Row row = along(point, normalized(direction));
  const Row left = free_part(row);
  if (length(left) > repeats * length(row))
    held_[count_++] = scaled(left, 1 / length(left));
}

void RigidMotion::hold(Vec3 point)
{
  for (const Vec3 axis : {Vec3{1, 0, 0}, Vec3{0, 1, 0}, Vec3{0, 0, 1}})
    forbid(point, axis);
}

Row RigidMotion::free_part(Row row) const
{
  return without(row, {held_.data(), count_});
}

std::vector<Row> RigidMotion::free_basis() const
{
  std::vector<Row> basis;
  while (basis.size() + count_ < 6)
  {
    Row best{};
    for (std::size_t n = 0; n < 6; ++n)
    {
      Row unit{};
      unit[n] = 1;
      const Row left = without(free_part(unit), basis);
      if (length(left) > length(best))
        best = left;
    }
    basis.push_back(scaled(best, 1 / length(best)));
  }
  return basis;
}

std::vector<std::string> RigidMotion::free_motions(const AxisNames& axes) const
{
  if (is_held())
    return {};
  std::vector<std::string> words;
  for (std::size_t a = 0; a < 3; ++a)
  {
    Row row{};
    row[a] = 1;
    if (length(free_part(row)) > 1 - repeats)
      words.push_back(std::string("translation along ") + axes[a]);
  }
  // A rotation about an axis through some point: free when translations can be added that make it
  // orthogonal to all constraints, that is when their translation parts reach its violation.
  for (std::size_t a = 0; a < 3; ++a)
  {
    Row violation{}; // of each orthonormal constraint by the unit rotation
    for (std::size_t n = 0; n < count_; ++n)
      violation[n] = held_[n][3 + a];
    std::vector<Row> translations;
    for (std::size_t t = 0; t < 3; ++t)
    {
      Row column{};
      for (std::size_t n = 0; n < count_; ++n)
        column[n] = held_[n][t];
      if (const Row left = without(column, translations); length(left) > repeats * length(column))
        translations.push_back(scaled(left, 1 / length(left)));
    }
    const double whole = length(violation);
    if (length(without(violation, translations)) <= 1e-6 * std::max(whole, 1e-6))
      words.push_back(std::string("rotation about ") + axes[a]);
  }
  if (words.empty())
    words.push_back(std::string("a rotation about an axis oblique to ") + axes[0] + ", " + axes[1] +
                    " and " + axes[2] + ", or a translation along one");
  return words;
}

} // namespace calcar::geometry
