#include "solid/rigid_motion.hpp"

#include <algorithm>
#include <cmath>
#include <numeric>

namespace calcar::solid
{
namespace
{

template <typename Row>
double length(const Row& row)
{
  return std::sqrt(std::inner_product(row.begin(), row.end(), row.begin(), 0.0));
}

/// Removes the parts of `row` along orthonormal rows; twice, for the rounding of the first pass.
template <typename Row>
Row without(Row row, const std::vector<Row>& units)
{
  for (int pass = 0; pass < 2; ++pass)
    for (const Row& unit : units)
    {
      const double along = std::inner_product(row.begin(), row.end(), unit.begin(), 0.0);
      for (std::size_t n = 0; n < row.size(); ++n)
        row[n] -= along * unit[n];
    }
  return row;
}

template <typename Row>
void add_new(const Row& row, std::vector<Row>& rows)
{
  Row left = without(row, rows);
  const double new_length = length(left);
  if (new_length <= repeats * length(row))
    return;
  for (double& value : left)
    value /= new_length;
  rows.push_back(left);
}

/// True when translations can be added to the rotation about an axis (the rotation about a parallel
/// axis) such that no constraint forbids it.
bool rotation_is_free(const std::vector<RigidMotion::Row>& rows, std::size_t axis)
{
  std::vector<double> violation;
  for (const auto& row : rows)
    violation.push_back(row[3 + axis]);
  std::vector<std::vector<double>> translations;
  for (std::size_t t = 0; t < 3; ++t)
  {
    std::vector<double> column;
    for (const auto& row : rows)
      column.push_back(row[t]);
    add_new(column, translations);
  }
  const double left = length(without(violation, translations));
  return left <= 1e-6 * std::max(length(violation), 1e-6);
}

} // namespace

RigidMotion::Row RigidMotion::along(Vec3 point, Vec3 unit) const
{
  const Vec3 turn = cross(point - centre_, unit) / size_;
  return {unit.x, unit.y, unit.z, turn.x, turn.y, turn.z};
}

void RigidMotion::forbid(Vec3 point, Vec3 direction)
{
  if (!is_held() && norm(direction) > 0)
    add_new(along(point, normalized(direction)), rows_);
}

void RigidMotion::hold(Vec3 point)
{
  for (const Vec3 axis : {Vec3{1, 0, 0}, Vec3{0, 1, 0}, Vec3{0, 0, 1}})
    forbid(point, axis);
}

std::vector<std::string> RigidMotion::free_motions() const
{
  std::vector<std::string> words;
  if (is_held())
    return words;
  const char* axes[3] = {"x", "y", "z"};
  for (std::size_t a = 0; a < 3; ++a)
  {
    Row row{};
    row[a] = 1;
    if (length(without(row, rows_)) > 1 - repeats)
      words.push_back(std::string("translation along ") + axes[a]);
  }
  for (std::size_t a = 0; a < 3; ++a)
    if (rotation_is_free(rows_, a))
      words.push_back(std::string("rotation about ") + axes[a]);
  if (words.empty())
    words.push_back("a rotation about an axis oblique to x, y and z, or a translation along one");
  return words;
}

void add_orthonormal(std::vector<double> row, std::vector<std::vector<double>>& rows)
{
  add_new(row, rows);
}

} // namespace calcar::solid
