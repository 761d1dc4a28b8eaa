#include "voxel/aggregation.hpp"

#include "base/large_pages.hpp"
#include "voxel/coarse_choice.hpp"
#include "voxel/galerkin.hpp"
#include "voxel/smoother.hpp"

#include <algorithm>
#include <chrono>

namespace calcar::voxel
{
Filling filling_of(const Level& level, MPI_Comm comm)
{
  std::uint64_t counts[2] = {0, static_cast<std::uint64_t>(level.nodes.owned)};
  for (const float mu : level.bricks.mu)
    counts[0] += mu > 0;
  MPI_Allreduce(MPI_IN_PLACE, counts, 2, MPI_UINT64_T, MPI_SUM, comm);
  return {counts[0], counts[1]};
}

AggregationOptions aggregation_for(const Level& finest, MPI_Comm comm)
{
  constexpr double thin_below = 0.5;
  const Filling filling = filling_of(finest, comm);
  const double voxels_a_node =
      static_cast<double>(filling.voxels) / static_cast<double>(filling.nodes);
  AggregationOptions options;
  if (voxels_a_node < porous_below)
  {
    options.aggregates.edge = 2;
    options.smoothing = {5, 18};
    options.cycle.accuracy = 0.5;
  }
  if (voxels_a_node < thin_below)
  {
    options.smoothing = {7, 26};
    options.cycle.accuracy = 0.25;
  }
  return options;
}

Aggregation::Aggregation(const Level& finest, CycleVectors& vectors, MPI_Comm comm)
    : Aggregation(finest, vectors, comm, aggregation_for(finest, comm))
{
}

Aggregation::Aggregation(const Level& finest, CycleVectors& vectors, MPI_Comm comm,
                         const AggregationOptions& options)
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
  hierarchy_.emplace(std::move(level), options.cycle, comm);
  write_report(std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count());
}

void Aggregation::write_report(double seconds)
{
  report_.levels = 1 + static_cast<int>(hierarchy_->levels().size());
  report_.aggregates = hierarchy_->first().first.back();
  report_.seconds = seconds;
  report_.bytes = of_node_.size() * sizeof(std::int32_t) + centres_.size() * sizeof(Vec3) +
                  from_modes_.size() * sizeof(float) + hierarchy_->bytes();
  MPI_Allreduce(MPI_IN_PLACE, &report_.bytes, 1, MPI_UINT64_T, MPI_SUM, comm_);
  hierarchy_->log();
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
  std::vector<float>& b = hierarchy_->first().b;
  std::vector<float>& moment = hierarchy_->first().t; // free until the cycle of its level
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
  const std::vector<float>& e = hierarchy_->first().x;
  const auto over = static_cast<float>(hierarchy_->over(0));
  std::vector<float>& motion = hierarchy_->first().d; // free after the cycle of its level
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

const std::vector<float>& Aggregation::cycle()
{
  vectors_.prepare(finest_.nodes.values());
  smooth(finest_, options_.smoothing, vectors_, true);
  restrict_residual();
  hierarchy_->solve();
  add_correction();
  smooth(finest_, options_.smoothing, vectors_, false);
  return vectors_.x;
}

} // namespace calcar::voxel
