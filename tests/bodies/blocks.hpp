#pragma once

#include "bodies/problem.hpp"
#include "voxel/checks.hpp"

#include <algorithm>

/// Cubes of bone tissue.
namespace test_bodies
{

/// Solid bone whose modulus varies by a factor of 400 (50 to 20000 MPa): smooth over `size` / 3
/// voxels, with noise of a factor of 4 from voxel to voxel.
inline VoxelBody heterogeneous_cube(int size)
{
  const double wave = 6.2831853 * 3 / size;
  return make_body({size, size, size},
                   [=](int i, int j, int k)
                   {
                     const double smooth =
                         0.5 + (std::sin(wave * i + 1) + std::sin(wave * j + 0.7 * wave * i) +
                                std::cos(wave * k - 0.5 * wave * j)) /
                                   6;
                     return 100 * std::pow(100.0, smooth) * std::pow(4.0, hashed(i, j, k) - 0.5);
                   });
}

/// The largest piece of a body whose voxels hang together by faces.
inline VoxelBody largest_piece(const VoxelBody& body)
{
  const auto all = calcar::voxel::pieces(body, calcar::voxel::Joint::face);
  VoxelBody result;
  result.grid = body.grid;
  for (const std::uint64_t v : all.front().voxels)
  {
    result.voxels.push_back(body.voxels[v]);
    result.youngs.push_back(body.youngs[v]);
    result.poisson.push_back(body.poisson[v]);
  }
  return result;
}

/// Sheets around a gyroid with a period of 16 voxels, a quarter solid: plate-like spongy bone, and
/// implants that are printed so.
inline VoxelBody gyroid_cube(int size)
{
  return make_body({size, size, size},
                   [](int i, int j, int k)
                   {
                     const double x = 0.4 * i, y = 0.4 * j, z = 0.4 * k;
                     const double level = std::sin(x) * std::cos(y) + std::sin(y) * std::cos(z) +
                                          std::sin(z) * std::cos(x);
                     return std::abs(level) < 0.4 ? 10000.0 : 0.0;
                   });
}

/// Marks the voxels whose centre lies within `radius` of the segment from a to b.
inline void draw_strut(std::vector<char>& solid, int size, Vec3 a, Vec3 b, double radius)
{
  std::array<int, 3> low{}, high{};
  for (std::size_t d = 0; d < 3; ++d)
  {
    low[d] = std::max(0, static_cast<int>(std::min(a[d], b[d]) - radius - 1));
    high[d] = std::min(size - 1, static_cast<int>(std::max(a[d], b[d]) + radius + 1));
  }
  const Vec3 along = b - a;
  for (int k = low[2]; k <= high[2]; ++k)
    for (int j = low[1]; j <= high[1]; ++j)
      for (int i = low[0]; i <= high[0]; ++i)
      {
        const Vec3 at = Vec3{i + 0.5, j + 0.5, k + 0.5} - a;
        const double t = std::clamp(dot(at, along) / dot(along, along), 0.0, 1.0);
        if (norm(at - t * along) < radius)
          solid[static_cast<std::size_t>(i) +
                static_cast<std::size_t>(size) *
                    (static_cast<std::size_t>(j) +
                     static_cast<std::size_t>(size) * static_cast<std::size_t>(k))] = 1;
      }
}

/**
 * Rod-like spongy bone. Joints on a lattice of `pitch` voxels, moved by up to 3/8 of it, are linked
 * to their neighbours by struts of radius `thinnest` to `thinnest` + `spread` voxels; a fifth of
 * the struts is missing, and two of three joints have one diagonal strut. Parts that hang on an
 * edge or on nothing are removed.
 */
inline VoxelBody strut_lattice(int size, int pitch, double thinnest, double spread)
{
  std::vector<char> solid(static_cast<std::size_t>(size) * static_cast<std::size_t>(size) *
                          static_cast<std::size_t>(size));
  const auto joint = [pitch](int i, int j, int k)
  {
    const double away = 0.75 * pitch;
    return Vec3{pitch * i + away * (hashed(i, j, k, 1) - 0.5),
                pitch * j + away * (hashed(i, j, k, 2) - 0.5),
                pitch * k + away * (hashed(i, j, k, 3) - 0.5)};
  };
  const auto draw = [&](int i, int j, int k, std::uint64_t seed, std::array<int, 3> step)
  {
    draw_strut(solid, size, joint(i, j, k), joint(i + step[0], j + step[1], k + step[2]),
               thinnest + spread * hashed(i, j, k, seed + 10));
  };
  const int cells = size / pitch + 1;
  for (int k = -1; k <= cells; ++k)
    for (int j = -1; j <= cells; ++j)
      for (int i = -1; i <= cells; ++i)
      {
        for (int axis = 0; axis < 3; ++axis)
          if (hashed(i, j, k, 4 + static_cast<std::uint64_t>(axis)) < 0.8)
            draw(i, j, k, 4 + static_cast<std::uint64_t>(axis), {axis == 0, axis == 1, axis == 2});
        const int sign = hashed(i, j, k, 8) < 0.5 ? -1 : 1;
        if (hashed(i, j, k, 7) < 0.67)
          draw(i, j, k, 7, {1, sign, 1});
      }
  std::size_t n = 0;
  return largest_piece(
      make_body({size, size, size}, [&](int, int, int) { return solid[n++] ? 10000.0 : 0.0; }));
}

/// Struts of radius 1.4 to 1.8 voxels, a third solid.
inline VoxelBody strut_cube(int size)
{
  return strut_lattice(size, 8, 1.4, 0.4);
}

/// Struts of radius 2.7 to 3.5 voxels, twice as far apart: 33 % solid, with 2.95 M unknowns at 128.
inline VoxelBody thick_strut_cube(int size)
{
  return strut_lattice(size, 16, 2.7, 0.8);
}

/// Struts of radius 0.9 to 1.5 voxels, many of them one voxel thin or hinged in places: a fifth
/// solid (20.4 % at 48, 21.7 % at 64 voxels).
inline VoxelBody thin_strut_cube(int size)
{
  return strut_lattice(size, 8, 0.9, 0.6);
}

} // namespace test_bodies
