#include "voxel/galerkin.hpp"

#include "voxel/aggregation_sums.hpp"
#include "voxel/contact_galerkin.hpp"
#include "voxel/galerkin_couples.hpp"

#include <emmintrin.h>

#include <array>
#include <bit>
#include <cstring>
#include <stdexcept>

namespace calcar::voxel
{
namespace
{

constexpr std::uint8_t all_components = 7;
constexpr std::uint16_t no_aggregate = 0xffff;
constexpr std::uint32_t not_found = 0xffffffff;

/// The aggregates of one brick's nodes by short numbers, and what was found for pairs of them.
class BrickAggregates
{
public:
  explicit BrickAggregates(const Aggregates& aggregates)
      : aggregates_(aggregates), short_(aggregates.modes.size(), no_aggregate)
  {
  }

  /// `table`: the brick's 729 nodes; `free`: bits of the free components of each node.
  void read(const std::int32_t* table, const std::vector<std::uint8_t>& free)
  {
    for (const std::int32_t a : list_)
      short_[static_cast<std::size_t>(a)] = no_aggregate;
    list_.clear();
    centres_.clear();
    any_held_ = false;
    for (std::size_t p = 0; p < brick_nodes; ++p)
    {
      const auto node = static_cast<std::size_t>(table[p]);
      const bool exists = node < free.size();
      free_[p] = exists ? free[node] : all_components;
      at_[p] = exists ? short_number(aggregates_.of_node[node]) : no_aggregate;
      any_held_ = any_held_ || free_[p] != all_components;
    }
    found_.assign(list_.size() * list_.size(), not_found);
  }

  std::int32_t aggregate(std::uint16_t number) const { return list_[number]; }
  const Vec3& centre(std::uint16_t number) const { return centres_[number]; }
  std::uint16_t at(std::size_t position) const { return at_[position]; }
  std::uint8_t free(std::size_t position) const { return free_[position]; }
  bool any_held() const { return any_held_; }
  /// What was found for two aggregates; `not_found` at first.
  std::uint32_t& found(std::uint16_t a, std::uint16_t b) { return found_[a * list_.size() + b]; }

private:
  std::uint16_t short_number(std::int32_t aggregate)
  {
    if (aggregate < 0)
      return no_aggregate;
    std::uint16_t& number = short_[static_cast<std::size_t>(aggregate)];
    if (number == no_aggregate)
    {
      number = static_cast<std::uint16_t>(list_.size());
      list_.push_back(aggregate);
      centres_.push_back(aggregates_.modes[static_cast<std::size_t>(aggregate)].centre);
    }
    return number;
  }

  const Aggregates& aggregates_;
  std::vector<std::uint16_t> short_; ///< [aggregate]
  std::vector<std::int32_t> list_;   ///< [short number] aggregate
  std::vector<Vec3> centres_;        ///< [short number]
  std::vector<std::uint32_t> found_; ///< [short number][short number]
  std::array<std::uint16_t, brick_nodes> at_{};
  std::array<std::uint8_t, brick_nodes> free_{};
  bool any_held_ = false;
};

/// Number of a block. Throws std::length_error where a rank has 2^32 of them: 600 GB.
std::uint32_t short_index(std::size_t index)
{
  if (index >= not_found)
    throw std::length_error("a rank has more than 4294967295 blocks between aggregates. More ranks "
                            "make it fewer");
  return static_cast<std::uint32_t>(index);
}

/// The corners of a voxel by aggregate.
struct Groups
{
  std::size_t count = 0;
  std::uint16_t number[8];   ///< short number of the aggregate
  std::int32_t aggregate[8]; ///< ascending order decides between a block and its mirror image
  unsigned corners[8];       ///< bits
};

/// Bit c: number c is `value`.
unsigned equal_to(__m128i numbers, std::uint16_t value)
{
  const __m128i equal = _mm_cmpeq_epi16(numbers, _mm_set1_epi16(static_cast<short>(value)));
  return static_cast<unsigned>(_mm_movemask_epi8(_mm_packs_epi16(equal, _mm_setzero_si128())));
}

/// How corners are held: bits of the free components of each.
struct Holding
{
  std::array<std::uint8_t, 8> free{};
  bool any = false;    ///< a component of a corner is held
  bool partly = false; ///< some but not all components of a corner are

  explicit Holding(const BrickAggregates& near, const std::array<std::size_t, 8>& corner)
  {
    free.fill(all_components);
    if (!near.any_held())
      return;
    for (std::size_t c = 0; c < 8; ++c)
    {
      free[c] = near.free(corner[c]);
      any = any || free[c] != all_components;
      partly = partly || (free[c] != all_components && free[c] != 0);
    }
  }
};

/// Positions in a brick of the corners of its voxel `v`.
std::array<std::size_t, 8> corners_of(std::size_t v)
{
  const auto at = voxel_indices(static_cast<int>(v));
  const auto first = static_cast<std::size_t>(node_position(at[0], at[1], at[2]));
  constexpr std::size_t layer = brick_line * brick_line;
  return {
      first,         first + 1,         first + brick_line,         first + brick_line + 1,
      first + layer, first + layer + 1, first + layer + brick_line, first + layer + brick_line + 1};
}

Groups groups_of(const BrickAggregates& near, const std::array<std::size_t, 8>& corner)
{
  Groups groups;
  std::uint16_t numbers[8];
  for (std::size_t c = 0; c < 8; ++c)
    numbers[c] = near.at(corner[c]);
  __m128i all;
  std::memcpy(&all, numbers, sizeof(all));
  unsigned left = 0xff & ~equal_to(all, no_aggregate);
  while (left != 0)
  {
    const std::uint16_t number = numbers[std::countr_zero(left)];
    groups.number[groups.count] = number;
    groups.aggregate[groups.count] = near.aggregate(number);
    groups.corners[groups.count] = equal_to(all, number);
    left &= ~groups.corners[groups.count++];
  }
  return groups;
}

/// Calls visit(g, h) for each pair of groups, their aggregates in ascending order.
template <typename Visit>
void for_pairs(const Groups& groups, Visit&& visit)
{
  for (std::size_t g = 0; g < groups.count; ++g)
    for (std::size_t h = g; h < groups.count; ++h)
      if (groups.aggregate[g] <= groups.aggregate[h])
        visit(g, h);
      else
        visit(h, g);
}

class Assembly
{
public:
  Assembly(const Level& level, const Aggregates& aggregates, MPI_Comm comm)
      : level_(level), aggregates_(aggregates), free_(free_components(level)),
        couples_(level.bricks), sums_(aggregates.first, comm), near_(aggregates)
  {
    for (const std::uint64_t foreign : aggregates.foreign)
      sums_.index_of(foreign);
    parts_.reserve(batch + most_parts);
    made_.reserve(batch + most_parts);
    offsets_.reserve(batch + most_parts);
  }

  BlockMatrix run()
  {
    for_voxels([&](std::size_t, std::size_t, const Groups& groups, const Holding&)
               { note_groups(groups); });
    sums_.allocate();
    for_voxels([&](std::size_t b, std::size_t v, const Groups& groups, const Holding& holding)
               { add_groups(b, v, groups, holding); });
    add_parts();
    add_springs();
    add_pressed(level_, aggregates_, free_, sums_);
    sums_.transform(aggregates_.modes);
    sums_.send_foreign();
    return sums_.finish();
  }

private:
  static constexpr std::size_t batch = 256;     ///< parts that are worked on at once
  static constexpr std::size_t most_parts = 36; ///< of a voxel

  /// Calls visit(brick, voxel, groups, holding) for voxels whose corners are in more than one
  /// aggregate, or held.
  template <typename Visit>
  void for_voxels(Visit&& visit)
  {
    for (std::size_t b = 0; b < level_.bricks.list.size(); ++b)
    {
      near_.read(level_.nodes.table.data() + b * brick_nodes, free_);
      for (std::size_t v = 0; v < brick_voxels; ++v)
      {
        if (!(level_.bricks.mu[b * brick_voxels + v] > 0))
          continue;
        const auto corners = corners_of(v);
        const Groups groups = groups_of(near_, corners);
        const Holding holding(near_, corners);
        if (groups.count > 1 || (groups.count == 1 && holding.any))
          visit(b, v, groups, holding);
      }
    }
  }

  void note_groups(const Groups& groups)
  {
    for_pairs(groups,
              [&](std::size_t g, std::size_t h)
              {
                std::uint32_t& known = near_.found(groups.number[g], groups.number[h]);
                if (known == not_found)
                  sums_.note(groups.aggregate[g], groups.aggregate[h]);
                known = 0;
              });
  }

  void add_groups(std::size_t b, std::size_t v, const Groups& groups, const Holding& holding)
  {
    const Vec3 centre = centre_of_voxel(b, v);
    const Offset* from = offsets_.data() + offsets_.size();
    for (std::size_t g = 0; g < groups.count; ++g)
      offsets_.push_back(offset_of(centre - near_.centre(groups.number[g])));
    const float lambda = level_.bricks.lambda[b * brick_voxels + v];
    const float mu = level_.bricks.mu[b * brick_voxels + v];
    for_pairs(groups,
              [&](std::size_t g, std::size_t h)
              {
                parts_.push_back({couple(groups, g, h, holding), from + g, from + h,
                                  block(groups, g, h), lambda, mu});
              });
    if (parts_.size() >= batch)
      add_parts();
  }

  const Couple* couple(const Groups& groups, std::size_t g, std::size_t h, const Holding& holding)
  {
    if (!holding.partly) // wholly held corners are in no group
      return &couples_.all_free(groups.corners[g], groups.corners[h]);
    made_.push_back(couples_.made(groups.corners[g], groups.corners[h], holding.free));
    return &made_.back();
  }

  float* block(const Groups& groups, std::size_t g, std::size_t h)
  {
    std::uint32_t& known = near_.found(groups.number[g], groups.number[h]);
    if (known == not_found)
      known = short_index(sums_.index(groups.aggregate[g], groups.aggregate[h]));
    float* values = sums_.values(known);
    for (std::size_t line = 0; line < 36; line += 16) // needed when the batch is worked on
      __builtin_prefetch(values + line, 1);
    return values;
  }

  void add_parts()
  {
    aggregation_kernels().add_voxels(parts_.data(), parts_.size());
    parts_.clear();
    made_.clear();
    offsets_.clear();
  }

  void add_springs()
  {
    for (const Spring& spring : level_.constraints.springs)
    {
      const auto node = static_cast<std::size_t>(spring.node);
      const std::int32_t a = aggregates_.of_node[node];
      if (a < 0)
        continue;
      const auto home = static_cast<std::size_t>(home_brick(level_.nodes, spring.node));
      const Brick& brick = level_.bricks.list[home];
      const auto at = node_indices(level_.nodes.position[node]);
      const Vec3 place{(brick_edge * brick.i + at[0]) * edges_.x,
                       (brick_edge * brick.j + at[1]) * edges_.y,
                       (brick_edge * brick.k + at[2]) * edges_.z};
      const Matrix6 motion = moved(place - aggregates_.modes[static_cast<std::size_t>(a)].centre);
      const SymTensor& s = spring.stiffness;
      const Block3 k = {s.xx, s.xy, s.zx, s.xy, s.yy, s.yz, s.zx, s.yz, s.zz};
      const Matrix6 part = between(motion, free_[node], k, motion, free_[node]);
      float* to = sums_.values(sums_.index(a, a));
      for (std::size_t q = 0; q < 36; ++q)
        to[q] += static_cast<float>(part[q]);
    }
  }

  Vec3 centre_of_voxel(std::size_t b, std::size_t v) const
  {
    const Brick& brick = level_.bricks.list[b];
    const auto at = voxel_indices(static_cast<int>(v));
    return {(brick_edge * brick.i + at[0] + 0.5) * edges_.x,
            (brick_edge * brick.j + at[1] + 0.5) * edges_.y,
            (brick_edge * brick.k + at[2] + 0.5) * edges_.z};
  }

  const Level& level_;
  const Aggregates& aggregates_;
  std::vector<std::uint8_t> free_;
  Vec3 edges_ = level_.bricks.spacing / mean_edge(level_.bricks); ///< in mean edges
  Couples couples_;
  BlockSums sums_;
  BrickAggregates near_;
  std::vector<VoxelPart> parts_;
  std::vector<Couple> made_;    ///< for `parts_`; has room for all, so that none moves
  std::vector<Offset> offsets_; ///< the same
};

} // namespace

BlockMatrix rigid_stiffness(const Level& level, const Aggregates& aggregates, MPI_Comm comm)
{
  return Assembly(level, aggregates, comm).run();
}

} // namespace calcar::voxel
