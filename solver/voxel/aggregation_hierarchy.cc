#include "voxel/aggregation_hierarchy.hpp"

#include "base/large_pages.hpp"
#include "base/log.hpp"
#include "base/text.hpp"
#include "voxel/lanczos.hpp"

#include <algorithm>
#include <cmath>

namespace calcar::voxel
{
namespace
{

/// What Chebyshev's factors leave of an error after `cycles`, at most.
double error_after(int cycles, double low, double high)
{
  return 1 / std::cosh(cycles * std::acosh((high + low) / (high - low)));
}

} // namespace

AggregationHierarchy::AggregationHierarchy(AggregationLevel first, const AggregationCycle& cycle,
                                           MPI_Comm comm)
    : comm_(comm), cycle_(cycle)
{
  levels_.push_back(std::move(first));
  add_levels();
  coarsest_.emplace(levels_.back(), comm_);
  inner_.resize(levels_.size() - 1);
  for (std::size_t l = inner_.size(); l-- > 0;)
    choose_cycles(l);
}

void AggregationHierarchy::add_levels()
{
  finish_level(levels_.back(), comm_);
  const auto most = static_cast<std::uint64_t>(cycle_.coarsest / 6);
  while (levels_.back().first.back() > most)
  {
    AggregationLevel next = coarser_level(levels_.back(), cycle_.strength, comm_);
    const bool stalled = 10 * next.first.back() > 9 * levels_.back().first.back();
    levels_.push_back(std::move(next));
    finish_level(levels_.back(), comm_);
    if (stalled)
      break;
  }
}

/// Needs the levels below this one ready to solve. As many cycles as the smallest eigenvalue asks
/// for, but their factors leave the lowest few aside: single loose parts must not slow down all
/// others. Eigenvalues beyond the interval do no harm: below `low` the polynomial falls off without
/// changing its sign, and above `high`, an estimate, there is room up to high + low.
void AggregationHierarchy::choose_cycles(std::size_t l)
{
  constexpr int steps = 8;
  constexpr double room = 1.05, lowest = 0.02, lowest_aimed_at = 0.1; // of the largest
  const LanczosMatrix lanczos = lanczos_steps(levels_[l], steps, comm_, [&] { cycle(l); });
  Inner& inner = inner_[l];
  inner.high = room * std::max(1.0, lanczos.largest_eigenvalue());
  inner.low = std::clamp(lanczos.smallest_eigenvalue(), lowest * inner.high, 0.9 * inner.high);
  while (inner.cycles < cycle_.most_cycles &&
         error_after(inner.cycles, inner.low, inner.high) > cycle_.accuracy)
    ++inner.cycles;
  inner.low = std::max(inner.low, lowest_aimed_at * inner.high);
  inner.error = error_after(inner.cycles, inner.low, inner.high);
  for (std::vector<float>* v : {&inner.side, &inner.answer, &inner.change})
    assign_on_large_pages(*v, levels_[l].values(), 0.0F);
}

double AggregationHierarchy::over(std::size_t l) const
{
  // The factor times the largest eigenvalue, 1 + error, must stay below 2, or the cycle that is
  // corrected is not positive; the eigenvalue is an estimate.
  constexpr double limit = 1.8;
  return l < inner_.size() ? std::min(cycle_.over, limit / (1 + inner_[l].error)) : cycle_.over;
}

void AggregationHierarchy::cycle(std::size_t l)
{
  AggregationLevel& level = levels_[l];
  AggregationLevel& coarse = levels_[l + 1];
  smooth_blocks(level, cycle_, true);
  restrict_blocks(level, coarse);
  solve(l + 1);
  add_prolonged_blocks(level, coarse, over(l + 1));
  smooth_blocks(level, cycle_, false);
}

void AggregationHierarchy::solve(std::size_t l)
{
  AggregationLevel& level = levels_[l];
  if (l + 1 == levels_.size())
    return coarsest_->solve(level);
  Inner& inner = inner_[l];
  const double centre = (inner.high + inner.low) / 2, radius = (inner.high - inner.low) / 2;
  const double sigma = centre / radius;
  double rho = 1 / sigma;
  inner.side = level.b;
  std::fill(inner.answer.begin(), inner.answer.end(), 0.0F);
  std::fill(inner.change.begin(), inner.change.end(), 0.0F);
  for (int k = 0; k < inner.cycles; ++k)
  {
    const double next = k == 0 ? rho : 1 / (2 * sigma - rho);
    if (k > 0)
    {
      level.x = inner.answer;
      level.b = inner.side;
      residual_blocks(level);
      level.b = level.t;
    }
    cycle(l);
    const auto old_part = static_cast<float>(k == 0 ? 0 : next * rho);
    const auto new_part = static_cast<float>(k == 0 ? 1 / centre : 2 * next / radius);
    for (std::size_t n = 0; n < level.x.size(); ++n)
    {
      inner.change[n] = old_part * inner.change[n] + new_part * level.x[n];
      inner.answer[n] += inner.change[n];
    }
    rho = next;
  }
  level.x = inner.answer;
}

std::size_t AggregationHierarchy::bytes() const
{
  std::size_t sum = 0;
  for (const AggregationLevel& level : levels_)
    sum += level.bytes();
  for (const Inner& inner : inner_)
    sum += 3 * inner.side.size() * sizeof(float);
  return sum;
}

void AggregationHierarchy::log() const
{
  for (std::size_t l = 0; l < inner_.size(); ++l)
    log_detail("aggregates: " + std::to_string(levels_[l].first.back()) + ", largest eigenvalue " +
               format_number(levels_[l].largest_eigenvalue, 4) + ", " +
               std::to_string(inner_[l].cycles) + " cycles with eigenvalues from " +
               format_number(inner_[l].low, 3) + " to " + format_number(inner_[l].high, 3));
  log_detail("aggregates: " + std::to_string(levels_.back().first.back()) + ", solved exactly");
}

} // namespace calcar::voxel
