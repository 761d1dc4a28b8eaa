#include "geometry/mechanism.hpp"

#include <cmath>
#include <utility>

namespace calcar::geometry
{
namespace
{

using Row = RigidMotion::Row;
using Motion = std::vector<double>; ///< of all bodies: six numbers each

double part_of(const Row& row, const Motion& motion, std::size_t body)
{
  double sum = 0;
  for (std::size_t n = 0; n < 6; ++n)
    sum += row[n] * motion[6 * body + n];
  return sum;
}

double squared(const Row& row)
{
  double sum = 0;
  for (const double value : row)
    sum += value * value;
  return sum;
}

/// The motions that remain when each body obeys its own constraints only; orthonormal.
std::vector<Motion> own_motions(const std::vector<RigidMotion>& bodies)
{
  std::vector<Motion> motions;
  for (std::size_t b = 0; b < bodies.size(); ++b)
    for (const Row& row : bodies[b].free_basis())
    {
      motions.emplace_back(6 * bodies.size(), 0.0);
      for (std::size_t n = 0; n < 6; ++n)
        motions.back()[6 * b + n] = row[n];
    }
  return motions;
}

/// How much a motion violates a constraint.
struct Violation
{
  std::size_t motion;
  double value;
};

/// Reflects the motions so that only one violates the constraint, and takes that one away. The
/// others stay orthonormal.
void take_away(std::vector<Motion>& motions, std::vector<Violation> violations, double whole)
{
  std::size_t pivot = 0;
  for (std::size_t n = 1; n < violations.size(); ++n)
    if (std::abs(violations[n].value) > std::abs(violations[pivot].value))
      pivot = n;
  violations[pivot].value += std::copysign(whole, violations[pivot].value);
  double length = 0;
  Motion sum(motions.front().size(), 0.0);
  for (const auto& [motion, value] : violations)
  {
    length += value * value;
    for (std::size_t n = 0; n < sum.size(); ++n)
      sum[n] += value * motions[motion][n];
  }
  for (const auto& [motion, value] : violations)
    for (std::size_t n = 0; n < sum.size(); ++n)
      motions[motion][n] -= 2 / length * value * sum[n];
  std::swap(motions[violations[pivot].motion], motions.back());
  motions.pop_back();
}

/// Leaves the motions in which the bodies of a link move its point alike along one axis.
void obey(std::vector<Motion>& motions, const Link& link, const Row& row_a, const Row& row_b)
{
  const double scale = std::sqrt(squared(row_a) + squared(row_b));
  std::vector<Violation> violations;
  double whole = 0;
  for (std::size_t m = 0; m < motions.size(); ++m)
  {
    const double value = part_of(row_a, motions[m], link.a) - part_of(row_b, motions[m], link.b);
    if (std::abs(value) <= 1e-14 * scale) // keeps motions of few bodies apart from the others
      continue;
    violations.push_back({m, value});
    whole += value * value;
  }
  whole = std::sqrt(whole);
  if (whole > repeats * scale)
    take_away(motions, std::move(violations), whole);
}

} // namespace

std::vector<bool> moving_bodies(const std::vector<RigidMotion>& bodies,
                                const std::vector<Link>& links)
{
  std::vector<Motion> motions = own_motions(bodies);
  for (const Link& link : links)
    for (const Vec3 axis : {Vec3{1, 0, 0}, Vec3{0, 1, 0}, Vec3{0, 0, 1}})
      obey(motions, link, bodies[link.a].along(link.point, axis),
           bodies[link.b].along(link.point, axis));
  std::vector<bool> moves(bodies.size(), false);
  for (const Motion& motion : motions)
    for (std::size_t n = 0; n < motion.size(); ++n)
      if (std::abs(motion[n]) > repeats)
        moves[n / 6] = true;
  return moves;
}

} // namespace calcar::geometry
