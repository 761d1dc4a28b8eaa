#include "voxel/coarse_choice.hpp"

#include <cmath>

namespace calcar::voxel
{

bool begins_with_aggregates(std::uint64_t voxels, std::uint64_t nodes, double stiffest_MPa)
{
  constexpr std::uint64_t fewest_unknowns = 100000;
  return 3 * nodes >= fewest_unknowns &&
         (stiffest_MPa > metal_above_MPa ||
          static_cast<double>(voxels) < porous_below * static_cast<double>(nodes));
}

bool CoarseChoice::takes_over(double residual)
{
  constexpr std::size_t first = 10, window = 6;
  constexpr double setup = 8, load = 28; // in V-cycles
  constexpr double nearly_there = 10;
  residuals_.push_back(residual);
  const std::size_t done = residuals_.size();
  if (done < first || !(residual > nearly_there * goal_))
    return false;
  const double factor = std::pow(residual / residuals_[done - 1 - window], 1.0 / window);
  if (!(factor < 1))
    return true;
  const double remaining = std::log(goal_ / residual) / std::log(factor);
  const double later = loads_left_ - 1;
  return remaining + later * (static_cast<double>(done) + remaining) > setup + load * (1 + later);
}

} // namespace calcar::voxel
