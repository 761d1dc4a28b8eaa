#include "voxel/aggregation.hpp"

#include "base/large_pages.hpp"
#include "base/log.hpp"
#include "base/text.hpp"
#include "voxel/galerkin.hpp"
#include "voxel/operator.hpp"
#include "voxel/smoother.hpp"

#include <algorithm>
#include <chrono>

namespace calcar::voxel
{
namespace
{

constexpr double softening =
    1.4; ///< of the Jacobi steps around the correction, over the largest eigenvalue

} // namespace

Aggregation::Aggregation(const Level& finest, CycleVectors& vectors, MPI_Comm comm,
                         AggregationOptions options)
    : finest_(finest), comm_(comm), options_(options), vectors_(vectors)
{
  const auto start = std::chrono::steady_clock::now();
  Aggregates aggregates = make_aggregates(finest, options.aggregates, comm);
  AggregationLevel level;
  level.first = aggregates.first;
  level.matrix = rigid_stiffness(finest, aggregates, comm);

  const double edge = mean_edge(finest.bricks);
  aggregates.modes.resize(static_cast<std::size_t>(aggregates.owned));
  centres_.reserve(aggregates.modes.size());
  reserve_on_large_pages(from_modes_, 36 * aggregates.modes.size());
  for (const RigidModes& modes : aggregates.modes)
  {
    centres_.push_back(edge * modes.centre);
    for (std::size_t q = 0; q < 36; ++q)
      from_modes_.push_back(
          static_cast<float>(q < 18 ? modes.from_modes[q] : modes.from_modes[q] / edge));
  }
  level.modes = std::move(aggregates.modes);
  aggregates.of_node.resize(static_cast<std::size_t>(finest.nodes.owned));
  of_node_ = std::move(aggregates.of_node);
  levels_.push_back(std::move(level));
  make_levels();
  write_report(std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count());
}

void Aggregation::make_levels()
{
  finish_level(levels_.back(), comm_);
  const auto most = static_cast<std::uint64_t>(options_.cycle.coarsest / 6);
  while (levels_.back().first.back() > most)
  {
    AggregationLevel next = coarser_level(levels_.back(), options_.cycle.strength, comm_);
    const bool stalled = 10 * next.first.back() > 9 * levels_.back().first.back();
    levels_.push_back(std::move(next));
    finish_level(levels_.back(), comm_);
    if (stalled)
      break;
  }
  coarsest_.emplace(levels_.back(), comm_);
  limit_over_correction();
}

/// A cycle M on a level with matrix A is over-corrected by a factor f; f times the largest
/// eigenvalue of M A must stay below 2, or the preconditioner is not positive.
void Aggregation::limit_over_correction()
{
  constexpr double limit = 1.8; // the eigenvalue is an estimate from below
  over_.assign(levels_.size(), options_.cycle.over);
  for (std::size_t l = levels_.size() - 1; l-- > 0;)
    over_[l] = std::min(options_.cycle.over, limit / largest_answer(l));
}

/// Largest eigenvalue of M A.
double Aggregation::largest_answer(std::size_t l)
{
  constexpr int steps = 3;
  return std::max(1.0, largest_eigenvalue(levels_[l], steps, comm_, [&] { cycle_blocks(l); }));
}

void Aggregation::write_report(double seconds)
{
  report_.levels = 1 + static_cast<int>(levels_.size());
  report_.aggregates = levels_.front().first.back();
  report_.seconds = seconds;
  report_.bytes = of_node_.size() * sizeof(std::int32_t) + centres_.size() * sizeof(Vec3) +
                  from_modes_.size() * sizeof(float);
  for (const AggregationLevel& level : levels_)
    report_.bytes += level.bytes();
  MPI_Allreduce(MPI_IN_PLACE, &report_.bytes, 1, MPI_UINT64_T, MPI_SUM, comm_);
  for (std::size_t l = 0; l < levels_.size(); ++l)
    log_detail("aggregates: " + std::to_string(levels_[l].first.back()) + ", largest eigenvalue " +
               format_number(levels_[l].largest_eigenvalue, 4) + ", correction times " +
               format_number(over_[l], 3));
}

std::vector<float>& Aggregation::right_side()
{
  vectors_.prepare(finest_.nodes.values());
  return vectors_.b;
}

std::vector<double>& Aggregation::borrowed()
{
  vectors_.prepare(finest_.nodes.values());
  return vectors_.block;
}

void Aggregation::soften()
{
  CycleVectors& v = vectors_;
  residual(finest_, v);
  const float* t = v.t();
  const auto factor = static_cast<float>(softening / finest_.largest_eigenvalue);
  for (std::size_t n = 0; n < v.x.size(); ++n)
    v.x[n] += factor * finest_.inverse_diagonal[n] * t[n];
}

/// Calls visit(owned node, its aggregate, place from the aggregate's centre in mm).
template <typename Visit>
void Aggregation::for_members(Visit&& visit) const
{
  const Vec3 h = finest_.bricks.spacing;
  for_nodes_of(finest_, false,
               [&](std::int32_t n, std::array<int, 3> at)
               {
                 const std::int32_t a = of_node_[static_cast<std::size_t>(n)];
                 if (a < 0)
                   return;
                 const Vec3& c = centres_[static_cast<std::size_t>(a)];
                 const auto x = static_cast<float>(at[0] * h.x - c.x);
                 const auto y = static_cast<float>(at[1] * h.y - c.y);
                 const auto z = static_cast<float>(at[2] * h.z - c.z);
                 visit(n, a, x, y, z);
               });
}

void Aggregation::restrict_residual()
{
  residual(finest_, vectors_);
  std::vector<float>& b = levels_.front().b;
  std::vector<float>& moment = levels_.front().t; // free until the cycle of its level
  std::fill(moment.begin(), moment.end(), 0.0F);
  const float* t = vectors_.t();
  for_members(
      [&](std::int32_t n, std::int32_t a, float x, float y, float z)
      {
        const float* f = t + 3 * static_cast<std::size_t>(n);
        float* m = moment.data() + block_stride * static_cast<std::size_t>(a);
        m[0] += f[0];
        m[1] += f[1];
        m[2] += f[2];
        m[3] += y * f[2] - z * f[1];
        m[4] += z * f[0] - x * f[2];
        m[5] += x * f[1] - y * f[0];
      });
  for (std::size_t a = 0; a < centres_.size(); ++a)
    for (std::size_t c = 0; c < 6; ++c)
    {
      float sum = 0;
      for (std::size_t r = 0; r < 6; ++r)
        sum += from_modes_[36 * a + 6 * r + c] * moment[block_stride * a + r];
      b[block_stride * a + c] = sum;
    }
}

void Aggregation::add_correction()
{
  const std::vector<float>& e = levels_.front().x;
  const auto over = static_cast<float>(over_.front());
  std::vector<float>& motion = levels_.front().d; // free after the cycle of its level
  std::fill(motion.begin(), motion.end(), 0.0F);
  for (std::size_t a = 0; a < centres_.size(); ++a)
    for (std::size_t r = 0; r < 6; ++r)
      for (std::size_t c = 0; c < 6; ++c)
        motion[block_stride * a + r] +=
            over * from_modes_[36 * a + 6 * r + c] * e[block_stride * a + c];
  float* t = vectors_.t();
  std::fill_n(t, finest_.nodes.values(), 0.0F);
  for_members(
      [&](std::int32_t n, std::int32_t a, float x, float y, float z)
      {
        const float* m = motion.data() + block_stride * static_cast<std::size_t>(a);
        float* u = t + 3 * static_cast<std::size_t>(n);
        u[0] = m[0] + m[4] * z - m[5] * y;
        u[1] = m[1] + m[5] * x - m[3] * z;
        u[2] = m[2] + m[3] * y - m[4] * x;
      });
  finest_.nodes.exchange.sum(t);
  for (const std::size_t component : finest_.constraints.fixed)
    t[component] = 0;
  for (std::size_t n = 0; n < vectors_.x.size(); ++n)
    vectors_.x[n] += t[n];
}

void Aggregation::cycle_blocks(std::size_t l)
{
  AggregationLevel& level = levels_[l];
  if (l + 1 == levels_.size())
    return coarsest_->solve(level);
  AggregationLevel& coarse = levels_[l + 1];
  smooth_blocks(level, options_.cycle, true);
  for (int visit = 0; visit < options_.cycle.visits; ++visit)
  {
    restrict_blocks(level, coarse);
    cycle_blocks(l + 1);
    add_prolonged_blocks(level, coarse, over_[l + 1]);
    smooth_blocks(level, options_.cycle, false);
  }
}

const std::vector<float>& Aggregation::cycle()
{
  vectors_.prepare(finest_.nodes.values());
  smooth(finest_, options_.smoothing, vectors_, true);
  soften();
  restrict_residual();
  cycle_blocks(0);
  add_correction();
  soften();
  smooth(finest_, options_.smoothing, vectors_, false);
  return vectors_.x;
}

} // namespace calcar::voxel
