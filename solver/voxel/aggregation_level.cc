#include "voxel/aggregation_level.hpp"

#include "base/parallel.hpp"
#include "voxel/aggregation_sums.hpp"

#include <algorithm>
#include <cmath>

namespace calcar::voxel
{
namespace
{

constexpr std::int32_t none = -1;

Matrix6 block_of(const float* values)
{
  Matrix6 m{};
  std::copy_n(values, 36, m.begin());
  return m;
}

void append(std::vector<float>& values, const Matrix6& m)
{
  for (const double v : m)
    values.push_back(static_cast<float>(v));
}

/// The inverse of a positive block; directions that are hardly stiff (hinges) get none.
Matrix6 inverse_of(Matrix6 m)
{
  std::array<double, 6> scale{};
  for (std::size_t i = 0; i < 6; ++i)
    scale[i] = 1 / std::sqrt(m[7 * i]);
  for (std::size_t i = 0; i < 6; ++i)
    for (std::size_t j = 0; j < 6; ++j)
      m[6 * i + j] *= scale[i] * scale[j];
  const Matrix6 root = rigid_modes({}, m, 1e-6).from_modes;
  Matrix6 inverse = root * transposed(root);
  for (std::size_t i = 0; i < 6; ++i)
    for (std::size_t j = 0; j < 6; ++j)
      inverse[6 * i + j] *= scale[i] * scale[j];
  return inverse;
}

double dot_blocks(const AggregationLevel& level, const std::vector<float>& a,
                  const std::vector<float>& b, MPI_Comm comm)
{
  double sum = 0;
  for (std::size_t n = 0; n < block_stride * static_cast<std::size_t>(level.matrix.rows); ++n)
    sum += static_cast<double>(a[n]) * static_cast<double>(b[n]);
  MPI_Allreduce(MPI_IN_PLACE, &sum, 1, MPI_DOUBLE, MPI_SUM, comm);
  return sum;
}

/// t = A x.
void product(AggregationLevel& level)
{
  level.exchange.fill_bytes(reinterpret_cast<std::byte*>(level.x.data()),
                            block_stride * sizeof(float));
  multiply(level.matrix, level.x, level.t);
}

/// t = b - A x.
void residual(AggregationLevel& level)
{
  product(level);
  for (std::size_t n = 0; n < level.t.size(); ++n)
    level.t[n] = level.b[n] - level.t[n];
}

/// Power steps on D^-1 A: an estimate of its largest eigenvalue from below.
double power_steps(AggregationLevel& level, int steps, MPI_Comm comm)
{
  scatter_values(level, comm);
  for (int step = 0; step < steps; ++step)
  {
    normalise(level, comm);
    product(level);
    std::fill(level.d.begin(), level.d.end(), 0.0F);
    add_blockwise(level.inverse, 1, level.t, level.d);
    std::swap(level.x, level.d);
  }
  return std::max(normalise(level, comm), 1e-6);
}

/// Strong neighbours of each row: (column, size of the block).
using Graph = std::vector<std::vector<std::pair<std::int32_t, float>>>;

float size_of(const float* block)
{
  float sum = 0;
  for (int q = 0; q < 36; ++q)
    sum += block[q] * block[q];
  return std::sqrt(sum);
}

Graph strong_graph(const BlockMatrix& matrix, double strength)
{
  std::vector<float> own(static_cast<std::size_t>(matrix.rows));
  for (std::size_t row = 0; row < own.size(); ++row)
    own[row] = size_of(matrix.block(matrix.start[row]));
  Graph graph(own.size());
  for (std::size_t row = 0; row < own.size(); ++row)
    for (std::size_t b = matrix.start[row] + 1; b < matrix.start[row + 1]; ++b)
    {
      const std::int32_t column = matrix.column[b];
      if (column >= matrix.rows)
        continue;
      const float joint = size_of(matrix.block(b));
      if (!(joint > static_cast<float>(strength) *
                        std::max(own[row], own[static_cast<std::size_t>(column)])))
        continue;
      graph[row].emplace_back(column, joint);
      graph[static_cast<std::size_t>(column)].emplace_back(static_cast<std::int32_t>(row), joint);
    }
  return graph;
}

/// Stars: a row whose strong neighbours are all free takes them; what is left joins its strongest
/// neighbour that is taken, or makes a star of its own. Returns the number of stars.
std::int32_t join_stars(const Graph& graph, std::vector<std::int32_t>& parent)
{
  const auto taken = [&](std::int32_t row)
  { return parent[static_cast<std::size_t>(row)] != none; };
  parent.assign(graph.size(), none);
  std::int32_t count = 0;
  for (std::size_t row = 0; row < graph.size(); ++row)
  {
    const auto& near = graph[row];
    if (parent[row] != none || near.empty() ||
        std::any_of(near.begin(), near.end(), [&](const auto& n) { return taken(n.first); }))
      continue;
    parent[row] = count;
    for (const auto& neighbour : near)
      parent[static_cast<std::size_t>(neighbour.first)] = count;
    ++count;
  }
  std::vector<std::int32_t> joined = parent;
  for (std::size_t row = 0; row < graph.size(); ++row)
  {
    float best = 0;
    if (parent[row] == none)
      for (const auto& neighbour : graph[row])
        if (taken(neighbour.first) && neighbour.second > best)
        {
          best = neighbour.second;
          joined[row] = parent[static_cast<std::size_t>(neighbour.first)];
        }
  }
  parent = joined;
  for (std::size_t row = 0; row < graph.size(); ++row)
    if (parent[row] == none)
    {
      parent[row] = count;
      for (const auto& neighbour : graph[row])
        if (!taken(neighbour.first))
          parent[static_cast<std::size_t>(neighbour.first)] = count;
      ++count;
    }
  return count;
}

/// Joins strong neighbours; where that leaves too many, weaker ones count too. Returns the number
/// of stars.
std::int32_t join_neighbours(AggregationLevel& level, double strength)
{
  constexpr std::int32_t wanted_ratio = 4;
  constexpr double weakest = 1e-4;
  std::int32_t count = join_stars(strong_graph(level.matrix, strength), level.parent);
  while (count > level.matrix.rows / wanted_ratio && strength > weakest)
  {
    strength /= 4;
    count = join_stars(strong_graph(level.matrix, strength), level.parent);
  }
  return count;
}

/// Modes of joined aggregates: centres weighted by the translations they have.
std::vector<RigidModes> joined_modes(const AggregationLevel& fine, std::int32_t count)
{
  std::vector<Vec3> centre(static_cast<std::size_t>(count));
  std::vector<double> weight(static_cast<std::size_t>(count), 0);
  const auto weight_of = [](const RigidModes& m)
  {
    return 1e-6 + m.to_modes[0] * m.to_modes[0] + m.to_modes[7] * m.to_modes[7] +
           m.to_modes[14] * m.to_modes[14];
  };
  for (std::size_t row = 0; row < fine.parent.size(); ++row)
  {
    const auto to = static_cast<std::size_t>(fine.parent[row]);
    centre[to] += weight_of(fine.modes[row]) * fine.modes[row].centre;
    weight[to] += weight_of(fine.modes[row]);
  }
  std::vector<Matrix6> gram(static_cast<std::size_t>(count), Matrix6{});
  for (std::size_t to = 0; to < gram.size(); ++to)
    centre[to] = centre[to] / weight[to];
  for (std::size_t row = 0; row < fine.parent.size(); ++row)
  {
    const auto to = static_cast<std::size_t>(fine.parent[row]);
    const Matrix6 carried = fine.modes[row].to_modes * moved(fine.modes[row].centre - centre[to]);
    const Matrix6 part = transposed(carried) * carried;
    for (std::size_t q = 0; q < 36; ++q)
      gram[to][q] += part[q];
  }
  std::vector<RigidModes> modes(static_cast<std::size_t>(count));
  for (std::size_t to = 0; to < gram.size(); ++to)
    modes[to] = rigid_modes(centre[to], gram[to]);
  return modes;
}

/// A block of the next level's kin: what its neighbours need to know.
struct Kin
{
  std::uint64_t parent;
  float to_parent[36 + 2];
};

/// T^T A T.
BlockMatrix coarse_matrix(const AggregationLevel& fine, const std::vector<std::uint64_t>& first,
                          MPI_Comm comm)
{
  const auto rows = static_cast<std::size_t>(fine.matrix.rows);
  std::vector<Kin> kin(rows + fine.matrix.ghosts.size());
  const std::uint64_t own_first = first[static_cast<std::size_t>(rank(comm))];
  for (std::size_t row = 0; row < rows; ++row)
  {
    kin[row].parent = own_first + static_cast<std::uint64_t>(fine.parent[row]);
    std::copy_n(fine.to_parent.data() + 36 * row, 36, kin[row].to_parent);
  }
  fine.exchange.fill(kin.data());

  BlockSums sums(first, comm);
  std::vector<std::int32_t> beside(kin.size());
  for (std::size_t n = 0; n < kin.size(); ++n)
    beside[n] = sums.index_of(kin[n].parent);
  for (std::size_t row = 0; row < rows; ++row)
    for (std::size_t b = fine.matrix.start[row]; b < fine.matrix.start[row + 1]; ++b)
    {
      const std::int32_t other = beside[static_cast<std::size_t>(fine.matrix.column[b])];
      sums.note(std::min(beside[row], other), std::max(beside[row], other));
    }
  sums.allocate();
  for (std::size_t row = 0; row < rows; ++row)
    for (std::size_t b = fine.matrix.start[row]; b < fine.matrix.start[row + 1]; ++b)
    {
      const auto column = static_cast<std::size_t>(fine.matrix.column[b]);
      LaneBlock block, left, right;
      load_block(fine.matrix.block(b), block);
      load_block(kin[row].to_parent, left);
      load_block(kin[column].to_parent, right);
      const LaneBlock value = sandwich(left, block, right);
      const std::int32_t to = beside[row], other = beside[column];
      if (to <= other)
        sums.add(to, other, value);
      if (to > other || (to == other && column != row))
        sums.add(other, to, transposed(value));
    }
  return sums.finish();
}

} // namespace

std::size_t AggregationLevel::bytes() const
{
  return matrix.bytes() +
         sizeof(float) *
             (inverse.size() + to_parent.size() + x.size() + b.size() + d.size() + t.size()) +
         parent.size() * sizeof(std::int32_t);
}

void scatter_values(AggregationLevel& level, MPI_Comm comm)
{
  const std::uint64_t own = level.first[static_cast<std::size_t>(rank(comm))];
  for (std::size_t row = 0; row < static_cast<std::size_t>(level.matrix.rows); ++row)
    for (std::size_t c = 0; c < 6; ++c)
    {
      std::uint64_t id = 6 * (own + row) + c + 1;
      id = id * 0x9e3779b97f4a7c15;
      id = (id ^ id >> 31) * 0xbf58476d1ce4e5b9;
      level.x[block_stride * row + c] =
          static_cast<float>(static_cast<double>(id >> 11) * 0x1p-52 - 1.0);
    }
}

double normalise(AggregationLevel& level, MPI_Comm comm)
{
  const double length = std::sqrt(dot_blocks(level, level.x, level.x, comm));
  if (length > 0)
    for (float& value : level.x)
      value = static_cast<float>(static_cast<double>(value) / length);
  return length;
}

void finish_level(AggregationLevel& level, MPI_Comm comm)
{
  level.exchange = BlockExchange(level.first, level.matrix.ghosts, comm);
  level.inverse.clear();
  level.inverse.reserve(36 * static_cast<std::size_t>(level.matrix.rows) + 2);
  for (std::size_t row = 0; row < static_cast<std::size_t>(level.matrix.rows); ++row)
    append(level.inverse, inverse_of(block_of(level.matrix.block(level.matrix.start[row]))));
  level.inverse.insert(level.inverse.end(), 2, 0.0F);
  for (std::vector<float>* v : {&level.x, &level.b, &level.d, &level.t})
    v->assign(level.values(), 0);
  constexpr int steps = 12;
  level.largest_eigenvalue = power_steps(level, steps, comm);
}

AggregationLevel coarser_level(AggregationLevel& fine, double strength, MPI_Comm comm)
{
  AggregationLevel coarse;
  const std::int32_t count = join_neighbours(fine, strength);
  coarse.first = first_of_ranks(count, comm);
  coarse.modes = joined_modes(fine, count);
  fine.to_parent.reserve(36 * fine.parent.size());
  for (std::size_t row = 0; row < fine.parent.size(); ++row)
  {
    const RigidModes& to = coarse.modes[static_cast<std::size_t>(fine.parent[row])];
    append(fine.to_parent,
           fine.modes[row].to_modes * moved(fine.modes[row].centre - to.centre) * to.from_modes);
  }
  fine.modes = {};
  coarse.matrix = coarse_matrix(fine, coarse.first, comm);
  return coarse;
}

void smooth_blocks(AggregationLevel& level, const AggregationCycle& cycle, bool from_zero)
{
  const double top = 1.1 * level.largest_eigenvalue, bottom = top / cycle.ratio;
  const double centre = (top + bottom) / 2, radius = (top - bottom) / 2;
  const double sigma = centre / radius;
  double rho = 1 / sigma;
  if (from_zero)
    std::fill(level.x.begin(), level.x.end(), 0.0F);
  std::fill(level.d.begin(), level.d.end(), 0.0F);
  for (int k = 0; k < cycle.degree; ++k)
  {
    const double next = k == 0 ? rho : 1 / (2 * sigma - rho);
    if (from_zero && k == 0)
      level.t = level.b;
    else
      residual(level);
    const auto old_part = static_cast<float>(k == 0 ? 0 : next * rho);
    for (float& v : level.d)
      v *= old_part;
    add_blockwise(level.inverse, static_cast<float>(k == 0 ? 1 / centre : 2 * next / radius),
                  level.t, level.d);
    for (std::size_t n = 0; n < level.x.size(); ++n)
      level.x[n] += level.d[n];
    rho = next;
  }
}

void restrict_blocks(AggregationLevel& fine, AggregationLevel& coarse)
{
  residual(fine);
  std::fill(coarse.b.begin(), coarse.b.end(), 0.0F);
  for (std::size_t row = 0; row < fine.parent.size(); ++row)
  {
    const float* block = fine.to_parent.data() + 36 * row;
    float* to = coarse.b.data() + block_stride * static_cast<std::size_t>(fine.parent[row]);
    const float* from = fine.t.data() + block_stride * row;
    for (std::size_t r = 0; r < 6; ++r)
      for (std::size_t c = 0; c < 6; ++c)
        to[c] += block[6 * r + c] * from[r];
  }
}

void add_prolonged_blocks(AggregationLevel& fine, const AggregationLevel& coarse, double over)
{
  const auto factor = static_cast<float>(over);
  for (std::size_t row = 0; row < fine.parent.size(); ++row)
  {
    const float* block = fine.to_parent.data() + 36 * row;
    const float* from = coarse.x.data() + block_stride * static_cast<std::size_t>(fine.parent[row]);
    float* to = fine.x.data() + block_stride * row;
    for (std::size_t r = 0; r < 6; ++r)
    {
      float sum = 0;
      for (std::size_t c = 0; c < 6; ++c)
        sum += block[6 * r + c] * from[c];
      to[r] += factor * sum;
    }
  }
}

} // namespace calcar::voxel
