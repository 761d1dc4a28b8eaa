#include "base/large_pages.hpp"
#include "base/parallel.hpp"
#include "voxel/level.hpp"

#include <algorithm>
#include <numeric>

namespace calcar::voxel
{
namespace
{

constexpr std::int32_t none = -1;

/// The 27 bricks around one, itself included, by number in the list; -1 where there is none.
using Around = std::array<std::int32_t, 27>;

Around bricks_around(const Bricks& bricks, const Brick& brick)
{
  Around around{};
  for (int n = 0; n < 27; ++n)
    around[static_cast<std::size_t>(n)] =
        find_brick(bricks, {brick.i + n % 3 - 1, brick.j + n / 3 % 3 - 1, brick.k + n / 9 - 1});
  return around;
}

/// Calls visit(brick number or -1, position there) for the other bricks that contain a node of a
/// brick's surface.
template <typename Visit>
void for_other_bricks(const Around& around, int position, Visit&& visit)
{
  const auto at = node_indices(position);
  std::array<int, 3> low{}, high{};
  for (std::size_t d = 0; d < 3; ++d)
  {
    low[d] = at[d] == 0 ? -1 : 0;
    high[d] = at[d] == brick_edge ? 1 : 0;
  }
  for (int dk = low[2]; dk <= high[2]; ++dk)
    for (int dj = low[1]; dj <= high[1]; ++dj)
      for (int di = low[0]; di <= high[0]; ++di)
        if (di != 0 || dj != 0 || dk != 0)
          visit(around[static_cast<std::size_t>(di + 1 + 3 * (dj + 1) + 9 * (dk + 1))],
                node_position(at[0] - brick_edge * di, at[1] - brick_edge * dj,
                              at[2] - brick_edge * dk));
}

bool on_surface(int position)
{
  const auto at = node_indices(position);
  return std::any_of(at.begin(), at.end(), [](int x) { return x == 0 || x == brick_edge; });
}

/// Which of a brick's nodes are corners of its active voxels.
std::array<bool, brick_nodes> touched_nodes(const float* mu)
{
  std::array<bool, brick_nodes> touched{};
  for (int v = 0; v < brick_voxels; ++v)
    if (mu[v] > 0)
    {
      const auto at = voxel_indices(v);
      for (int corner = 0; corner < 8; ++corner)
        touched[static_cast<std::size_t>(node_position(
            at[0] + (corner & 1), at[1] + (corner >> 1 & 1), at[2] + (corner >> 2)))] = true;
    }
  return touched;
}

/// A node in the order of its home bricks, before owned ones are moved to the front.
struct Numbered
{
  std::int32_t brick;
  std::uint16_t position;
  bool maybe_shared;
};

/// Numbers the nodes brick by brick into `table`, each at the last brick that touches it; entries
/// of untouched nodes stay -1.
std::vector<Numbered> number_in_order(const Bricks& bricks, std::vector<std::int32_t>& table)
{
  // Backwards, so that the first brick met is the last one; turned around at the end.
  std::vector<Numbered> nodes;
  const auto parted = [&](std::size_t brick)
  { return !bricks.parted.empty() && bricks.parted[brick]; };
  assign_on_large_pages(table, bricks.list.size() * brick_nodes, none);
  for (std::size_t b = bricks.list.size(); b-- > 0;)
  {
    const Around around = bricks_around(bricks, bricks.list[b]);
    const auto touched = touched_nodes(bricks.mu.data() + b * brick_voxels);
    for (int p = brick_nodes; p-- > 0;)
    {
      if (!touched[static_cast<std::size_t>(p)])
        continue;
      std::int32_t known = none;
      bool shared = parted(b);
      if (on_surface(p))
        for_other_bricks(around, p,
                         [&](std::int32_t other, int position)
                         {
                           shared =
                               shared || other == none || parted(static_cast<std::size_t>(other));
                           if (other > static_cast<std::int32_t>(b) && known == none)
                             known = table[static_cast<std::size_t>(other) * brick_nodes +
                                           static_cast<std::size_t>(position)];
                         });
      if (known == none)
      {
        known = static_cast<std::int32_t>(nodes.size());
        nodes.push_back({static_cast<std::int32_t>(b), static_cast<std::uint16_t>(p), shared});
      }
      table[b * brick_nodes + static_cast<std::size_t>(p)] = known;
    }
  }
  std::reverse(nodes.begin(), nodes.end());
  const auto last = static_cast<std::int32_t>(nodes.size()) - 1;
  for (std::int32_t& entry : table)
    if (entry != none)
      entry = last - entry;
  return nodes;
}

/// The new number of each node when owned ones come first; fills counts, positions and the ranges
/// by brick.
std::vector<std::int32_t> owned_first(const std::vector<Numbered>& nodes,
                                      const std::vector<bool>& is_copy, std::size_t bricks,
                                      Nodes& result)
{
  result.count = static_cast<std::int32_t>(nodes.size());
  result.owned =
      result.count - static_cast<std::int32_t>(std::count(is_copy.begin(), is_copy.end(), true));
  result.position.resize(nodes.size());
  result.first_owned.assign(bricks + 1, 0);
  result.first_copy.assign(bricks + 1, result.owned);
  std::vector<std::int32_t> renumbered(nodes.size());
  std::int32_t next_owned = 0, next_copy = result.owned;
  std::size_t n = 0;
  for (std::size_t b = 0; b < bricks; ++b)
  {
    for (; n < nodes.size() && nodes[n].brick == static_cast<std::int32_t>(b); ++n)
    {
      renumbered[n] = is_copy[n] ? next_copy++ : next_owned++;
      result.position[static_cast<std::size_t>(renumbered[n])] = nodes[n].position;
    }
    result.first_owned[b + 1] = next_owned;
    result.first_copy[b + 1] = next_copy;
  }
  return renumbered;
}

/// Bricks with shared nodes first, each part in the order of the curve.
void set_turns(Nodes& nodes, std::size_t bricks)
{
  std::vector<bool> shared(static_cast<std::size_t>(nodes.count) + 1, false);
  for (const std::int32_t node : nodes.exchange.shared_nodes())
    shared[static_cast<std::size_t>(node)] = true;
  const auto has_shared = [&](std::int32_t brick)
  {
    const std::int32_t* table = nodes.table.data() + static_cast<std::size_t>(brick) * brick_nodes;
    return std::any_of(table, table + brick_nodes,
                       [&](std::int32_t node) { return shared[static_cast<std::size_t>(node)]; });
  };
  nodes.turn.resize(bricks);
  std::iota(nodes.turn.begin(), nodes.turn.end(), 0);
  nodes.shared_turns = 0;
  if (nodes.exchange.shared_nodes().empty())
    return;
  const auto inner = std::stable_partition(nodes.turn.begin(), nodes.turn.end(), has_shared);
  nodes.shared_turns = static_cast<std::size_t>(inner - nodes.turn.begin());
}

} // namespace

Nodes number_nodes(const Bricks& bricks, MPI_Comm comm)
{
  Nodes result;
  const std::vector<Numbered> nodes = number_in_order(bricks, result.table);

  std::vector<std::uint64_t> ids;
  std::vector<std::int32_t> candidates;
  if (size(comm) > 1)
    for (std::size_t n = 0; n < nodes.size(); ++n)
      if (nodes[n].maybe_shared)
      {
        candidates.push_back(static_cast<std::int32_t>(n));
        ids.push_back(lattice_id(bricks, bricks.list[static_cast<std::size_t>(nodes[n].brick)],
                                 nodes[n].position));
      }
  const std::vector<SharedNode> shared = find_shared(ids, comm);
  std::vector<bool> is_copy(nodes.size(), false);
  for (const SharedNode& node : shared)
    is_copy[static_cast<std::size_t>(candidates[node.index])] = node.ranks.front() < rank(comm);

  const auto renumbered = owned_first(nodes, is_copy, bricks.list.size(), result);
  for (std::int32_t& entry : result.table)
    entry = entry == none ? result.count : renumbered[static_cast<std::size_t>(entry)];

  std::vector<std::int32_t> shared_nodes;
  std::vector<std::uint64_t> shared_ids;
  for (const SharedNode& node : shared)
  {
    shared_nodes.push_back(renumbered[static_cast<std::size_t>(candidates[node.index])]);
    shared_ids.push_back(ids[node.index]);
  }
  result.exchange = Exchange(shared, shared_nodes, shared_ids, comm);
  set_turns(result, bricks.list.size());
  return result;
}

std::int32_t home_brick(const Nodes& nodes, std::int32_t node)
{
  const auto& first = node < nodes.owned ? nodes.first_owned : nodes.first_copy;
  return static_cast<std::int32_t>(std::upper_bound(first.begin(), first.end(), node) -
                                   first.begin()) -
         1;
}

} // namespace calcar::voxel
