#pragma once

#include "anatomy/vertebra_parts.hpp"

namespace calcar::anatomy
{

/// The bone resampled along its axes (`along_axes`), with the middle of its body and the limit of
/// the posterior wall.
struct VertebraView
{
  const BoneShape& shape;
  const image::Volume& along;
  VertebraAxes axes;
  double step;
  double grain;    ///< mm, how rough the surface is
  Vec3 first;      ///< coordinates of voxel (0,0,0)
  Vec3 middle;     ///< of the thick part
  double radius;   ///< of the largest ball in it
  double wall = 0; ///< y behind which the posterior elements are

  Vec3 lps(Vec3 p) const { return p.x * axes.right + p.y * axes.front + p.z * axes.up; }
  Vec3 at(int i, int j, int k) const { return first + step * Vec3{1.0 * i, 1.0 * j, 1.0 * k}; }
};

/// A voxel of the resampled bone from this on is inside.
constexpr float inside_from = 0.5F;

/// The outermost surface over each column of the body, with its posterior rims, from above (side 1)
/// or below (-1); NaN where there is none. Column (i, j) at i + nx j.
std::vector<double> height_map(const VertebraView& view, int side);

/// The superior (side 1) or inferior endplate: the columns that end near one plane, without those
/// over the roots of the pedicles. Nothing when the middle of the body has no surface there.
std::optional<FoundEndplate> find_endplate(const VertebraView& view, int side);

/// Sets both endplates' middles, corrected for the roots of the pedicles, which fill the rear
/// corners of the superior one, and puts them onto the surface.
void correct_for_pedicles(const VertebraView& view, VertebraParts& parts);

/// Finds the pedicles behind a body and a canal that are found.
void find_pedicles(const VertebraView& view, VertebraParts& parts);

} // namespace calcar::anatomy
