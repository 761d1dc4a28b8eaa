#include "analysis/response.hpp"

#include <algorithm>
#include <array>

namespace calcar::analysis
{

const std::string& to_string(Method method)
{
  static const std::array<std::string, 2> names = {"voxel", "mesh"};
  return names[static_cast<std::size_t>(method)];
}

std::optional<voxel::SolverCheck> merge(const std::optional<voxel::SolverCheck>& a,
                                        const std::optional<voxel::SolverCheck>& b)
{
  if (!a || !b)
    return a ? a : b;
  return voxel::SolverCheck{std::max(a->displacement_difference, b->displacement_difference),
                            std::max(a->reaction_difference, b->reaction_difference),
                            std::max(a->energy_difference, b->energy_difference),
                            std::max(a->unknowns, b->unknowns), a->seconds + b->seconds};
}

SolverSummary merge(const SolverSummary& a, const SolverSummary& b)
{
  SolverSummary sum = a;
  sum.unknowns = std::max(a.unknowns, b.unknowns);
  sum.elements = std::max(a.elements, b.elements);
  sum.levels = std::max(a.levels, b.levels);
  sum.right_hand_sides = a.right_hand_sides + b.right_hand_sides;
  sum.iterations = std::max(a.iterations, b.iterations);
  sum.iterations_total = a.iterations_total + b.iterations_total;
  sum.newton_total = a.newton_total + b.newton_total;
  sum.relative_residual = std::max(a.relative_residual, b.relative_residual);
  sum.at_rounding_limit = a.at_rounding_limit || b.at_rounding_limit;
  sum.fallback = a.fallback.empty() ? b.fallback : a.fallback;
  sum.aggregation = a.aggregation || b.aggregation;
  sum.aggregation_left_out = a.aggregation_left_out || b.aggregation_left_out;
  sum.seconds = a.seconds + b.seconds;
  sum.check = merge(a.check, b.check);
  return sum;
}

} // namespace calcar::analysis
