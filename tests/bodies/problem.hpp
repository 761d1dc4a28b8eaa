#pragma once

#include "model/voxel_body.hpp"

#include <array>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <map>
#include <string>
#include <utility>
#include <vector>

/**
 * Bodies that stand for the hard cases of bone mechanics, for tests and benchmarks of the solver.
 * All are made from formulas and hashed numbers: the same on every machine. This header holds what
 * the generators share; the bodies are in nails.hpp, bones.hpp and blocks.hpp, the list of all in
 * hard_cases.hpp.
 */
namespace test_bodies
{

using calcar::Vec3;
using calcar::model::NodalForce;
using calcar::model::NodeIndex;
using calcar::model::VoxelBody;
using calcar::model::VoxelSupports;

/// A body with supports and one load case, as Engine wants them.
struct Problem
{
  std::string name;
  VoxelBody body;
  VoxelSupports supports;
  std::vector<NodalForce> forces;
  double scale = 1; ///< of the prescribed displacements
};

/// Moduli in MPa.
constexpr double cortex = 17000;
constexpr double spongy_bone = 300;
constexpr double marrow = 10;
constexpr double titanium = 110000; ///< 1.1e4 times marrow
constexpr double steel = 200000;

/// A number in [0, 1) that depends on the three indices and the seed only.
inline double hashed(int i, int j, int k, std::uint64_t seed = 0)
{
  std::uint64_t value = static_cast<std::uint64_t>(i) + 0x100003 * static_cast<std::uint64_t>(j) +
                        0x10000030007 * static_cast<std::uint64_t>(k) +
                        0x9e3779b97f4a7c15 * (seed + 1);
  value = (value ^ value >> 30) * 0xbf58476d1ce4e5b9;
  value = (value ^ value >> 27) * 0x94d049bb133111eb;
  return static_cast<double>((value ^ value >> 31) >> 11) * 0x1p-53;
}

/// The body of voxels with youngs(i, j, k) > 0, in MPa.
template <typename Youngs>
VoxelBody make_body(std::array<int, 3> size, const Youngs& youngs, double poisson = 0.3,
                    Vec3 spacing = {1, 1, 1})
{
  VoxelBody body;
  body.grid.size = size;
  body.grid.spacing = spacing;
  for (int k = 0; k < size[2]; ++k)
    for (int j = 0; j < size[1]; ++j)
      for (int i = 0; i < size[0]; ++i)
        if (const double modulus = youngs(i, j, k); modulus > 0)
        {
          body.voxels.push_back(body.grid.offset(i, j, k));
          body.youngs.push_back(static_cast<float>(modulus));
          body.poisson.push_back(static_cast<float>(poisson));
        }
  return body;
}

inline std::array<int, 3> voxel_at(const VoxelBody& body, std::uint64_t offset)
{
  const auto nx = static_cast<std::uint64_t>(body.grid.size[0]);
  const auto ny = static_cast<std::uint64_t>(body.grid.size[1]);
  return {static_cast<int>(offset % nx), static_cast<int>(offset / nx % ny),
          static_cast<int>(offset / (nx * ny))};
}

/// The nodes on the bottom (k = 0) or top face of the grid, each with the sum of the moduli of its
/// voxels in that layer.
inline std::map<NodeIndex, double> end_nodes(const VoxelBody& body, bool top)
{
  const int layer = top ? body.grid.size[2] - 1 : 0;
  std::map<NodeIndex, double> nodes;
  for (std::size_t v = 0; v < body.voxels.size(); ++v)
    if (const auto at = voxel_at(body, body.voxels[v]); at[2] == layer)
      for (int corner = 0; corner < 4; ++corner)
        nodes[{at[0] + (corner & 1), at[1] + (corner >> 1), layer + top}] +=
            static_cast<double>(body.youngs[v]);
  return nodes;
}

/// Holds components of an end; axes as bits (1 = i, 2 = j, 4 = k).
inline void hold_end(Problem& problem, bool top, unsigned axes, Vec3 displacement = {})
{
  const int support = static_cast<int>(problem.supports.names.size());
  problem.supports.names.push_back(top ? "top" : "bottom");
  for (const auto& [node, weight] : end_nodes(problem.body, top))
    for (unsigned axis = 0; axis < 3; ++axis)
      if (axes >> axis & 1)
        problem.supports.fixed.push_back(
            {node, static_cast<int>(axis), displacement[axis], support});
}

/// How the upper end of a body that is clamped at k = 0 is loaded.
enum class Load
{
  plates,  ///< the upper end is moved by -1 % along k and held across
  bending, ///< 100 N along i, shared by stiffness
  torsion  ///< 1 N m about k, tangential forces shared by stiffness and radius
};

inline std::string name_of(Load load)
{
  return load == Load::plates ? "plates" : load == Load::bending ? "bending" : "torsion";
}

inline void add_torsion(Problem& problem)
{
  const auto nodes = end_nodes(problem.body, true);
  const Vec3 spacing = problem.body.grid.spacing;
  double total = 0, x = 0, y = 0, moment = 0;
  for (const auto& [node, weight] : nodes)
  {
    total += weight;
    x += weight * node.i * spacing.x;
    y += weight * node.j * spacing.y;
  }
  for (const auto& [node, weight] : nodes)
  {
    const double rx = node.i * spacing.x - x / total, ry = node.j * spacing.y - y / total;
    problem.forces.push_back({node, {-weight * ry, weight * rx, 0}});
    moment += weight * (rx * rx + ry * ry);
  }
  for (NodalForce& force : problem.forces)
    force.force = 1000 / moment * force.force;
}

/// The body clamped at k = 0 and loaded at its other end.
inline Problem clamped(std::string name, VoxelBody body, Load load)
{
  Problem problem;
  problem.name = std::move(name) + ", " + name_of(load);
  problem.body = std::move(body);
  hold_end(problem, false, 7);
  if (load == Load::plates)
    hold_end(problem, true, 7,
             {0, 0, -0.01 * problem.body.grid.size[2] * problem.body.grid.spacing.z});
  if (load == Load::torsion)
    add_torsion(problem);
  if (load == Load::bending)
  {
    double total = 0;
    const auto nodes = end_nodes(problem.body, true);
    for (const auto& [node, weight] : nodes)
      total += weight;
    for (const auto& [node, weight] : nodes)
      problem.forces.push_back({node, {100 * weight / total, 0, 0}});
  }
  return problem;
}

} // namespace test_bodies
