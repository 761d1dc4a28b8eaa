#pragma once

#include "geometry/rigid_motion.hpp"

#include <cstddef>
#include <vector>

namespace calcar::geometry
{

/// A point at which two rigid bodies are joined, so that it moves with both.
struct Link
{
  std::size_t a;
  std::size_t b;
  Vec3 point;
};

/**
 * Which of these bodies can move when all act together: those that take part in a motion that
 * breaks neither the constraints of a body by itself nor a link. The motions are the null space of
 * all constraints, from orthogonal transformations; a constraint counts when it is more than
 * `repeats` of itself away from those before it. Takes at worst some 10^3 n^3
 * operations and 240 n^2 bytes for n bodies.
 */
std::vector<bool> moving_bodies(const std::vector<RigidMotion>& bodies,
                                const std::vector<Link>& links);

} // namespace calcar::geometry
