#pragma once

#include "anatomy/long_bone.hpp"

#include <optional>
#include <vector>

namespace calcar::anatomy
{

/// The end of a bone as heights over a net across its axis, as seen from beyond it.
struct EndFace
{
  Vec3 origin;               ///< on the axis, at the outermost level
  Vec3 u, v, outwards;       ///< unit vectors of the net and of the height
  double step = 1;           ///< mm between its points
  int half = 0;              ///< points from the middle to each side
  std::vector<double> depth; ///< below the origin, mm; negative where there is no bone

  double at(int i, int j) const
  {
    return depth[static_cast<std::size_t>((j + half) * (2 * half + 1) + i + half)];
  }
  bool bone(int i, int j) const { return at(i, j) >= 0; }
  Vec3 point(int i, int j) const
  {
    return origin + i * step * u + j * step * v - at(i, j) * outwards;
  }
  /// The surface's unit normal, over two points to each side; zero where that is not all bone.
  Vec3 normal(int i, int j) const;
  /// Cosine between the surface's normal and `outwards`; 0 where there is none.
  double upright(int i, int j) const { return dot(normal(i, j), outwards); }
};

/**
 * Looks at the end from beyond it along the axis: the first bone on each line, as far as
 * `deepest_mm` below the outermost level and `reach_mm` from the axis. `outwards` is the view.
 */
EndFace look_at_end(const BoneShape& shape, Vec3 on_axis_at_end, Vec3 outwards, Vec3 towards,
                    double reach_mm, double deepest_mm);

} // namespace calcar::anatomy
