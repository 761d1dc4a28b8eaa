#include "voxel/boundary.hpp"

#include "base/parallel.hpp"
#include "voxel/constraints.hpp"
#include "voxel/operator.hpp"

#include <algorithm>
#include <type_traits>

namespace calcar::voxel
{
namespace
{

/// Sends rank 0's list of plain values to all ranks.
template <typename T>
std::vector<T> broadcast_list(const std::vector<T>& list, MPI_Comm comm)
{
  static_assert(std::is_trivially_copyable_v<T>);
  std::vector<T> result = is_root(comm) ? list : std::vector<T>{};
  std::uint64_t count = result.size();
  MPI_Bcast(&count, 1, MPI_UINT64_T, 0, comm);
  result.resize(count);
  constexpr std::uint64_t chunk = (std::uint64_t{1} << 30) / sizeof(T);
  for (std::uint64_t at = 0; at < count; at += chunk)
    MPI_Bcast(result.data() + at, static_cast<int>(std::min(chunk, count - at) * sizeof(T)),
              MPI_BYTE, 0, comm);
  return result;
}

Vec3 at_node(const std::vector<double>& values, std::int32_t node)
{
  const std::size_t first = 3 * static_cast<std::size_t>(node);
  return {values[first], values[first + 1], values[first + 2]};
}

} // namespace

Held locate_supports(const Level& level, const model::VoxelSupports& supports, MPI_Comm comm)
{
  Held held;
  for (const model::FixedComponent& fixed : broadcast_list(supports.fixed, comm))
  {
    const auto& at = fixed.node;
    const std::int32_t node = find_node(level.bricks, level.nodes, at.i, at.j, at.k);
    if (node >= 0)
      held.prescribed.push_back(
          {3 * static_cast<std::size_t>(node) + static_cast<std::size_t>(fixed.axis),
           fixed.displacement, fixed.support});
  }
  // A component given twice (with one value, as checked) counts for the first support.
  std::stable_sort(held.prescribed.begin(), held.prescribed.end(),
                   [](const auto& a, const auto& b) { return a.component < b.component; });
  const auto same = [](const auto& a, const auto& b) { return a.component == b.component; };
  held.prescribed.erase(std::unique(held.prescribed.begin(), held.prescribed.end(), same),
                        held.prescribed.end());
  for (const model::NodeSpring& spring : broadcast_list(supports.springs, comm))
  {
    const auto& at = spring.node;
    const std::int32_t node = find_node(level.bricks, level.nodes, at.i, at.j, at.k);
    if (node >= 0 && node < level.nodes.owned)
      held.foundations.push_back({{node, spring.stiffness}, spring.support});
  }
  return held;
}

Held hold(Level& level, const model::VoxelSupports& supports, MPI_Comm comm)
{
  Held held = locate_supports(level, supports, comm);
  for (const Prescribed& prescribed : held.prescribed)
    level.constraints.fixed.push_back(prescribed.component);
  for (const Foundation& foundation : held.foundations)
    level.constraints.springs.push_back(foundation.spring);
  merge(level.constraints.springs);
  return held;
}

std::vector<LocalForce> locate_forces(const Level& level,
                                      const std::vector<model::NodalForce>& forces, MPI_Comm comm)
{
  std::vector<LocalForce> result;
  for (const model::NodalForce& force : broadcast_list(forces, comm))
  {
    const auto& at = force.node;
    const std::int32_t node = find_node(level.bricks, level.nodes, at.i, at.j, at.k);
    if (node >= 0)
      result.push_back({node, force.force});
  }
  return result;
}

bool is_homogeneous(const std::vector<double>& u, const std::vector<Prescribed>& prescribed,
                    MPI_Comm comm)
{
  int moved = std::any_of(prescribed.begin(), prescribed.end(),
                          [&](const Prescribed& p) { return u[p.component] != 0; });
  MPI_Allreduce(MPI_IN_PLACE, &moved, 1, MPI_INT, MPI_MAX, comm);
  return moved == 0;
}

Balance balance_of(const Level& level, const Held& held, const std::vector<LocalForce>& forces,
                   const std::vector<double>& u, int supports, MPI_Comm comm)
{
  std::vector<double> balance;
  apply_voxels(level, u, balance);
  const double energy = 0.5 * dot(level.nodes, u, balance, comm);

  std::vector<double> sums(3 * static_cast<std::size_t>(supports), 0);
  const auto add = [&](int support, const Vec3& force)
  {
    for (std::size_t c = 0; c < 3; ++c)
      sums[3 * static_cast<std::size_t>(support) + c] += force[c];
  };
  for (const Foundation& foundation : held.foundations)
  {
    const std::int32_t node = foundation.spring.node;
    const Vec3 force = -(foundation.spring.stiffness * at_node(u, node));
    add(foundation.support, force);
    for (std::size_t c = 0; c < 3; ++c)
      balance[3 * static_cast<std::size_t>(node) + c] -= force[c];
  }
  for (const LocalForce& force : forces)
    for (std::size_t c = 0; c < 3; ++c)
      balance[3 * static_cast<std::size_t>(force.node) + c] -= force.force[c];
  for (const Prescribed& prescribed : held.prescribed)
    if (prescribed.component < 3 * static_cast<std::size_t>(level.nodes.owned))
    {
      Vec3 force;
      force[prescribed.component % 3] = balance[prescribed.component];
      add(prescribed.support, force);
    }
  MPI_Allreduce(MPI_IN_PLACE, sums.data(), static_cast<int>(sums.size()), MPI_DOUBLE, MPI_SUM,
                comm);
  Balance result{energy, {}};
  for (std::size_t s = 0; s < sums.size(); s += 3)
    result.reactions.push_back({sums[s], sums[s + 1], sums[s + 2]});
  return result;
}

} // namespace calcar::voxel
