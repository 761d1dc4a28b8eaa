#pragma once

#include "base/vec3.hpp"

#include <algorithm>
#include <cstddef>
#include <map>
#include <string>
#include <utility>
#include <vector>

namespace calcar::analysis
{

/// A force and its moment about a place that the context names.
struct Wrench
{
  Vec3 force;  ///< N
  Vec3 moment; ///< N mm

  void add(double factor, const Wrench& other)
  {
    force += factor * other.force;
    moment += factor * other.moment;
  }
};

/// All that acts on a body in a load case, in LPS; moments about `about`.
struct Equilibrium
{
  Vec3 about;          ///< mean of the body's nodes, mm
  double reach_mm = 0; ///< of its nodes from there
  Wrench applied;      ///< of the forces of the load case
  Wrench inertia;      ///< of the body, where its rig balances forces by it
  Wrench reactions;    ///< of the supports on the body
  double gross_N = 0;  ///< sum of the sizes of the applied nodal forces, not less

  /// The size that errors are measured by: of the resultant, or of its moment at the reach of the
  /// body, or a thousandth of all single forces where they cancel.
  double scale_N() const
  {
    return std::max({norm(applied.force), reach_mm > 0 ? norm(applied.moment) / reach_mm : 0.0,
                     1e-3 * gross_N});
  }
  /// What is missing to a sum of 0, as a share of scale_N: of all forces, and of all moments at the
  /// reach of the body.
  double force_error() const
  {
    return scale_N() > 0 ? norm(applied.force + inertia.force + reactions.force) / scale_N() : 0;
  }
  double moment_error() const
  {
    return scale_N() > 0 && reach_mm > 0
               ? norm(applied.moment + inertia.moment + reactions.moment) / scale_N() / reach_mm
               : 0;
  }
  /// What the supports bear, as a share of scale_N; 0 where inertia balances the forces.
  double borne_by_supports() const { return scale_N() > 0 ? norm(reactions.force) / scale_N() : 0; }
};

/// The wrench of nodal forces. `place(node)` is LPS mm, `turn` takes a force to LPS.
template <typename NodalForce, typename Place, typename Turn>
Wrench wrench_of(const std::vector<NodalForce>& forces, Vec3 about, const Place& place,
                 const Turn& turn)
{
  Wrench sum;
  for (const NodalForce& one : forces)
  {
    const Vec3 force = turn(one.force);
    sum.force += force;
    sum.moment += cross(place(one.node) - about, force);
  }
  return sum;
}

/// Supports in which every node counts for itself, so that the solution tells its reaction and the
/// moment of all is known.
template <typename Supports>
struct NodalSupports
{
  using Node = decltype(Supports{}.fixed.front().node);

  Supports each;                  ///< to be solved with
  std::vector<Node> node;         ///< of each of them
  std::vector<std::size_t> of;    ///< which support it belongs to
  std::vector<std::string> names; ///< of the supports
};

template <typename Supports>
NodalSupports<Supports> by_node(Supports supports)
{
  using Node = typename NodalSupports<Supports>::Node;
  NodalSupports<Supports> split;
  split.names = supports.names;
  std::map<std::pair<int, Node>, int> numbers;
  const auto number = [&](auto& held)
  {
    const auto [found, fresh] =
        numbers.emplace(std::pair(held.support, held.node), static_cast<int>(split.node.size()));
    if (fresh)
    {
      split.node.push_back(held.node);
      split.of.push_back(static_cast<std::size_t>(held.support));
    }
    held.support = found->second;
  };
  for (auto& fixed : supports.fixed)
    number(fixed);
  for (auto& spring : supports.springs)
    number(spring);
  supports.names.clear();
  for (const std::size_t of : split.of)
    supports.names.push_back(split.names[of]);
  split.each = std::move(supports);
  return split;
}

} // namespace calcar::analysis
