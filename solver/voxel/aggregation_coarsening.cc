#include "base/large_pages.hpp"
#include "base/parallel.hpp"
#include "voxel/aggregation_kernels.hpp"
#include "voxel/aggregation_level.hpp"
#include "voxel/aggregation_sums.hpp"

#include <algorithm>
#include <bit>

namespace calcar::voxel
{
namespace
{

constexpr std::int32_t none = -1;

/// A neighbour of a row and the size of the block between them.
struct Near
{
  std::int32_t row;
  float size;
};

/// The neighbours of each row that hold it strongly.
struct Graph
{
  std::vector<std::size_t> start; ///< [row + 1]
  std::vector<Near> near;

  std::size_t rows() const { return start.size() - 1; }
  const Near* begin(std::size_t row) const { return near.data() + start[row]; }
  const Near* end(std::size_t row) const { return near.data() + start[row + 1]; }
  bool is_alone(std::size_t row) const { return start[row] == start[row + 1]; }
};

/// The nearest number with ten binary digits behind the first one.
float coarsely(float value)
{
  constexpr std::uint32_t left_out = 13;
  const auto bits = std::bit_cast<std::uint32_t>(value) + (std::uint32_t{1} << (left_out - 1));
  return std::bit_cast<float>(bits >> left_out << left_out);
}

/// Frobenius norms of all blocks, to three digits: which of two equal neighbours is joined must not
/// hang on rounding errors, or it changes with the instruction set and the ranks.
std::vector<float> sizes_of_blocks(const BlockMatrix& matrix)
{
  std::vector<float> sizes(matrix.column.size());
  aggregation_kernels().sizes(matrix.values.data(), sizes.size(), sizes.data());
  std::transform(sizes.begin(), sizes.end(), sizes.begin(), coarsely);
  return sizes;
}

/// Calls visit(row, column, size) for the stored blocks beside the diagonal between own rows that
/// are strong.
template <typename Visit>
void for_strong(const BlockMatrix& matrix, const std::vector<float>& sizes, double strength,
                Visit&& visit)
{
  for (std::size_t row = 0; row < static_cast<std::size_t>(matrix.rows); ++row)
    for (std::size_t b = matrix.start[row] + 1; b < matrix.start[row + 1]; ++b)
    {
      const std::int32_t column = matrix.column[b];
      if (column < matrix.rows &&
          sizes[b] > static_cast<float>(strength) *
                         std::max(sizes[matrix.start[row]],
                                  sizes[matrix.start[static_cast<std::size_t>(column)]]))
        visit(static_cast<std::int32_t>(row), column, sizes[b]);
    }
}

Graph strong_graph(const BlockMatrix& matrix, const std::vector<float>& sizes, double strength)
{
  Graph graph;
  // One place further than where a row ends, so that filling in moves it to its end.
  graph.start.assign(static_cast<std::size_t>(matrix.rows) + 2, 0);
  for_strong(matrix, sizes, strength,
             [&](std::int32_t row, std::int32_t column, float)
             {
               ++graph.start[static_cast<std::size_t>(row) + 2];
               ++graph.start[static_cast<std::size_t>(column) + 2];
             });
  for (std::size_t row = 2; row < graph.start.size(); ++row)
    graph.start[row] += graph.start[row - 1];
  graph.near.resize(graph.start.back());
  const auto add = [&](std::int32_t row, std::int32_t other, float size) {
    graph.near[graph.start[static_cast<std::size_t>(row) + 1]++] = {other, size};
  };
  for_strong(matrix, sizes, strength,
             [&](std::int32_t row, std::int32_t column, float size)
             {
               add(row, column, size);
               add(column, row, size);
             });
  graph.start.pop_back();
  return graph;
}

/// Rows whose strong neighbours are all free take them. Returns the number of stars.
std::int32_t join_free(const Graph& graph, std::vector<std::int32_t>& parent)
{
  std::int32_t count = 0;
  for (std::size_t row = 0; row < graph.rows(); ++row)
  {
    if (parent[row] != none || graph.is_alone(row) ||
        std::any_of(graph.begin(row), graph.end(row),
                    [&](const Near& near)
                    { return parent[static_cast<std::size_t>(near.row)] != none; }))
      continue;
    parent[row] = count;
    for (const Near* near = graph.begin(row); near != graph.end(row); ++near)
      parent[static_cast<std::size_t>(near->row)] = count;
    ++count;
  }
  return count;
}

/// What is left joins its strongest neighbour that was taken.
void join_strongest(const Graph& graph, std::vector<std::int32_t>& parent)
{
  std::vector<std::int32_t> joined = parent;
  for (std::size_t row = 0; row < graph.rows(); ++row)
  {
    float best = 0;
    if (parent[row] == none)
      for (const Near* near = graph.begin(row); near != graph.end(row); ++near)
        if (parent[static_cast<std::size_t>(near->row)] != none && near->size > best)
        {
          best = near->size;
          joined[row] = parent[static_cast<std::size_t>(near->row)];
        }
  }
  parent.swap(joined);
}

/// Stars: a row whose strong neighbours are all free takes them; what is left joins its strongest
/// neighbour that is taken, or makes a star of its own. Returns the number of stars.
std::int32_t join_stars(const Graph& graph, std::vector<std::int32_t>& parent)
{
  parent.assign(graph.rows(), none);
  std::int32_t count = join_free(graph, parent);
  join_strongest(graph, parent);
  for (std::size_t row = 0; row < graph.rows(); ++row)
    if (parent[row] == none)
    {
      parent[row] = count;
      for (const Near* near = graph.begin(row); near != graph.end(row); ++near)
        if (parent[static_cast<std::size_t>(near->row)] == none)
          parent[static_cast<std::size_t>(near->row)] = count;
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
  const std::vector<float> sizes = sizes_of_blocks(level.matrix);
  std::int32_t count = join_stars(strong_graph(level.matrix, sizes, strength), level.parent);
  while (count > level.matrix.rows / wanted_ratio && strength > weakest)
  {
    strength /= 4;
    count = join_stars(strong_graph(level.matrix, sizes, strength), level.parent);
  }
  return count;
}

/// How a row's modes move in rigid motions about `centre`: to_modes moved(d), upper triangular.
Matrix6 carried_modes(const RigidModes& modes, const Vec3& centre)
{
  const Vec3 d = modes.centre - centre;
  Matrix6 m = modes.to_modes;
  for (std::size_t r = 0; r < 18; r += 6) // the other rows have no translations
  {
    m[r + 3] += m[r + 2] * d.y - m[r + 1] * d.z;
    m[r + 4] += m[r] * d.z - m[r + 2] * d.x;
    m[r + 5] += m[r + 1] * d.x - m[r] * d.y;
  }
  return m;
}

/// sum += m^T m for an upper triangular m; the upper triangle only.
void add_square(const Matrix6& m, Matrix6& sum)
{
#pragma GCC unroll 6
  for (std::size_t k = 0; k < 6; ++k)
#pragma GCC unroll 6
    for (std::size_t i = k; i < 6; ++i)
#pragma GCC unroll 6
      for (std::size_t j = i; j < 6; ++j)
        sum[6 * i + j] += m[6 * k + i] * m[6 * k + j];
}

std::vector<Vec3> joined_centres(const AggregationLevel& fine, std::size_t count)
{
  std::vector<Vec3> centre(count);
  std::vector<double> weight(count, 0);
  for (std::size_t row = 0; row < fine.parent.size(); ++row)
  {
    const auto to = static_cast<std::size_t>(fine.parent[row]);
    const Matrix6& m = fine.modes[row].to_modes;
    const double own = 1e-6 + m[0] * m[0] + m[7] * m[7] + m[14] * m[14];
    centre[to] += own * fine.modes[row].centre;
    weight[to] += own;
  }
  for (std::size_t to = 0; to < count; ++to)
    centre[to] = centre[to] / weight[to];
  return centre;
}

/// Modes of joined aggregates: centres weighted by the translations they have.
std::vector<RigidModes> joined_modes(const AggregationLevel& fine, std::int32_t count)
{
  const auto number = static_cast<std::size_t>(count);
  const std::vector<Vec3> centre = joined_centres(fine, number);
  std::vector<Matrix6> gram(number, Matrix6{});
  for (std::size_t row = 0; row < fine.parent.size(); ++row)
  {
    const auto to = static_cast<std::size_t>(fine.parent[row]);
    add_square(carried_modes(fine.modes[row], centre[to]), gram[to]);
  }
  std::vector<RigidModes> modes(number);
  for (std::size_t to = 0; to < number; ++to)
    modes[to] = rigid_modes(centre[to], gram[to]);
  return modes;
}

/// c = a b for upper triangular a and b; zero below the diagonal.
void multiply_triangles(const Matrix6& a, const Matrix6& b, float* c)
{
#pragma GCC unroll 6
  for (std::size_t i = 0; i < 6; ++i)
#pragma GCC unroll 6
    for (std::size_t j = i; j < 6; ++j)
    {
      double sum = 0;
#pragma GCC unroll 6
      for (std::size_t k = i; k <= j; ++k)
        sum += a[6 * i + k] * b[6 * k + j];
      c[6 * i + j] = static_cast<float>(sum);
    }
}

/// The fine modes in terms of the coarse ones, with room for the ghosts' and two values behind.
std::vector<float> modes_in_parents(const AggregationLevel& fine,
                                    const std::vector<RigidModes>& coarse)
{
  std::vector<float> values;
  assign_on_large_pages(values, 36 * (fine.parent.size() + fine.matrix.ghosts.size()) + 2, 0.0F);
  for (std::size_t row = 0; row < fine.parent.size(); ++row)
  {
    const RigidModes& to = coarse[static_cast<std::size_t>(fine.parent[row])];
    multiply_triangles(carried_modes(fine.modes[row], to.centre), to.from_modes,
                       values.data() + 36 * row);
  }
  return values;
}

/// [row, then ghost] what the coarse sums call its parent.
std::vector<std::int32_t> parents_of(const AggregationLevel& fine, std::uint64_t own_first,
                                     BlockSums& sums)
{
  std::vector<std::uint64_t> parents(fine.parent.size() + fine.matrix.ghosts.size());
  for (std::size_t row = 0; row < fine.parent.size(); ++row)
    parents[row] = own_first + static_cast<std::uint64_t>(fine.parent[row]);
  fine.exchange.fill(parents.data());
  std::vector<std::int32_t> numbers(parents.size());
  std::transform(parents.begin(), parents.end(), numbers.begin(),
                 [&](std::uint64_t parent) { return sums.index_of(parent); });
  return numbers;
}

/// T^T A T; `to_parent`: T with the ghosts' rows.
BlockMatrix coarse_matrix(const AggregationLevel& fine, const std::vector<float>& to_parent,
                          const std::vector<std::uint64_t>& first, MPI_Comm comm)
{
  const auto rows = static_cast<std::size_t>(fine.matrix.rows);
  BlockSums sums(first, comm);
  const std::vector<std::int32_t> parent =
      parents_of(fine, first[static_cast<std::size_t>(rank(comm))], sums);
  const auto parent_of_column = [&](std::size_t b)
  { return parent[static_cast<std::size_t>(fine.matrix.column[b])]; };
  for (std::size_t row = 0; row < rows; ++row)
    for (std::size_t b = fine.matrix.start[row]; b < fine.matrix.start[row + 1]; ++b)
      sums.note(std::min(parent[row], parent_of_column(b)),
                std::max(parent[row], parent_of_column(b)));
  sums.allocate();
  std::vector<Sandwich> parts;
  for (std::size_t row = 0; row < rows; ++row)
  {
    parts.clear();
    for (std::size_t b = fine.matrix.start[row]; b < fine.matrix.start[row + 1]; ++b)
    {
      const auto column = static_cast<std::size_t>(fine.matrix.column[b]);
      const std::int32_t to = parent[row], other = parent[column];
      parts.push_back({to_parent.data() + 36 * row, fine.matrix.block(b),
                       to_parent.data() + 36 * column,
                       sums.values(sums.index(std::min(to, other), std::max(to, other))),
                       to <= other, to > other || (to == other && column != row)});
    }
    aggregation_kernels().add_sandwiches(parts.data(), parts.size());
  }
  return sums.finish();
}

} // namespace

AggregationLevel coarser_level(AggregationLevel& fine, double strength, MPI_Comm comm)
{
  AggregationLevel coarse;
  const std::int32_t count = join_neighbours(fine, strength);
  coarse.first = first_of_ranks(count, comm);
  coarse.modes = joined_modes(fine, count);
  fine.to_parent = modes_in_parents(fine, coarse.modes);
  std::vector<RigidModes>().swap(fine.modes); // gives the memory back
  fine.exchange.fill_bytes(reinterpret_cast<std::byte*>(fine.to_parent.data()), 36 * sizeof(float));
  coarse.matrix = coarse_matrix(fine, fine.to_parent, coarse.first, comm);
  fine.to_parent.resize(36 * fine.parent.size());
  return coarse;
}

} // namespace calcar::voxel
