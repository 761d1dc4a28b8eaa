#include "voxel/rigid_motion.hpp"

#include <algorithm>
#include <cmath>

namespace calcar::voxel
{
namespace
{

/// Below this part of itself a constraint repeats earlier ones: rounding leaves 1e-15, one voxel of
/// 10^4 leaves 1e-4.
constexpr double repeats = 1e-7;

using Row = std::array<double, 6>;

double length(const Row& row)
{
  double sum = 0;
  for (const double value : row)
    sum += value * value;
  return std::sqrt(sum);
}

/// Removes the part of `row` along the unit vector `unit`.
void remove(Row& row, const Row& unit)
{
  double along = 0;
  for (std::size_t n = 0; n < 6; ++n)
    along += row[n] * unit[n];
  for (std::size_t n = 0; n < 6; ++n)
    row[n] -= along * unit[n];
}

/// Adds the part of `row` orthogonal to `basis` to it, as a unit vector, unless it repeats. True
/// when it was added.
bool extend(std::vector<Row>& basis, Row row)
{
  const double whole = length(row);
  for (int pass = 0; pass < 2; ++pass)
    for (const Row& unit : basis)
      remove(row, unit);
  const double left = length(row);
  if (!(left > repeats * whole))
    return false;
  for (double& value : row)
    value /= left;
  basis.push_back(row);
  return true;
}

} // namespace

void RigidMotion::forbid(Vec3 point, Vec3 direction)
{
  if (is_held() || norm(direction) == 0)
    return;
  const Vec3 d = normalized(direction);
  const Vec3 turn = cross(point - centre_, d) / size_;
  extend(held_, {d.x, d.y, d.z, turn.x, turn.y, turn.z});
}

RigidMotion::Row RigidMotion::free_part(Row row) const
{
  for (int pass = 0; pass < 2; ++pass)
    for (const Row& unit : held_)
      remove(row, unit);
  return row;
}

std::vector<std::string> RigidMotion::free_motions() const
{
  if (is_held())
    return {};
  const char* axes[3] = {"i", "j", "k"};
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
    for (std::size_t n = 0; n < held_.size(); ++n)
      violation[n] = held_[n][3 + a];
    std::vector<Row> translations;
    for (std::size_t t = 0; t < 3; ++t)
    {
      Row column{};
      for (std::size_t n = 0; n < held_.size(); ++n)
        column[n] = held_[n][t];
      if (length(column) > 0)
        extend(translations, column);
    }
    const double whole = length(violation);
    for (int pass = 0; pass < 2; ++pass)
      for (const Row& unit : translations)
        remove(violation, unit);
    if (length(violation) <= 1e-6 * std::max(whole, 1e-6))
      words.push_back(std::string("rotation about ") + axes[a]);
  }
  if (words.empty())
    words.push_back("a rotation about an axis oblique to i, j and k, or a translation along one");
  return words;
}

} // namespace calcar::voxel
