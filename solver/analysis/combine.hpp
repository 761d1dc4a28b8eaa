#pragma once

#include "analysis/response.hpp"

#include <string>
#include <vector>

namespace calcar::analysis
{

/**
 * sum over l of coefficients[l] * solutions[l], in the axes of the solutions: those of a voxel
 * engine or of finite elements on a mesh. Reactions too; energies do not add up and stay 0.
 */
template <typename Solution>
Response combine(const std::string& name, const std::vector<double>& coefficients,
                 const std::vector<Solution>& solutions, const std::vector<std::string>& supports)
{
  Response response;
  response.name = name;
  response.strain.resize(solutions.front().strain.size());
  response.displacement.resize(solutions.front().displacement.size());
  if constexpr (requires { solutions.front().strain_points; })
    response.strain_points.resize(solutions.front().strain_points.size());
  for (const std::string& support : supports)
    response.reactions.push_back({support, {}});
  for (std::size_t l = 0; l < solutions.size(); ++l)
  {
    const double c = coefficients[l];
    if (c == 0)
      continue;
    for (std::size_t v = 0; v < response.strain.size(); ++v)
      response.strain[v] = response.strain[v] + c * solutions[l].strain[v];
    if constexpr (requires { solutions[l].strain_points; })
    {
      for (std::size_t q = 0; q < response.strain_points.size(); ++q)
        response.strain_points[q] = response.strain_points[q] + c * solutions[l].strain_points[q];
    }
    for (std::size_t n = 0; n < response.displacement.size(); ++n)
      response.displacement[n] += c * solutions[l].displacement[n];
    for (std::size_t s = 0; s < supports.size(); ++s)
      response.reactions[s].force += c * solutions[l].reaction[s];
  }
  return response;
}

/// f . u / 2 of the forces sum over l of coefficients[l] * loads[l], in N mm; `number(force)` is
/// the place of a force's node among the displacements.
template <typename NodalForce, typename Number>
double external_work(const std::vector<std::vector<NodalForce>>& loads,
                     const std::vector<double>& coefficients, const std::vector<Vec3>& displacement,
                     const Number& number)
{
  double work = 0;
  for (std::size_t l = 0; l < loads.size(); ++l)
    if (coefficients[l] != 0)
      for (const NodalForce& force : loads[l])
        work += 0.5 * coefficients[l] * dot(force.force, displacement[number(force)]);
  return work;
}

} // namespace calcar::analysis
