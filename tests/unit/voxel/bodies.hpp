#pragma once

#include "base/error.hpp"
#include "model/voxel_body.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdint>
#include <functional>
#include <random>

/// Small bodies, supports and loads for the tests of the voxel engine.
namespace bodies
{

using calcar::Vec3;
using calcar::model::NodalForce;
using calcar::model::NodeIndex;
using calcar::model::VoxelBody;
using calcar::model::VoxelSupports;

/// Modulus in MPa of voxel (i, j, k); 0 is void.
using Modulus = std::function<double(int, int, int)>;

inline VoxelBody body(std::array<int, 3> size, Vec3 spacing, const Modulus& youngs,
                      double poisson = 0.25)
{
  VoxelBody result;
  result.grid.size = size;
  result.grid.spacing = spacing;
  for (int k = 0; k < size[2]; ++k)
    for (int j = 0; j < size[1]; ++j)
      for (int i = 0; i < size[0]; ++i)
        if (const double modulus = youngs(i, j, k); modulus > 0)
        {
          result.voxels.push_back(result.grid.offset(i, j, k));
          result.youngs.push_back(static_cast<float>(modulus));
          result.poisson.push_back(static_cast<float>(poisson));
        }
  return result;
}

/// E = 1000 MPa with nu = 1/4 has lambda = mu = 400 MPa, exact in single precision.
inline VoxelBody block(std::array<int, 3> size, Vec3 spacing = {1, 1, 1})
{
  return body(size, spacing, [](int, int, int) { return 1000.0; });
}

inline std::array<int, 3> indices(const VoxelBody& b, std::uint64_t offset)
{
  const auto nx = static_cast<std::uint64_t>(b.grid.size[0]);
  const auto ny = static_cast<std::uint64_t>(b.grid.size[1]);
  return {static_cast<int>(offset % nx), static_cast<int>(offset / nx % ny),
          static_cast<int>(offset / (nx * ny))};
}

/// Calls visit(node, number of active voxels around it) for all nodes of the body.
inline void for_nodes(const VoxelBody& b, const std::function<void(NodeIndex, int)>& visit)
{
  const auto& grid = b.grid;
  std::vector<char> active(grid.voxels(), 0);
  for (const auto offset : b.voxels)
    active[offset] = 1;
  for (int k = 0; k <= grid.size[2]; ++k)
    for (int j = 0; j <= grid.size[1]; ++j)
      for (int i = 0; i <= grid.size[0]; ++i)
      {
        int around = 0;
        for (int n = 0; n < 8; ++n)
        {
          const int x = i - (n & 1), y = j - (n >> 1 & 1), z = k - (n >> 2);
          around += grid.contains(x, y, z) && active[grid.offset(x, y, z)];
        }
        if (around > 0)
          visit({i, j, k}, around);
      }
}

/// Fixes one axis (or all three, axis -1) of the nodes in plane k.
inline void fix_plane(const VoxelBody& b, int k, int axis, double displacement, int support,
                      VoxelSupports& supports)
{
  for_nodes(b,
            [&](NodeIndex node, int)
            {
              if (node.k == k)
                for (int a = 0; a < 3; ++a)
                  if (axis == -1 || axis == a)
                    supports.fixed.push_back({node, a, displacement, support});
            });
}

/// Nodal forces of a uniform traction with this resultant on the full end face k of a block.
inline std::vector<NodalForce> end_load(const VoxelBody& b, int k, Vec3 resultant)
{
  const int nx = b.grid.size[0], ny = b.grid.size[1];
  std::vector<NodalForce> forces;
  for (int j = 0; j <= ny; ++j)
    for (int i = 0; i <= nx; ++i)
    {
      const double share = (i == 0 || i == nx ? 0.5 : 1.0) * (j == 0 || j == ny ? 0.5 : 1.0);
      forces.push_back({{i, j, k}, share / (nx * ny) * resultant});
    }
  return forces;
}

/// The same random number for a voxel in every test.
inline double noise(int i, int j, int k)
{
  std::mt19937 generator(static_cast<unsigned>(i + 1000 * j + 1000000 * k + 17));
  return static_cast<double>(generator()) / 4294967296.0;
}

/// A block with moduli from 50 to 20000 MPa.
inline VoxelBody contrast_block(std::array<int, 3> size, Vec3 spacing = {1, 1, 1})
{
  return body(
      size, spacing, [](int i, int j, int k) { return 50 * std::pow(400, noise(i, j, k)); }, 0.3);
}

/// A sheet-like porous block: the neighbourhood of a gyroid, about a quarter solid.
inline VoxelBody porous_block(std::array<int, 3> size)
{
  return body(
      size, {1, 1, 1},
      [](int i, int j, int k)
      {
        const double x = 0.4 * i, y = 0.4 * j, z = 0.4 * k;
        const double level =
            std::sin(x) * std::cos(y) + std::sin(y) * std::cos(z) + std::sin(z) * std::cos(x);
        return std::abs(level) < 0.4 ? 10000.0 : 0.0;
      },
      0.3);
}

/// A bowed tube of compact bone with marrow and a hole in its wall, along k.
inline VoxelBody bone_tube(int width, int length, Vec3 spacing = {1, 1, 1})
{
  return body(
      {width, width, length}, spacing,
      [=](int i, int j, int k)
      {
        const double bow = 0.1 * width * std::sin(3.14159265 * k / length);
        const double x = i + 0.5 - 0.5 * width - bow, y = j + 0.5 - 0.5 * width;
        const double radius = std::hypot(x, y) / width;
        const double hole = std::hypot(y, k + 0.5 - 0.5 * length) / width;
        if (radius >= 0.38)
          return 0.0;
        if (hole < 0.12 && x > 0)
          return 20.0;
        return radius > 0.26 ? 17000.0 : 300.0;
      },
      0.3);
}

} // namespace bodies
