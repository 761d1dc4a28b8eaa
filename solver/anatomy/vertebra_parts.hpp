#pragma once

#include "anatomy/vertebra_axes.hpp"

#include <array>
#include <optional>

namespace calcar::anatomy
{

/// An endplate as found; coordinates along the axes of the vertebra (right, anterior, cranial), mm.
struct FoundEndplate
{
  Vec3 centre;
  double area = 0;       ///< seen along the cranial axis, mm^2
  double half_width = 0; ///< to the right and left of its centre
  double slope = 0;      ///< rise towards the front, mm per mm
  double strip_y = 0;    ///< middle of the strip along the midline, half as wide as the endplate
};

/// The narrowest section of a pedicle.
struct FoundPedicle
{
  Vec3 centre;
  double area = 0;
  double width = 0, height = 0;
};

/// What of a vertebra is found once its axes are roughly known; lengths in mm, points in
/// coordinates along `axes` (dot products with LPS points).
struct VertebraParts
{
  VertebraAxes axes;
  FoundEndplate superior, inferior;
  Vec3 body_centre;
  Vec3 anterior_wall, posterior_wall;
  double body_width = 0;
  double height_anterior = 0, height_posterior = 0;
  std::optional<CanalHole> canal;
  std::optional<FoundPedicle> right, left;

  Vec3 lps(Vec3 p) const { return p.x * axes.right + p.y * axes.front + p.z * axes.up; }
  Vec3 local(Vec3 p) const { return {dot(p, axes.right), dot(p, axes.front), dot(p, axes.up)}; }
  double height() const { return superior.centre.z - inferior.centre.z; }
  double depth() const { return anterior_wall.y - posterior_wall.y; }
};

/**
 * Finds endplates, walls, canal and pedicles along the given axes, which may be off by some 15
 * degrees: the axes of the result are corrected by what is found, over a few rounds (cranial along
 * the line of the endplate centres, front from the canal to the body; the pedicles are taken at
 * one depth, so that their line is across that).
 * `grain_mm` is the voxel the bone was seen in: how rough its surface is. Nothing when there is no
 * surface above or below the middle of the thick part.
 */
std::optional<VertebraParts> find_vertebra_parts(const BoneShape& shape, const ThickPart& part,
                                                 const VertebraAxes& axes, double grain_mm);

} // namespace calcar::anatomy
