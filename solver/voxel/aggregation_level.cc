#include "voxel/aggregation_level.hpp"

#include "base/large_pages.hpp"
#include "base/parallel.hpp"

#include <algorithm>
#include <cmath>

namespace calcar::voxel
{
namespace
{

/// The inverse of a positive block; directions that are hardly stiff (hinges) get none.
void invert(const float* block, float* inverse)
{
  std::array<double, 6> scale{};
  for (std::size_t i = 0; i < 6; ++i)
    scale[i] = 1 / std::sqrt(static_cast<double>(block[7 * i]));
  Matrix6 scaled{};
  for (std::size_t i = 0; i < 6; ++i)
    for (std::size_t j = i; j < 6; ++j)
      scaled[6 * i + j] = static_cast<double>(block[6 * i + j]) * (scale[i] * scale[j]);
  const Matrix6 root = rigid_modes({}, scaled, 1e-6).from_modes; // upper triangular
  for (std::size_t i = 0; i < 6; ++i)
    for (std::size_t j = i; j < 6; ++j)
    {
      double sum = 0;
      for (std::size_t k = j; k < 6; ++k)
        sum += root[6 * i + k] * root[6 * j + k];
      inverse[6 * i + j] = inverse[6 * j + i] = static_cast<float>(sum * (scale[i] * scale[j]));
    }
}

double dot_blocks(const AggregationLevel& level, const std::vector<float>& a,
                  const std::vector<float>& b, MPI_Comm comm)
{
  double partial[block_stride] = {}; // each value of an aggregate by itself: no chain of additions
  const std::size_t count = block_stride * static_cast<std::size_t>(level.matrix.rows);
  for (std::size_t n = 0; n < count; n += block_stride)
    for (std::size_t c = 0; c < block_stride; ++c)
      partial[c] += static_cast<double>(a[n + c]) * static_cast<double>(b[n + c]);
  double sum = 0;
  for (const double part : partial)
    sum += part;
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

/// b = numbers in [-1, 1) made from the aggregates' global numbers, the same on any ranks, times
/// the root of the diagonal: soft and stiff aggregates weigh the same.
void scatter_side(AggregationLevel& level, MPI_Comm comm)
{
  const std::uint64_t own = level.first[static_cast<std::size_t>(rank(comm))];
  for (std::size_t row = 0; row < static_cast<std::size_t>(level.matrix.rows); ++row)
    for (std::size_t c = 0; c < 6; ++c)
    {
      std::uint64_t id = 6 * (own + row) + c + 1;
      id = id * 0x9e3779b97f4a7c15;
      id = (id ^ id >> 31) * 0xbf58476d1ce4e5b9;
      const double number = static_cast<double>(id >> 11) * 0x1p-52 - 1.0;
      const float diagonal = level.matrix.block(level.matrix.start[row])[7 * c];
      level.b[block_stride * row + c] =
          static_cast<float>(number * std::sqrt(static_cast<double>(diagonal)));
    }
}

} // namespace

std::size_t AggregationLevel::bytes() const
{
  return matrix.bytes() +
         sizeof(float) *
             (inverse.size() + to_parent.size() + x.size() + b.size() + d.size() + t.size()) +
         parent.size() * sizeof(std::int32_t);
}

LanczosMatrix lanczos_steps(AggregationLevel& level, int steps, MPI_Comm comm,
                            const std::function<void()>& precondition)
{
  LanczosMatrix lanczos;
  scatter_side(level, comm);
  std::vector<float> r = level.b, p(r.size(), 0.0F);
  constexpr double exhausted = 1e-10; // then only rounding would be left
  double first = 0, rz = 0;
  for (int step = 0; step < steps; ++step)
  {
    level.b = r;
    precondition();
    const double next = dot_blocks(level, r, level.x, comm);
    const double beta = step > 0 ? next / rz : 0;
    for (std::size_t n = 0; n < p.size(); ++n)
      p[n] = level.x[n] + static_cast<float>(beta) * p[n];
    level.x = p;
    product(level);
    const double curvature = dot_blocks(level, p, level.t, comm);
    first = step == 0 ? next : first;
    if (!(curvature > 0) || !(next > exhausted * first))
      break;
    const double alpha = next / curvature;
    lanczos.add(alpha, beta);
    for (std::size_t n = 0; n < r.size(); ++n)
      r[n] -= static_cast<float>(alpha) * level.t[n];
    rz = next;
  }
  return lanczos;
}

void residual_blocks(AggregationLevel& level)
{
  product(level);
  for (std::size_t n = 0; n < level.t.size(); ++n)
    level.t[n] = level.b[n] - level.t[n];
}

void finish_level(AggregationLevel& level, MPI_Comm comm)
{
  level.exchange = BlockExchange(level.first, level.matrix.ghosts, comm);
  const auto rows = static_cast<std::size_t>(level.matrix.rows);
  assign_on_large_pages(level.inverse, 36 * rows + 2, 0.0F);
  for (std::size_t row = 0; row < rows; ++row)
    invert(level.matrix.block(level.matrix.start[row]), level.inverse.data() + 36 * row);
  for (std::vector<float>* v : {&level.x, &level.b, &level.d, &level.t})
    assign_on_large_pages(*v, level.values(), 0.0F);
  constexpr int steps = 6;
  const auto by_diagonal = [&]
  {
    std::fill(level.x.begin(), level.x.end(), 0.0F);
    add_blockwise(level.inverse, 1, level.b, level.x);
  };
  level.largest_eigenvalue = std::max(
      lanczos_steps(level, steps, comm, by_diagonal).largest_eigenvalue(), 1e-6); // no rows at all
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
      residual_blocks(level);
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
  residual_blocks(fine);
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
