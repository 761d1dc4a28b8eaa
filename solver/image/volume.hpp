#pragma once

#include "base/provenance.hpp"
#include "base/vec3.hpp"

#include <array>
#include <cstddef>
#include <cstdint>
#include <vector>

namespace calcar::image
{

/**
 * A regular grid of voxels in LPS millimetres (x to the patient's left, y to posterior, z to
 * superior), as DICOM and ITK have it. Voxel (i, j, k) has its centre at origin + direction * (i
 * sx, j sy, k sz); i runs fastest in memory.
 */
struct Grid
{
  std::array<int, 3> size = {0, 0, 0};
  Vec3 origin;                 ///< centre of voxel (0,0,0), mm
  Vec3 spacing = {1, 1, 1};    ///< mm
  Mat3 direction = identity(); ///< columns are the unit vectors of the i, j and k axes in LPS

  std::size_t voxels() const
  {
    return static_cast<std::size_t>(size[0]) * static_cast<std::size_t>(size[1]) *
           static_cast<std::size_t>(size[2]);
  }
  std::size_t offset(int i, int j, int k) const
  {
    return static_cast<std::size_t>(i) +
           static_cast<std::size_t>(size[0]) *
               (static_cast<std::size_t>(j) +
                static_cast<std::size_t>(size[1]) * static_cast<std::size_t>(k));
  }
  bool contains(int i, int j, int k) const
  {
    return i >= 0 && j >= 0 && k >= 0 && i < size[0] && j < size[1] && k < size[2];
  }
  double voxel_volume() const { return spacing.x * spacing.y * spacing.z; } ///< mm^3
  /// LPS position of a continuous index; (0,0,0) is the centre of the first voxel.
  Vec3 point(Vec3 index) const
  {
    return origin + direction * Vec3{index.x * spacing.x, index.y * spacing.y, index.z * spacing.z};
  }
  /// Continuous index of an LPS position.
  Vec3 index(Vec3 point) const
  {
    const Vec3 local = transpose(direction) * (point - origin);
    return {local.x / spacing.x, local.y / spacing.y, local.z / spacing.z};
  }
};

/// True when two grids have the same size and their corners agree within `tolerance_mm`.
bool same_grid(const Grid& a, const Grid& b, double tolerance_mm = 1e-3);

/// Voxel values on a grid.
template <typename T>
struct Image
{
  Grid grid;
  std::vector<T> values;
  Source source; ///< file it was read from; empty when computed

  T& at(int i, int j, int k) { return values[grid.offset(i, j, k)]; }
  const T& at(int i, int j, int k) const { return values[grid.offset(i, j, k)]; }
};

using Volume = Image<float>; ///< HU, density in g/cm^3 or modulus in MPa, as the context says
using LabelMap = Image<std::int32_t>; ///< 0 is background
using Mask = Image<std::uint8_t>;     ///< 0 outside, 1 inside

} // namespace calcar::image
