#include "voxel/aggregates.hpp"

#include "base/parallel.hpp"
#include "voxel/aggregation_exchange.hpp"

#include <algorithm>
#include <cmath>
#include <numeric>

namespace calcar::voxel
{
namespace
{

constexpr int most_edge = 4;
constexpr std::int32_t none = -1;
using Lattice = std::array<int, 3>;

float youngs_modulus(float lambda, float mu)
{
  return mu > 0 ? mu * (3 * lambda + 2 * mu) / (lambda + mu) : 0.0F;
}

/// Sum of Young's moduli of the voxels around each local node, over all ranks, MPa.
std::vector<float> stiffness_around(const Level& level)
{
  std::vector<float> sums(level.nodes.values(), 0);
  for (std::size_t v = 0; v < level.bricks.mu.size(); ++v)
  {
    const float youngs = youngs_modulus(level.bricks.lambda[v], level.bricks.mu[v]);
    if (!(youngs > 0))
      continue;
    const auto at = voxel_indices(static_cast<int>(v % brick_voxels));
    const std::int32_t* table = level.nodes.table.data() + v / brick_voxels * brick_nodes;
    for (int corner = 0; corner < 8; ++corner)
      sums[3 * static_cast<std::size_t>(table[node_position(
                   at[0] + (corner & 1), at[1] + (corner >> 1 & 1), at[2] + (corner >> 2))])] +=
          youngs;
  }
  level.nodes.exchange.sum(sums.data());
  for (std::size_t n = 0; n < static_cast<std::size_t>(level.nodes.count); ++n)
    sums[n] = sums[3 * n];
  sums.resize(static_cast<std::size_t>(level.nodes.count));
  return sums;
}

/// Finds bricks by their place; neighbouring questions are answered from memory.
class Finder
{
public:
  explicit Finder(const Level& level) : level_(level) {}

  std::int32_t brick(const Brick& wanted)
  {
    const std::size_t slot = static_cast<std::size_t>(wanted.i & 1) +
                             2 * static_cast<std::size_t>(wanted.j & 1) +
                             4 * static_cast<std::size_t>(wanted.k & 1);
    if (!(asked_[slot] == wanted))
    {
      asked_[slot] = wanted;
      found_[slot] = find_brick(level_.bricks, wanted);
    }
    return found_[slot];
  }

  /// Young's modulus of a voxel, 0 outside and in void.
  float youngs(int i, int j, int k)
  {
    const std::int32_t b =
        i < 0 || j < 0 || k < 0 ? none : brick({i / brick_edge, j / brick_edge, k / brick_edge});
    if (b == none)
      return 0;
    const std::size_t v =
        static_cast<std::size_t>(b) * brick_voxels +
        static_cast<std::size_t>(voxel_position(i % brick_edge, j % brick_edge, k % brick_edge));
    return youngs_modulus(level_.bricks.lambda[v], level_.bricks.mu[v]);
  }

  /// Local number of the node (i, j, k), or -1.
  std::int32_t node(int i, int j, int k)
  {
    for (int n = 0; n < 8; ++n)
    {
      const Lattice back{n & 1, n >> 1 & 1, n >> 2};
      if ((back[0] && i % brick_edge) || (back[1] && j % brick_edge) || (back[2] && k % brick_edge))
        continue;
      const Brick at{i / brick_edge - back[0], j / brick_edge - back[1], k / brick_edge - back[2]};
      const std::int32_t b = brick(at);
      if (b == none)
        continue;
      const std::int32_t found =
          level_.nodes
              .table[static_cast<std::size_t>(b) * brick_nodes +
                     static_cast<std::size_t>(node_position(
                         i - brick_edge * at.i, j - brick_edge * at.j, k - brick_edge * at.k))];
      if (found < level_.nodes.count)
        return found;
    }
    return none;
  }

private:
  const Level& level_;
  std::array<Brick, 8> asked_ = {Brick{-9, -9, -9}, {-9, -9, -9}, {-9, -9, -9}, {-9, -9, -9},
                                 {-9, -9, -9},      {-9, -9, -9}, {-9, -9, -9}, {-9, -9, -9}};
  std::array<std::int32_t, 8> found_ = {none, none, none, none, none, none, none, none};
};

/// One cube of nodes with the moduli of the voxels that touch it.
struct Cube
{
  int edge;
  Lattice first{};                                                    ///< node
  std::array<std::int32_t, most_edge * most_edge * most_edge> node{}; ///< local or -1
  std::array<float, (most_edge + 1) * (most_edge + 1) * (most_edge + 1)> youngs{};

  int place(Lattice at) const { return at[0] + edge * (at[1] + edge * at[2]); }
  bool contains(Lattice at) const
  {
    return std::all_of(at.begin(), at.end(), [&](int x) { return x >= 0 && x < edge; });
  }

  /// Sum of E over the voxels that contain the node at `at` and the one a step further.
  float joint(Lattice at, Lattice step) const
  {
    Lattice low{}, high{};
    for (std::size_t d = 0; d < 3; ++d)
    {
      low[d] = at[d] + (step[d] > 0);
      high[d] = at[d] + (step[d] >= 0);
    }
    float sum = 0;
    const int wide = edge + 1;
    for (int k = low[2]; k <= high[2]; ++k)
      for (int j = low[1]; j <= high[1]; ++j)
        for (int i = low[0]; i <= high[0]; ++i)
          sum += youngs[static_cast<std::size_t>(i + wide * (j + wide * k))];
    return sum;
  }
};

template <typename Visit>
void for_steps(Visit&& visit)
{
  for (int n = 0; n < 27; ++n)
    if (n != 13)
      visit(Lattice{n % 3 - 1, n / 3 % 3 - 1, n / 9 - 1});
}

Lattice plus(Lattice a, Lattice b)
{
  return {a[0] + b[0], a[1] + b[1], a[2] + b[2]};
}

/// Makes the aggregates of one rank's owned nodes.
class Maker
{
public:
  Maker(const Level& level, const AggregateRule& rule, std::vector<std::int32_t>& of_node)
      : level_(level), rule_(rule), of_node_(of_node), finder_(level),
        around_(stiffness_around(level)), cube_{rule.edge, {}, {}, {}}
  {
  }

  /// Fills of_node for owned nodes; returns the number of aggregates.
  std::int32_t run(const std::vector<std::uint8_t>& is_free)
  {
    const auto order = by_cube(is_free);
    for (auto first = order.begin(); first != order.end();)
    {
      const auto last =
          std::find_if(first, order.end(), [&](const Placed& p) { return p.cube != first->cube; });
      fill_cube(first, last);
      cut_cube();
      first = last;
    }
    for (auto first = order.begin(); first != order.end();)
    {
      const auto last =
          std::find_if(first, order.end(), [&](const Placed& p) { return p.cube != first->cube; });
      if (std::any_of(first, last, [&](const Placed& p) { return is_small(p.node); }))
      {
        fill_cube(first, last);
        join_small();
      }
      first = last;
    }
    return renumber();
  }

private:
  struct Placed
  {
    std::uint64_t cube;
    std::int32_t node;
    Lattice at;
  };

  bool strong(float joint, std::int32_t a, std::int32_t b) const
  {
    return joint >
           static_cast<float>(rule_.strength) *
               std::max(around_[static_cast<std::size_t>(a)], around_[static_cast<std::size_t>(b)]);
  }

  std::int32_t root(std::int32_t aggregate)
  {
    auto at = static_cast<std::size_t>(aggregate);
    while (static_cast<std::size_t>(parent_[at]) != at)
      at = static_cast<std::size_t>(parent_[at] = parent_[static_cast<std::size_t>(parent_[at])]);
    return static_cast<std::int32_t>(at);
  }

  bool is_small(std::int32_t node)
  {
    return count_[static_cast<std::size_t>(root(of_node_[static_cast<std::size_t>(node)]))] <
           rule_.smallest;
  }

  std::vector<Placed> by_cube(const std::vector<std::uint8_t>& is_free) const
  {
    std::vector<Placed> order;
    order.reserve(static_cast<std::size_t>(level_.nodes.owned));
    const auto& size = level_.bricks.size;
    const auto nx = static_cast<std::uint64_t>(size[0] / rule_.edge + 1);
    const auto ny = static_cast<std::uint64_t>(size[1] / rule_.edge + 1);
    for_nodes_of(level_, false,
                 [&](std::int32_t n, Lattice at)
                 {
                   if (is_free[static_cast<std::size_t>(n)] == 0)
                     return;
                   const std::uint64_t cube =
                       static_cast<std::uint64_t>(at[0] / rule_.edge) +
                       nx * (static_cast<std::uint64_t>(at[1] / rule_.edge) +
                             ny * static_cast<std::uint64_t>(at[2] / rule_.edge));
                   order.push_back({cube, n, at});
                 });
    std::sort(order.begin(), order.end(),
              [](const Placed& a, const Placed& b)
              { return a.cube != b.cube ? a.cube < b.cube : a.node < b.node; });
    return order;
  }

  template <typename Iterator>
  void fill_cube(Iterator first, Iterator last)
  {
    for (std::size_t d = 0; d < 3; ++d)
      cube_.first[d] = first->at[d] / rule_.edge * rule_.edge;
    cube_.node.fill(none);
    for (auto p = first; p != last; ++p)
      cube_.node[static_cast<std::size_t>(cube_.place(
          {p->at[0] - cube_.first[0], p->at[1] - cube_.first[1], p->at[2] - cube_.first[2]}))] =
          p->node;
    std::size_t v = 0;
    for (int k = 0; k <= rule_.edge; ++k)
      for (int j = 0; j <= rule_.edge; ++j)
        for (int i = 0; i <= rule_.edge; ++i)
          cube_.youngs[v++] = finder_.youngs(cube_.first[0] + i - 1, cube_.first[1] + j - 1,
                                             cube_.first[2] + k - 1);
  }

  /// Gives each connected part of the cube a number.
  void cut_cube()
  {
    for (int k = 0; k < rule_.edge; ++k)
      for (int j = 0; j < rule_.edge; ++j)
        for (int i = 0; i < rule_.edge; ++i)
        {
          const std::int32_t node = cube_.node[static_cast<std::size_t>(cube_.place({i, j, k}))];
          if (node == none || of_node_[static_cast<std::size_t>(node)] != none)
            continue;
          parent_.push_back(static_cast<std::int32_t>(parent_.size()));
          count_.push_back(0);
          spread_from({i, j, k});
        }
  }

  void spread_from(Lattice seed)
  {
    const std::int32_t number = parent_.back();
    stack_.assign(1, seed);
    of_node_[static_cast<std::size_t>(cube_.node[static_cast<std::size_t>(cube_.place(seed))])] =
        number;
    while (!stack_.empty())
    {
      const Lattice at = stack_.back();
      stack_.pop_back();
      ++count_.back();
      const std::int32_t here = cube_.node[static_cast<std::size_t>(cube_.place(at))];
      for_steps(
          [&](Lattice step)
          {
            const Lattice to = plus(at, step);
            if (!cube_.contains(to))
              return;
            const std::int32_t there = cube_.node[static_cast<std::size_t>(cube_.place(to))];
            if (there == none || of_node_[static_cast<std::size_t>(there)] != none ||
                !strong(cube_.joint(at, step), here, there))
              return;
            of_node_[static_cast<std::size_t>(there)] = number;
            stack_.push_back(to);
          });
    }
  }

  /// Joins each small part of the cube to the neighbour that it is strongly held by most.
  void join_small()
  {
    for (int k = 0; k < rule_.edge; ++k)
      for (int j = 0; j < rule_.edge; ++j)
        for (int i = 0; i < rule_.edge; ++i)
        {
          const std::int32_t node = cube_.node[static_cast<std::size_t>(cube_.place({i, j, k}))];
          if (node == none || !is_small(node))
            continue;
          const std::int32_t part = of_node_[static_cast<std::size_t>(node)];
          if (const std::int32_t neighbour = strongest_neighbour(part); neighbour != none)
          {
            const std::int32_t from = root(part);
            parent_[static_cast<std::size_t>(from)] = neighbour;
            count_[static_cast<std::size_t>(neighbour)] += count_[static_cast<std::size_t>(from)];
          }
        }
  }

  /// The aggregate outside with the largest sum of strong e_nm to the nodes of `part` in the cube,
  /// or -1.
  std::int32_t strongest_neighbour(std::int32_t part)
  {
    const std::int32_t own = root(part);
    std::vector<std::pair<std::int32_t, float>> sums;
    for (int n = 0; n < rule_.edge * rule_.edge * rule_.edge; ++n)
    {
      const std::int32_t here = cube_.node[static_cast<std::size_t>(n)];
      if (here == none || root(of_node_[static_cast<std::size_t>(here)]) != own)
        continue;
      const Lattice at{n % rule_.edge, n / rule_.edge % rule_.edge, n / (rule_.edge * rule_.edge)};
      for_steps(
          [&](Lattice step)
          {
            const float joint = cube_.joint(at, step);
            if (!(joint >
                  static_cast<float>(rule_.strength) * around_[static_cast<std::size_t>(here)]))
              return;
            const Lattice to = plus(plus(cube_.first, at), step);
            const std::int32_t there = finder_.node(to[0], to[1], to[2]);
            if (there == none || there >= level_.nodes.owned ||
                of_node_[static_cast<std::size_t>(there)] == none || !strong(joint, here, there))
              return;
            const std::int32_t other = root(of_node_[static_cast<std::size_t>(there)]);
            if (other == own)
              return;
            const auto known = std::find_if(sums.begin(), sums.end(),
                                            [&](const auto& s) { return s.first == other; });
            if (known == sums.end())
              sums.emplace_back(other, joint);
            else
              known->second += joint;
          });
    }
    const auto best = std::max_element(
        sums.begin(), sums.end(), [](const auto& a, const auto& b) { return a.second < b.second; });
    return best == sums.end() ? none : best->first;
  }

  /// Consecutive numbers in the order of the nodes, so that neighbours in memory are neighbours in
  /// space.
  std::int32_t renumber()
  {
    std::vector<std::int32_t> number(parent_.size(), none);
    std::int32_t count = 0;
    for (std::int32_t n = 0; n < level_.nodes.owned; ++n)
    {
      std::int32_t& aggregate = of_node_[static_cast<std::size_t>(n)];
      if (aggregate == none)
        continue;
      std::int32_t& to = number[static_cast<std::size_t>(root(aggregate))];
      if (to == none)
        to = count++;
      aggregate = to;
    }
    return count;
  }

  const Level& level_;
  const AggregateRule& rule_;
  std::vector<std::int32_t>& of_node_;
  Finder finder_;
  std::vector<float> around_;
  Cube cube_;
  std::vector<std::int32_t> parent_; ///< [part] union-find
  std::vector<int> count_;           ///< [part] nodes
  std::vector<Lattice> stack_;
};

Vec3 place(Lattice at, const Vec3& edges)
{
  return {at[0] * edges.x, at[1] * edges.y, at[2] * edges.z};
}

std::array<bool, 3> flags(std::uint8_t bits)
{
  return {(bits & 1) != 0, (bits & 2) != 0, (bits & 4) != 0};
}

std::vector<RigidModes> modes_of_owned(const Level& level, const Aggregates& aggregates,
                                       const std::vector<std::uint8_t>& is_free)
{
  const auto count = static_cast<std::size_t>(aggregates.owned);
  const Vec3 edges = level.bricks.spacing / mean_edge(level.bricks);
  std::vector<Vec3> centre(count);
  std::vector<double> nodes(count, 0);
  for_nodes_of(level, false,
               [&](std::int32_t n, Lattice at)
               {
                 if (const std::int32_t a = aggregates.of_node[static_cast<std::size_t>(n)];
                     a != none)
                 {
                   centre[static_cast<std::size_t>(a)] += place(at, edges);
                   nodes[static_cast<std::size_t>(a)] += 1;
                 }
               });
  for (std::size_t a = 0; a < count; ++a)
    centre[a] = centre[a] / nodes[a];
  std::vector<Matrix6> gram(count, Matrix6{});
  for_nodes_of(level, false,
               [&](std::int32_t n, Lattice at)
               {
                 const std::int32_t a = aggregates.of_node[static_cast<std::size_t>(n)];
                 if (a == none)
                   return;
                 const auto i = static_cast<std::size_t>(a);
                 const Matrix6 one = gram_of_node(place(at, edges) - centre[i],
                                                  flags(is_free[static_cast<std::size_t>(n)]));
                 for (std::size_t q = 0; q < 36; ++q)
                   gram[i][q] += one[q];
               });
  std::vector<RigidModes> modes(count);
  for (std::size_t a = 0; a < count; ++a)
    modes[a] = rigid_modes(centre[a], gram[a]);
  return modes;
}

/// Copies of nodes learn their aggregate from the owner, and its modes.
void learn_foreign(const Level& level, Aggregates& aggregates, MPI_Comm comm)
{
  std::vector<double> numbers(level.nodes.values(), 0);
  const std::uint64_t own_first = aggregates.first[static_cast<std::size_t>(rank(comm))];
  for (std::int32_t n = 0; n < level.nodes.owned; ++n)
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
  aggregates.modes.resize(static_cast<std::size_t>(aggregates.owned) + aggregates.foreign.size());
  BlockExchange(aggregates.first, aggregates.foreign, comm).fill(aggregates.modes.data());
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
  result.of_node.assign(static_cast<std::size_t>(level.nodes.count), none);
  result.owned = Maker(level, rule, result.of_node).run(is_free);
  result.first = first_of_ranks(result.owned, comm);
  result.modes = modes_of_owned(level, result, is_free);
  learn_foreign(level, result, comm);
  return result;
}

} // namespace calcar::voxel
