#include "voxel/aggregates.hpp"

#include "base/large_pages.hpp"
#include "base/parallel.hpp"
#include "voxel/aggregation_exchange.hpp"

#include <algorithm>
#include <cmath>
#include <map>

namespace calcar::voxel
{
namespace
{

constexpr std::int32_t none = -1;

Vec3 place(const std::array<int, 3>& at, const Vec3& edges)
{
  return {at[0] * edges.x, at[1] * edges.y, at[2] * edges.z};
}

std::array<bool, 3> flags(std::uint8_t bits)
{
  return {(bits & 1) != 0, (bits & 2) != 0, (bits & 4) != 0};
}

/// Sums over nodes that may move in all components: how many, r, and r r^T.
struct Moments
{
  double nodes = 0;
  Vec3 first;
  SymTensor second;

  void add(const Vec3& r)
  {
    nodes += 1;
    first += r;
    second.xx += r.x * r.x;
    second.yy += r.y * r.y;
    second.zz += r.z * r.z;
    second.yz += r.y * r.z;
    second.zx += r.z * r.x;
    second.xy += r.x * r.y;
  }
};

/// The sum of gram_of_node over nodes that may move in all components.
Matrix6 gram_of(const Moments& m)
{
  Matrix6 gram{};
  for (std::size_t i = 0; i < 3; ++i)
    gram[7 * i] = m.nodes;
  const auto set = [&](std::size_t i, std::size_t j, double value)
  { gram[6 * i + j] = gram[6 * j + i] = value; };
  // Translations with rotations: w x r.
  set(0, 4, m.first.z);
  set(0, 5, -m.first.y);
  set(1, 3, -m.first.z);
  set(1, 5, m.first.x);
  set(2, 3, m.first.y);
  set(2, 4, -m.first.x);
  // Rotations: |r|^2 I - r r^T.
  set(3, 3, m.second.yy + m.second.zz);
  set(4, 4, m.second.zz + m.second.xx);
  set(5, 5, m.second.xx + m.second.yy);
  set(3, 4, -m.second.xy);
  set(3, 5, -m.second.zx);
  set(4, 5, -m.second.yz);
  return gram;
}

/// Calls visit(node, aggregate, place in mean edges) for the owned nodes in aggregates.
template <typename Visit>
void for_members(const Level& level, const Aggregates& aggregates, Visit&& visit)
{
  const Vec3 edges = level.bricks.spacing / mean_edge(level.bricks);
  for_nodes_of(level, false,
               [&](std::int32_t n, const std::array<int, 3>& at)
               {
                 const std::int32_t a = aggregates.of_node[static_cast<std::size_t>(n)];
                 if (a != none)
                   visit(static_cast<std::size_t>(n), static_cast<std::size_t>(a),
                         place(at, edges));
               });
}

std::vector<Vec3> centres_of(const Level& level, const Aggregates& aggregates)
{
  std::vector<Vec3> centre(static_cast<std::size_t>(aggregates.owned));
  std::vector<int> nodes(centre.size(), 0);
  for_members(level, aggregates,
              [&](std::size_t, std::size_t a, const Vec3& at)
              {
                centre[a] += at;
                ++nodes[a];
              });
  for (std::size_t a = 0; a < centre.size(); ++a)
    centre[a] = centre[a] / nodes[a];
  return centre;
}

std::vector<RigidModes> modes_of_owned(const Level& level, const Aggregates& aggregates,
                                       const std::vector<std::uint8_t>& is_free)
{
  const std::vector<Vec3> centre = centres_of(level, aggregates);
  std::vector<Moments> moments(centre.size());
  std::map<std::size_t, Matrix6> of_partly_held; // by aggregate: few
  for_members(level, aggregates,
              [&](std::size_t n, std::size_t a, const Vec3& at)
              {
                if (is_free[n] == 7)
                  return moments[a].add(at - centre[a]);
                Matrix6& sum = of_partly_held.try_emplace(a, Matrix6{}).first->second;
                const Matrix6 one = gram_of_node(at - centre[a], flags(is_free[n]));
                for (std::size_t q = 0; q < 36; ++q)
                  sum[q] += one[q];
              });
  std::vector<RigidModes> modes;
  reserve_on_large_pages(modes, centre.size() + aggregates.foreign.size());
  Matrix6 last{};
  for (std::size_t a = 0; a < centre.size(); ++a)
  {
    Matrix6 gram = gram_of(moments[a]);
    if (const auto held = of_partly_held.find(a); held != of_partly_held.end())
      for (std::size_t q = 0; q < 36; ++q)
        gram[q] += held->second[q];
    if (a > 0 && gram == last) // whole blocks are alike
    {
      modes.push_back(modes.back());
      modes.back().centre = centre[a];
      continue;
    }
    modes.push_back(rigid_modes(centre[a], gram));
    last = gram;
  }
  modes.resize(centre.size() + aggregates.foreign.size());
  return modes;
}

/// Copies of nodes learn their aggregate from the owner.
void learn_foreign(const Level& level, Aggregates& aggregates, MPI_Comm comm)
{
  std::vector<double> numbers(level.nodes.values(), 0);
  const std::uint64_t own_first = aggregates.first[static_cast<std::size_t>(rank(comm))];
  for (const std::int32_t n : level.nodes.exchange.shared_nodes())
    if (const std::int32_t a = aggregates.of_node[static_cast<std::size_t>(n)]; a != none)
      numbers[3 * static_cast<std::size_t>(n)] =
          static_cast<double>(own_first + static_cast<std::uint64_t>(a) + 1);
  level.nodes.exchange.sum(numbers.data());

  const auto global = [&](std::int32_t n)
  { return static_cast<std::uint64_t>(numbers[3 * static_cast<std::size_t>(n)]); };
  for (std::int32_t n = level.nodes.owned; n < level.nodes.count; ++n)
    if (global(n) > 0)
      aggregates.foreign.push_back(global(n) - 1);
  std::sort(aggregates.foreign.begin(), aggregates.foreign.end());
  aggregates.foreign.erase(std::unique(aggregates.foreign.begin(), aggregates.foreign.end()),
                           aggregates.foreign.end());
  for (std::int32_t n = level.nodes.owned; n < level.nodes.count; ++n)
    if (global(n) > 0)
      aggregates.of_node[static_cast<std::size_t>(n)] =
          aggregates.owned +
          static_cast<std::int32_t>(std::lower_bound(aggregates.foreign.begin(),
                                                     aggregates.foreign.end(), global(n) - 1) -
                                    aggregates.foreign.begin());
}

} // namespace

double mean_edge(const Bricks& bricks)
{
  return std::cbrt(bricks.spacing.x * bricks.spacing.y * bricks.spacing.z);
}

std::vector<std::uint8_t> free_components(const Level& level)
{
  std::vector<std::uint8_t> bits(static_cast<std::size_t>(level.nodes.count), 7);
  for (const std::size_t component : level.constraints.fixed)
    bits[component / 3] = static_cast<std::uint8_t>(bits[component / 3] & ~(1U << component % 3));
  return bits;
}

Aggregates make_aggregates(const Level& level, const AggregateRule& rule, MPI_Comm comm)
{
  Aggregates result;
  const std::vector<std::uint8_t> is_free = free_components(level);
  NodeParts parts = connected_parts(level, rule, is_free);
  result.owned = parts.count;
  result.of_node = std::move(parts.of_node);
  result.first = first_of_ranks(result.owned, comm);
  if (size(comm) > 1)
    learn_foreign(level, result, comm);
  result.modes = modes_of_owned(level, result, is_free);
  BlockExchange(result.first, result.foreign, comm).fill(result.modes.data());
  return result;
}

} // namespace calcar::voxel
