#include "voxel/multigrid.hpp"

#include "base/log.hpp"
#include "base/parallel.hpp"
#include "base/text.hpp"
#include "voxel/constraints.hpp"
#include "voxel/operator.hpp"
#include "voxel/smoother.hpp"
#include "voxel/transfer.hpp"

#include <algorithm>
#include <stdexcept>

namespace calcar::voxel
{
namespace
{

constexpr std::uint64_t coarsest_unknowns = 1500; ///< a level as small as this is solved exactly
constexpr int power_steps = 15;

std::uint64_t global_unknowns(const Level& level, MPI_Comm comm)
{
  std::uint64_t unknowns = 3 * static_cast<std::uint64_t>(level.nodes.owned);
  MPI_Allreduce(MPI_IN_PLACE, &unknowns, 1, MPI_UINT64_T, MPI_SUM, comm);
  return unknowns;
}

/// Says what the level is and how evenly it is spread. Collective.
void log_level(std::size_t number, const Level& level, MPI_Comm comm)
{
  const std::uint64_t unknowns = global_unknowns(level, comm);
  std::uint64_t most[3] = {3 * static_cast<std::uint64_t>(level.nodes.owned),
                           level.nodes.exchange.bytes_sent(), level.nodes.exchange.neighbours()};
  MPI_Allreduce(MPI_IN_PLACE, most, 3, MPI_UINT64_T, MPI_MAX, comm);
  const double mean = static_cast<double>(unknowns) / size(comm);
  log_detail("level " + std::to_string(number) + ": " + std::to_string(unknowns) +
             " unknowns, imbalance " +
             format_number(static_cast<double>(most[0]) / std::max(mean, 1.0), 3) + ", at most " +
             std::to_string(most[1]) + " bytes to " + std::to_string(most[2]) +
             " ranks a product, largest eigenvalue " + format_number(level.largest_eigenvalue, 4));
}

} // namespace

Multigrid::Multigrid(Level finest, MPI_Comm comm, Smoothing smoothing)
    : comm_(comm), smoothing_(smoothing)
{
  levels_.push_back(std::move(finest));
  build_levels();
}

void Multigrid::renew()
{
  keep_finest_only();
  build_levels();
}

void Multigrid::build_levels()
{
  const auto one_voxel = [](const Level& level)
  {
    return std::all_of(level.bricks.size.begin(), level.bricks.size.end(),
                       [](int n) { return n == 1; });
  };
  while (global_unknowns(levels_.back(), comm_) > coarsest_unknowns && !one_voxel(levels_.back()))
  {
    add_coarser();
    finish(levels_[levels_.size() - 2]);
    log_level(levels_.size() - 2, levels_[levels_.size() - 2], comm_);
  }
  finish(levels_.back());
  log_level(levels_.size() - 1, levels_.back(), comm_);
  coarsest_.emplace(levels_.back(), comm_);
  vectors_.resize(levels_.size());
}

CycleVectors& Multigrid::fine_vectors()
{
  vectors_.front().prepare(finest().nodes.values());
  return vectors_.front();
}

void Multigrid::release()
{
  for (CycleVectors& vectors : vectors_)
    vectors.release();
}

void Multigrid::keep_finest_only()
{
  levels_.erase(levels_.begin() + 1, levels_.end());
  vectors_.erase(vectors_.begin() + 1, vectors_.end());
  coarsest_.reset();
}

void Multigrid::add_coarser()
{
  Level& fine = levels_.back();
  Level coarse;
  coarse.bricks = coarsen(fine.bricks, fine.parent);
  coarse.nodes = number_nodes(coarse.bricks, comm_);
  fine.diagonal = diagonal(fine);
  coarse.constraints = coarse_constraints(fine, coarse);
  levels_.push_back(std::move(coarse));
}

void Multigrid::finish(Level& level)
{
  std::vector<float> entries = level.diagonal.empty() ? diagonal(level) : std::move(level.diagonal);
  level.diagonal = {};
  for (float& entry : entries)
    entry = entry > 0 ? 1 / entry : 0;
  mask(level.constraints, entries);
  level.inverse_diagonal = std::move(entries);
  level.largest_eigenvalue = estimate_largest_eigenvalue(level, power_steps, comm_);
}

const std::vector<float>& Multigrid::cycle()
{
  if (!coarsest_)
    throw std::logic_error("a V-cycle without its coarser levels");
  for (std::size_t l = 0; l < levels_.size(); ++l)
    vectors_[l].prepare(levels_[l].nodes.values());
  cycle(0);
  return vectors_.front().x;
}

void Multigrid::cycle(std::size_t l)
{
  CycleVectors& v = vectors_[l];
  if (l + 1 == levels_.size())
    return coarsest_->solve(v.b, v.x);
  const Level& fine = levels_[l];
  const Level& coarse = levels_[l + 1];
  smooth(fine, smoothing_, v, true);
  residual(fine, v);
  restrict_to(fine, coarse, v.t(), vectors_[l + 1].b);
  cycle(l + 1);
  add_prolonged(fine, coarse, vectors_[l + 1].x, v.x);
  smooth(fine, smoothing_, v, false);
}

} // namespace calcar::voxel
