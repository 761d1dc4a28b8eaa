#pragma once

#include "base/vec3.hpp"

#include <array>
#include <cstdint>

namespace calcar::lesion
{

/**
 * One point for each cube of an endless lattice, moved about its middle by a hash of cube and seed:
 * the same for every voxel size, rank and computer. Lattice and points lie in the bone's own axes
 * and turn, or are mirrored, with it.
 */
struct Seeds
{
  using Cell = std::array<std::int64_t, 3>;

  Vec3 origin;            ///< LPS mm
  Mat3 axes = identity(); ///< rows: unit vectors of the bone's directions, orthonormal
  double cell_mm = 1;     ///< edge of a cube
  std::uint64_t seed = 1;

  Cell cell_at(Vec3 point) const;
  /// The cube's point, LPS mm: within a quarter of an edge of its middle along each axis.
  Vec3 point(const Cell& cell) const;
  /// A number from 0 to 1 of the cube, evenly spread over the cubes.
  double value(const Cell& cell) const;
  /// The cube with the nearest point among the 27 about a place.
  Cell nearest(Vec3 place) const;
};

} // namespace calcar::lesion
