#include "voxel/aggregate_parts.hpp"

#include "voxel/aggregate_surroundings.hpp"

#include <algorithm>
#include <utility>

namespace calcar::voxel
{
namespace
{

constexpr int most_edge = 4;
constexpr std::int32_t none = -1;

std::size_t index(std::int32_t number)
{
  return static_cast<std::size_t>(number);
}

Place plus(const Place& a, const Place& b)
{
  return {a[0] + b[0], a[1] + b[1], a[2] + b[2]};
}

/// One cube of nodes with the moduli of the voxels that touch it.
struct Cube
{
  int edge;
  std::size_t brick = 0;                                              ///< from which `first` counts
  Place first{};                                                      ///< node
  std::array<std::int32_t, most_edge * most_edge * most_edge> node{}; ///< free and owned, or -1
  std::array<float, (most_edge + 1) * (most_edge + 1) * (most_edge + 1)> youngs{};

  std::size_t nodes() const { return static_cast<std::size_t>(edge * edge * edge); }
  std::size_t voxels() const
  {
    return static_cast<std::size_t>((edge + 1) * (edge + 1) * (edge + 1));
  }
  std::size_t number(const Place& at) const
  {
    return static_cast<std::size_t>(at[0] + edge * (at[1] + edge * at[2]));
  }
  Place place(std::size_t number) const
  {
    const int n = static_cast<int>(number);
    return {n % edge, n / edge % edge, n / (edge * edge)};
  }
  bool contains(const Place& at) const
  {
    return std::all_of(at.begin(), at.end(), [&](int x) { return x >= 0 && x < edge; });
  }

  /// Sum of E over the voxels that contain the node at `at` and the one a step further.
  float joint(const Place& at, const Place& step) const
  {
    Place low{}, high{};
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

  /// True when whatever the sums are, all nodes are there and hang together.
  bool is_whole(float strength) const
  {
    float soft = youngs[0], stiff = youngs[0];
    for (std::size_t v = 1; v < voxels(); ++v)
    {
      soft = std::min(soft, youngs[v]);
      stiff = std::max(stiff, youngs[v]);
    }
    return soft > 8 * strength * stiff &&
           std::find(node.begin(), node.begin() + nodes(), none) == node.begin() + nodes();
  }
};

template <typename Visit>
void for_steps(Visit&& visit)
{
  for (int n = 0; n < 27; ++n)
    if (n != 13)
      visit(Place{n % 3 - 1, n / 3 % 3 - 1, n / 9 - 1});
}

/// Makes the parts of one rank's owned nodes.
class Maker
{
public:
  Maker(const Level& level, const AggregateRule& rule, const std::vector<std::uint8_t>& is_free)
      : level_(level), rule_(rule), is_free_(is_free), strength_(static_cast<float>(rule.strength)),
        surroundings_(level), around_(surroundings_.stiffness_around()),
        of_node_(index(level.nodes.count), none), cube_{rule.edge, {}, {}, {}, {}}
  {
  }

  NodeParts run()
  {
    for (std::size_t b = 0; b < level_.bricks.list.size(); ++b)
      for (std::int32_t n = level_.nodes.first_owned[b]; n < level_.nodes.first_owned[b + 1]; ++n)
        if (is_free_[index(n)] != 0 && of_node_[index(n)] == none)
          cut_cube_around(b, n);
    // In the order of the cubes: joining one part changes what the next one finds.
    std::sort(with_small_.begin(), with_small_.end(),
              [](const Marked& a, const Marked& b) { return a.cube < b.cube; });
    for (const Marked& marked : with_small_)
    {
      fill_cube(marked.brick, marked.first);
      join_small();
    }
    return renumbered();
  }

private:
  /// A cube that has a small part.
  struct Marked
  {
    std::uint64_t cube; ///< its number in the lattice of cubes
    std::size_t brick;
    Place first;
  };

  bool strong(float joint, std::int32_t a, std::int32_t b) const
  {
    return joint > strength_ * std::max(around_[index(a)], around_[index(b)]);
  }

  std::int32_t root(std::int32_t part)
  {
    auto at = index(part);
    while (index(parent_[at]) != at)
      at = index(parent_[at] = parent_[index(parent_[at])]);
    return static_cast<std::int32_t>(at);
  }

  bool is_small(std::int32_t node)
  {
    return count_[index(root(of_node_[index(node)]))] < rule_.smallest;
  }

  void cut_cube_around(std::size_t brick, std::int32_t node)
  {
    const Brick& b = level_.bricks.list[brick];
    const auto at = node_indices(level_.nodes.position[index(node)]);
    const Place origin = {brick_edge * b.i, brick_edge * b.j, brick_edge * b.k};
    Place cube{}, first{};
    for (std::size_t d = 0; d < 3; ++d)
    {
      cube[d] = (origin[d] + at[d]) / rule_.edge;
      first[d] = cube[d] * rule_.edge - origin[d];
    }
    fill_cube(brick, first);
    const std::size_t known = count_.size();
    cut_cube();
    if (std::any_of(count_.begin() + static_cast<std::ptrdiff_t>(known), count_.end(),
                    [&](int count) { return count < rule_.smallest; }))
      with_small_.push_back({number_of(cube), brick, first});
  }

  /// Number of a cube in the lattice of cubes.
  std::uint64_t number_of(const Place& cube) const
  {
    const auto& size = level_.bricks.size;
    const auto nx = static_cast<std::uint64_t>(size[0] / rule_.edge + 1);
    const auto ny = static_cast<std::uint64_t>(size[1] / rule_.edge + 1);
    return static_cast<std::uint64_t>(cube[0]) +
           nx * (static_cast<std::uint64_t>(cube[1]) + ny * static_cast<std::uint64_t>(cube[2]));
  }

  void fill_cube(std::size_t brick, const Place& first)
  {
    cube_.brick = brick;
    cube_.first = first;
    std::size_t slot = 0;
    for (int k = 0; k < rule_.edge; ++k)
      for (int j = 0; j < rule_.edge; ++j)
        for (int i = 0; i < rule_.edge; ++i)
        {
          const std::int32_t node = surroundings_.node(brick, plus(first, {i, j, k}));
          const bool counts = node != none && node < level_.nodes.owned && is_free_[index(node)];
          cube_.node[slot++] = counts ? node : none;
        }
    surroundings_.youngs(brick, plus(first, {-1, -1, -1}), rule_.edge + 1, cube_.youngs.data());
  }

  /// Gives each connected part of the cube a number.
  void cut_cube()
  {
    const bool whole = cube_.is_whole(strength_);
    for (std::size_t n = 0; n < cube_.nodes(); ++n)
    {
      if (cube_.node[n] == none || of_node_[index(cube_.node[n])] != none)
        continue;
      const auto part = static_cast<std::int32_t>(parent_.size());
      parent_.push_back(part);
      count_.push_back(0);
      if (!whole)
      {
        spread_from(n);
        continue;
      }
      for (std::size_t m = 0; m < cube_.nodes(); ++m)
        of_node_[index(cube_.node[m])] = part;
      count_.back() = static_cast<int>(cube_.nodes());
    }
  }

  void spread_from(std::size_t seed)
  {
    const std::int32_t part = parent_.back();
    stack_.assign(1, seed);
    of_node_[index(cube_.node[seed])] = part;
    while (!stack_.empty())
    {
      const Place at = cube_.place(stack_.back());
      const std::int32_t here = cube_.node[stack_.back()];
      stack_.pop_back();
      ++count_.back();
      for_inner_neighbours(at,
                           [&](const Place& to)
                           {
                             const std::int32_t there = cube_.node[cube_.number(to)];
                             const Place step = {to[0] - at[0], to[1] - at[1], to[2] - at[2]};
                             if (there == none || of_node_[index(there)] != none ||
                                 !strong(cube_.joint(at, step), here, there))
                               return;
                             of_node_[index(there)] = part;
                             stack_.push_back(cube_.number(to));
                           });
    }
  }

  template <typename Visit>
  void for_inner_neighbours(const Place& at, Visit&& visit) const
  {
    Place low{}, high{};
    for (std::size_t d = 0; d < 3; ++d)
    {
      low[d] = std::max(at[d] - 1, 0);
      high[d] = std::min(at[d] + 1, rule_.edge - 1);
    }
    for (int k = low[2]; k <= high[2]; ++k)
      for (int j = low[1]; j <= high[1]; ++j)
        for (int i = low[0]; i <= high[0]; ++i)
          visit(Place{i, j, k});
  }

  /// Joins each small part of the cube to a neighbour.
  void join_small()
  {
    for (std::size_t n = 0; n < cube_.nodes(); ++n)
    {
      if (cube_.node[n] == none || !is_small(cube_.node[n]))
        continue;
      const std::int32_t part = root(of_node_[index(cube_.node[n])]);
      if (const std::int32_t neighbour = neighbour_to_join(part); neighbour != none)
      {
        parent_[index(part)] = neighbour;
        count_[index(neighbour)] += count_[index(part)];
      }
    }
  }

  /// The part that `part` should join, by what joins its nodes in the cube to others; or -1.
  std::int32_t neighbour_to_join(std::int32_t part)
  {
    sums_.clear();
    for (std::size_t n = 0; n < cube_.nodes(); ++n)
      if (cube_.node[n] != none && root(of_node_[index(cube_.node[n])]) == part)
        add_joints(part, n);
    constexpr int rotating = 3; // nodes
    const int most = static_cast<int>(cube_.nodes() + cube_.nodes() / 4);
    const auto together = [&](const auto& s)
    { return count_[index(s.first)] + count_[index(part)]; };
    const auto worth = [&](const auto& s)
    {
      const auto nodes = static_cast<float>(together(s));
      return together(s) > most ? -nodes : s.second / nodes;
    };
    const auto best =
        std::max_element(sums_.begin(), sums_.end(),
                         [&](const auto& a, const auto& b) { return worth(a) < worth(b); });
    const bool fits =
        best != sums_.end() && (together(*best) <= most || count_[index(part)] < rotating);
    return fits ? best->first : none;
  }

  /// Adds to `sums_` what joins a node of `part` to other parts.
  void add_joints(std::int32_t part, std::size_t number)
  {
    const std::int32_t here = cube_.node[number];
    const Place at = cube_.place(number);
    for_steps(
        [&](const Place& step)
        {
          const float joint = cube_.joint(at, step);
          if (!(joint > strength_ * around_[index(here)]))
            return;
          const Place to = plus(at, step);
          const std::int32_t there = cube_.contains(to)
                                         ? cube_.node[cube_.number(to)]
                                         : surroundings_.node(cube_.brick, plus(cube_.first, to));
          if (there == none || of_node_[index(there)] == none || !strong(joint, here, there))
            return;
          const std::int32_t other = root(of_node_[index(there)]);
          if (other == part)
            return;
          const auto known = std::find_if(sums_.begin(), sums_.end(),
                                          [&](const auto& s) { return s.first == other; });
          if (known == sums_.end())
            sums_.emplace_back(other, joint);
          else
            known->second += joint;
        });
  }

  /// Consecutive numbers in the order of the nodes, so that neighbours in memory are neighbours in
  /// space.
  NodeParts renumbered()
  {
    std::vector<std::int32_t> number(parent_.size(), none);
    std::int32_t count = 0;
    for (std::int32_t n = 0; n < level_.nodes.owned; ++n)
    {
      std::int32_t& part = of_node_[index(n)];
      if (part == none)
        continue;
      std::int32_t& to = number[index(root(part))];
      if (to == none)
        to = count++;
      part = to;
    }
    return {count, std::move(of_node_)};
  }

  const Level& level_;
  const AggregateRule& rule_;
  const std::vector<std::uint8_t>& is_free_;
  float strength_;
  Surroundings surroundings_;
  std::vector<float> around_; ///< [local node] sum of Young's moduli of its voxels, MPa
  std::vector<std::int32_t> of_node_;
  Cube cube_;
  std::vector<std::int32_t> parent_; ///< [part] union-find
  std::vector<int> count_;           ///< [part] nodes
  std::vector<Marked> with_small_;
  std::vector<std::size_t> stack_;
  std::vector<std::pair<std::int32_t, float>> sums_; ///< by neighbouring part
};

} // namespace

NodeParts connected_parts(const Level& level, const AggregateRule& rule,
                          const std::vector<std::uint8_t>& is_free)
{
  return Maker(level, rule, is_free).run();
}

} // namespace calcar::voxel
