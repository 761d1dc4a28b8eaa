#pragma once

#include "voxel/level.hpp"

#include <cstddef>

namespace calcar::voxel
{

inline void multiply(const BrickView& bricks, std::size_t first, std::size_t last, const float* u,
                     float* f)
{
  kernels().single(bricks, first, last, u, f);
}

inline void multiply(const BrickView& bricks, std::size_t first, std::size_t last, const float* u,
                     double* f)
{
  kernels().mixed(bricks, first, last, u, f);
}

inline void multiply(const BrickView& bricks, std::size_t first, std::size_t last, const double* u,
                     double* f)
{
  kernels().full(bricks, first, last, u, f);
}

/// f += K_springs u.
template <typename In, typename T>
void add_springs(const Level& level, const In* u, T* f)
{
  for (const Spring& spring : level.constraints.springs)
  {
    const std::size_t at = 3 * static_cast<std::size_t>(spring.node);
    const Vec3 force =
        spring.stiffness * Vec3{static_cast<double>(u[at]), static_cast<double>(u[at + 1]),
                                static_cast<double>(u[at + 2])};
    f[at] += static_cast<T>(force.x);
    f[at + 1] += static_cast<T>(force.y);
    f[at + 2] += static_cast<T>(force.z);
  }
}

/**
 * f = K u with springs and pressed contact, summed over sharing ranks, where f is zero on entry; u
 * must be consistent. As soon as the values from `first` to `last` - 1 of f are complete,
 * finish(first, last) is called, once for every value but those of the spare node: what is done
 * with them then finds them in the cache. u is no longer read at these places. The sums at shared
 * nodes travel while the other bricks are worked on.
 */
template <typename In, typename T, typename Finish>
void product(const Level& level, const In* u, T* f, Finish&& finish)
{
  const BrickView bricks = view(level);
  const Nodes& nodes = level.nodes;
  const auto finish_home = [&](const std::vector<std::int32_t>& starts, std::size_t turn)
  {
    const auto brick = static_cast<std::size_t>(nodes.turn[turn]);
    const auto first = static_cast<std::size_t>(starts[brick]);
    const auto last = static_cast<std::size_t>(starts[brick + 1]);
    if (first < last)
      finish(3 * first, 3 * last);
  };
  add_springs(level, u, f);
  add_pressed(level.pressed, u, f);
  multiply(bricks, 0, nodes.shared_turns, u, f);
  auto pending = nodes.exchange.start(f);
  for (std::size_t turn = nodes.shared_turns; turn < bricks.count; ++turn)
  {
    multiply(bricks, turn, turn + 1, u, f);
    finish_home(nodes.first_owned, turn);
  }
  nodes.exchange.finish(pending, f);
  for (std::size_t turn = 0; turn < nodes.shared_turns; ++turn)
  {
    finish_home(nodes.first_owned, turn);
    finish_home(nodes.first_copy, turn);
  }
}

} // namespace calcar::voxel
