#pragma once

#include "bodies/levels.hpp"
#include "bodies/problem.hpp"
#include "voxel/multigrid.hpp"
#include "voxel/operator.hpp"

#include <algorithm>
#include <utility>

/// What tests of preconditioners need between a body and an engine: levels, loads as vectors, and a
/// bare loop.
namespace test_bodies
{

/// A problem on the ranks of a communicator. The body is read on rank 0; supports and forces are
/// the same on all.
struct System
{
  calcar::voxel::Multigrid multigrid;
  std::vector<double> force;      ///< N, on all sharers of a node
  std::vector<double> prescribed; ///< mm, zero in free components
};

inline System system_of(const Problem& problem, MPI_Comm comm)
{
  using namespace calcar::voxel;
  Level level = level_of(problem.body, comm);
  const auto local = [&](const NodeIndex& node)
  { return find_node(level.bricks, level.nodes, node.i, node.j, node.k); };
  std::vector<double> force(level.nodes.values(), 0), prescribed(level.nodes.values(), 0);
  for (const auto& fixed : problem.supports.fixed)
    if (const auto node = local(fixed.node); node >= 0)
    {
      const auto component =
          3 * static_cast<std::size_t>(node) + static_cast<std::size_t>(fixed.axis);
      level.constraints.fixed.push_back(component);
      prescribed[component] = problem.scale * fixed.displacement;
    }
  auto& fixed = level.constraints.fixed;
  std::sort(fixed.begin(), fixed.end());
  fixed.erase(std::unique(fixed.begin(), fixed.end()), fixed.end());
  for (const auto& spring : problem.supports.springs)
    if (const auto node = local(spring.node); node >= 0 && node < level.nodes.owned)
      level.constraints.springs.push_back({node, spring.stiffness});
  merge(level.constraints.springs);
  for (const NodalForce& one : problem.forces)
    if (const auto node = local(one.node); node >= 0)
      for (std::size_t c = 0; c < 3; ++c)
        force[3 * static_cast<std::size_t>(node) + c] += one.force[c];
  return {Multigrid(std::move(level), comm), std::move(force), std::move(prescribed)};
}

struct Solved
{
  int iterations = 0;
  std::vector<double> u; ///< mm
};

/// Conjugate gradients as the engine's (double, Polak-Ribiere) without its care for rounding.
/// Iterations are 1000 when it breaks down.
template <typename Preconditioner>
Solved solved(const System& system, Preconditioner& preconditioner, double residual, MPI_Comm comm)
{
  using namespace calcar::voxel;
  const Level& level = system.multigrid.finest();
  Solved result{0, system.prescribed};
  std::vector<double> r, p(level.nodes.values(), 0), product;
  apply(level, result.u, r);
  for (std::size_t n = 0; n < r.size(); ++n)
    r[n] = system.force[n] - r[n];
  mask(level.constraints, r);
  const double whole = std::sqrt(dot(level.nodes, r, r, comm));
  double norm = whole, rz = 0, alpha = 0;
  for (; norm > residual * whole; ++result.iterations)
  {
    auto& b = preconditioner.right_side();
    for (std::size_t n = 0; n < b.size(); ++n)
      b[n] = static_cast<float>(r[n] / norm);
    const std::vector<float>& z = preconditioner.cycle();
    const double next = dot(level.nodes, z, r, comm);
    const double beta =
        result.iterations > 0 ? -alpha * dot(level.nodes, z, product, comm) / rz : 0;
    rz = next;
    for (std::size_t n = 0; n < p.size(); ++n)
      p[n] = static_cast<double>(z[n]) + beta * p[n];
    apply(level, p, product);
    mask(level.constraints, product);
    const double curvature = dot(level.nodes, p, product, comm);
    if (!(curvature > 0) || !(rz > 0) || result.iterations == 999)
      return {1000, result.u};
    alpha = rz / curvature;
    for (std::size_t n = 0; n < p.size(); ++n)
    {
      result.u[n] += alpha * p[n];
      r[n] -= alpha * product[n];
    }
    norm = std::sqrt(dot(level.nodes, r, r, comm));
  }
  return result;
}

} // namespace test_bodies
