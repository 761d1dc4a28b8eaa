#pragma once

#include "analysis/response.hpp"

#include <algorithm>
#include <cmath>
#include <string>
#include <utility>
#include <vector>

namespace calcar::analysis
{

/**
 * The loads of a basis as a body has them: nodal forces, those that balance them by inertia
 * included, and what they come to.
 */
template <typename NodalForce>
struct NodalLoads
{
  std::vector<std::vector<NodalForce>> forces;
  Vec3 about; ///< what all moments are about, LPS mm
  double reach_mm = 0;
  std::vector<Wrench> applied;
  std::vector<Wrench> inertia;
  std::vector<double> gross_N;
};

/// Mean of some points, and how far they reach from it, as what moments are about.
template <typename NodalForce>
void measure(const std::vector<Vec3>& points, NodalLoads<NodalForce>& loads)
{
  for (const Vec3& point : points)
    loads.about += point / static_cast<double>(points.size());
  for (const Vec3& point : points)
    loads.reach_mm = std::max(loads.reach_mm, norm(point - loads.about));
}

/// Adds a load: its nodal forces, and those of inertia where it balances them.
template <typename NodalForce, typename Place, typename Turn>
void add_load(std::vector<NodalForce> forces, const std::vector<NodalForce>& inertia,
              const Place& place, const Turn& turn, NodalLoads<NodalForce>& loads)
{
  loads.applied.push_back(wrench_of(forces, loads.about, place, turn));
  loads.inertia.push_back(wrench_of(inertia, loads.about, place, turn));
  loads.gross_N.push_back(0);
  for (const NodalForce& one : forces)
    loads.gross_N.back() += norm(one.force);
  forces.insert(forces.end(), inertia.begin(), inertia.end());
  loads.forces.push_back(std::move(forces));
}

/**
 * sum over l of coefficients[l] * solutions[l], in the axes of the solutions: those of a voxel
 * engine or of finite elements on a mesh. Reactions, which are put together by `supports`, and the
 * equilibrium are in LPS; `place(node)` is LPS mm, `turn` takes a force to LPS. Energies do not add
 * up and stay 0.
 */
template <typename Solution, typename Supports, typename NodalForce, typename Place, typename Turn>
Response combine(const std::string& name, const std::vector<double>& coefficients,
                 const std::vector<Solution>& solutions, const NodalSupports<Supports>& supports,
                 const NodalLoads<NodalForce>& loads, const Place& place, const Turn& turn)
{
  Response response;
  response.name = name;
  response.strain.resize(solutions.front().strain.size());
  response.displacement.resize(solutions.front().displacement.size());
  if constexpr (requires { solutions.front().strain_points; })
    response.strain_points.resize(solutions.front().strain_points.size());
  for (const std::string& support : supports.names)
    response.reactions.push_back({support, {}});
  Equilibrium& sum = response.equilibrium;
  sum.about = loads.about;
  sum.reach_mm = loads.reach_mm;
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
    sum.applied.add(c, loads.applied[l]);
    sum.inertia.add(c, loads.inertia[l]);
    sum.gross_N += std::abs(c) * loads.gross_N[l];
    for (std::size_t s = 0; s < supports.node.size(); ++s)
    {
      const Vec3 reaction = turn(c * solutions[l].reaction[s]);
      response.reactions[supports.of[s]].force += reaction;
      sum.reactions.add(1, {reaction, cross(place(supports.node[s]) - loads.about, reaction)});
    }
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
