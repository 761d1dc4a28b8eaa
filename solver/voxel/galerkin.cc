#include "voxel/galerkin.hpp"

#include "voxel/aggregation_sums.hpp"
#include "voxel/element_matrix.hpp"

#include <algorithm>
#include <memory>

namespace calcar::voxel
{
namespace
{

using Block3 = std::array<double, 9>;

/// What two corners do to each other in rigid motions about the voxel's centre, for unit lambda and
/// unit mu.
struct Couple
{
  LaneBlock of_lambda;
  LaneBlock of_mu;
};

void mix(const Couple& couple, float lambda, float mu, LaneBlock& to)
{
  for (std::size_t r = 0; r < 6; ++r)
    to.row[r] = lambda * couple.of_lambda.row[r] + mu * couple.of_mu.row[r];
}

/// R_a^T k R_b of two nodes, with R the displacement of a node in rigid motions; rows and columns
/// of components that are not free left out.
Matrix6 between(const Matrix6& at_a, std::uint8_t free_a, const Block3& k, const Matrix6& at_b,
                std::uint8_t free_b)
{
  Matrix6 m{};
  for (std::size_t r = 0; r < 3; ++r)
    for (std::size_t s = 0; s < 3; ++s)
      if ((free_a >> r & 1) && (free_b >> s & 1) && k[3 * r + s] != 0)
        for (std::size_t i = 0; i < 6; ++i)
          for (std::size_t j = 0; j < 6; ++j)
            m[6 * i + j] += at_a[6 * r + i] * k[3 * r + s] * at_b[6 * s + j];
  return m;
}

Block3 corner_block(const ElementMatrix& element, std::size_t a, std::size_t b)
{
  Block3 k{};
  for (std::size_t r = 0; r < 3; ++r)
    for (std::size_t s = 0; s < 3; ++s)
      k[3 * r + s] = element[24 * (3 * a + r) + 3 * b + s];
  return k;
}

/// Couples of groups of a voxel's corners; a group is a set of bits.
class Couples
{
public:
  explicit Couples(const Bricks& bricks)
      : of_lambda_(element_matrix(bricks.spacing, 1, 0)),
        of_mu_(element_matrix(bricks.spacing, 0, 1)), table_(256 * 256)
  {
    const Vec3 half = bricks.spacing / (2 * mean_edge(bricks));
    for (std::size_t c = 0; c < 8; ++c)
      at_[c] =
          moved({c & 1 ? half.x : -half.x, c & 2 ? half.y : -half.y, c & 4 ? half.z : -half.z});
  }

  const Couple& all_free(unsigned group, unsigned other)
  {
    auto& entry = table_[256 * group + other];
    if (!entry)
    {
      constexpr std::array<std::uint8_t, 8> free = {7, 7, 7, 7, 7, 7, 7, 7};
      entry = std::make_unique<Couple>(made(group, other, free));
    }
    return *entry;
  }

  /// `free`: bits of the free components of each corner.
  Couple made(unsigned group, unsigned other, const std::array<std::uint8_t, 8>& free) const
  {
    Matrix6 of_lambda{}, of_mu{};
    const auto add = [](Matrix6& sum, const Matrix6& part)
    {
      for (std::size_t q = 0; q < 36; ++q)
        sum[q] += part[q];
    };
    for (std::size_t a = 0; a < 8; ++a)
      for (std::size_t b = 0; b < 8; ++b)
        if ((group >> a & 1) && (other >> b & 1))
        {
          add(of_lambda, between(at_[a], free[a], corner_block(of_lambda_, a, b), at_[b], free[b]));
          add(of_mu, between(at_[a], free[a], corner_block(of_mu_, a, b), at_[b], free[b]));
        }
    return {lane_block(of_lambda), lane_block(of_mu)};
  }

private:
  ElementMatrix of_lambda_, of_mu_;
  std::array<Matrix6, 8> at_{};
  std::vector<std::unique_ptr<Couple>> table_;
};

/// The corners of a voxel by aggregate.
struct Groups
{
  int count = 0;
  std::array<std::int32_t, 8> aggregate{};
  std::array<unsigned, 8> corners{};

  void add(std::int32_t number, unsigned corner)
  {
    for (int g = 0; g < count; ++g)
      if (aggregate[static_cast<std::size_t>(g)] == number)
      {
        corners[static_cast<std::size_t>(g)] |= 1U << corner;
        return;
      }
    aggregate[static_cast<std::size_t>(count)] = number;
    corners[static_cast<std::size_t>(count++)] = 1U << corner;
  }
};

/// s becomes a^T s b for moved(a) and moved(b), without the multiplications by zero and one: with
/// moved(d) = [I X; 0 I], X w = w x d.
void move_both(Vec3 a, LaneBlock& s, Vec3 b)
{
  const auto bx = static_cast<float>(b.x), by = static_cast<float>(b.y),
             bz = static_cast<float>(b.z);
  // Columns: s [I X; 0 I] adds (left half of s) X to the right half.
  const FloatLane plus = {0, 0, 0, by, bz, bx, 0, 0}, minus = {0, 0, 0, bz, bx, by, 0, 0};
  for (FloatLane& row : s.row)
    row += __builtin_shufflevector(row, row, 0, 1, 2, 2, 0, 1, 6, 7) * plus -
           __builtin_shufflevector(row, row, 0, 1, 2, 1, 2, 0, 6, 7) * minus;
  const auto ax = static_cast<float>(a.x), ay = static_cast<float>(a.y),
             az = static_cast<float>(a.z);
  s.row[3] += s.row[2] * ay - s.row[1] * az;
  s.row[4] += s.row[0] * az - s.row[2] * ax;
  s.row[5] += s.row[1] * ax - s.row[0] * ay;
}

class Assembly
{
public:
  Assembly(const Level& level, const Aggregates& aggregates, MPI_Comm comm)
      : level_(level), aggregates_(aggregates), free_(free_components(level)),
        couples_(level.bricks), sums_(aggregates.first, comm)
  {
    for (const std::uint64_t foreign : aggregates.foreign)
      sums_.index_of(foreign);
  }

  BlockMatrix run()
  {
    for_voxels([&](const Voxel& voxel) { note_groups(voxel.groups); });
    sums_.allocate();
    for_voxels([&](const Voxel& voxel) { add_groups(voxel); });
    add_springs();
    sums_.transform(aggregates_.modes);
    sums_.send_foreign();
    return sums_.finish();
  }

private:
  /// A voxel whose corners are in more than one aggregate, or held.
  struct Voxel
  {
    Groups groups;
    std::array<std::uint8_t, 8> free{};
    bool any_held = false;
    std::array<int, 3> at{};
    float lambda = 0, mu = 0;
  };

  template <typename Visit>
  void for_voxels(Visit&& visit) const
  {
    for (std::size_t b = 0; b < level_.bricks.list.size(); ++b)
      for (std::size_t v = 0; v < brick_voxels; ++v)
      {
        if (!(level_.bricks.mu[b * brick_voxels + v] > 0))
          continue;
        const Voxel voxel = voxel_at(b, v);
        if (voxel.groups.count > 1 || (voxel.groups.count == 1 && voxel.any_held))
          visit(voxel);
      }
  }

  Voxel voxel_at(std::size_t b, std::size_t v) const
  {
    const auto at = voxel_indices(static_cast<int>(v));
    const std::int32_t* table = level_.nodes.table.data() + b * brick_nodes;
    Voxel voxel;
    for (unsigned c = 0; c < 8; ++c)
    {
      const auto node = static_cast<std::size_t>(
          table[node_position(at[0] + static_cast<int>(c & 1), at[1] + static_cast<int>(c >> 1 & 1),
                              at[2] + static_cast<int>(c >> 2))]);
      voxel.free[c] = free_[node];
      voxel.any_held = voxel.any_held || voxel.free[c] != 7;
      if (aggregates_.of_node[node] >= 0)
        voxel.groups.add(aggregates_.of_node[node], c);
    }
    const Brick& brick = level_.bricks.list[b];
    voxel.at = {brick_edge * brick.i + at[0], brick_edge * brick.j + at[1],
                brick_edge * brick.k + at[2]};
    voxel.lambda = level_.bricks.lambda[b * brick_voxels + v];
    voxel.mu = level_.bricks.mu[b * brick_voxels + v];
    return voxel;
  }

  void note_groups(const Groups& groups)
  {
    for (std::size_t g = 0; g < static_cast<std::size_t>(groups.count); ++g)
      for (std::size_t h = g; h < static_cast<std::size_t>(groups.count); ++h)
        sums_.note(std::min(groups.aggregate[g], groups.aggregate[h]),
                   std::max(groups.aggregate[g], groups.aggregate[h]));
  }

  void add_groups(const Voxel& voxel)
  {
    const Groups& groups = voxel.groups;
    const Vec3 edges = level_.bricks.spacing / mean_edge_;
    const Vec3 centre{(voxel.at[0] + 0.5) * edges.x, (voxel.at[1] + 0.5) * edges.y,
                      (voxel.at[2] + 0.5) * edges.z};
    std::array<Vec3, 8> from{};
    for (std::size_t g = 0; g < static_cast<std::size_t>(groups.count); ++g)
      from[g] = centre - centre_of(groups.aggregate[g]);
    for (std::size_t g = 0; g < static_cast<std::size_t>(groups.count); ++g)
      for (std::size_t h = 0; h < static_cast<std::size_t>(groups.count); ++h)
      {
        if (groups.aggregate[g] > groups.aggregate[h])
          continue;
        LaneBlock part;
        if (voxel.any_held)
          mix(couples_.made(groups.corners[g], groups.corners[h], voxel.free), voxel.lambda,
              voxel.mu, part);
        else
          mix(couples_.all_free(groups.corners[g], groups.corners[h]), voxel.lambda, voxel.mu,
              part);
        move_both(from[g], part, from[h]);
        sums_.add(groups.aggregate[g], groups.aggregate[h], part);
      }
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
      const Vec3 edges = level_.bricks.spacing / mean_edge_;
      const Vec3 place{(brick_edge * brick.i + at[0]) * edges.x,
                       (brick_edge * brick.j + at[1]) * edges.y,
                       (brick_edge * brick.k + at[2]) * edges.z};
      const Matrix6 motion = moved(place - centre_of(a));
      const SymTensor& s = spring.stiffness;
      const Block3 k = {s.xx, s.xy, s.zx, s.xy, s.yy, s.yz, s.zx, s.yz, s.zz};
      sums_.add(a, a, lane_block(between(motion, free_[node], k, motion, free_[node])));
    }
  }

  Vec3 centre_of(std::int32_t aggregate) const
  {
    return aggregates_.modes[static_cast<std::size_t>(aggregate)].centre;
  }

  const Level& level_;
  const Aggregates& aggregates_;
  std::vector<std::uint8_t> free_;
  double mean_edge_ = mean_edge(level_.bricks);
  Couples couples_;
  BlockSums sums_;
};

} // namespace

BlockMatrix rigid_stiffness(const Level& level, const Aggregates& aggregates, MPI_Comm comm)
{
  return Assembly(level, aggregates, comm).run();
}

} // namespace calcar::voxel
