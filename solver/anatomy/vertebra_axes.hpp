#pragma once

#include "anatomy/bone_shape.hpp"

#include <optional>
#include <vector>

namespace calcar::anatomy
{

/// The thickest part of a bone: of a vertebra its body, what a ball of 0.65 of the largest one
/// inside can reach.
struct ThickPart
{
  Vec3 centre;       ///< of its mass
  double radius = 0; ///< of the largest ball inside, mm
  double volume_mm3 = 0;
  double second_radius = 0;          ///< of the largest ball inside the rest of the bone; 0: none
  Vec3 second_centre;                ///< where that is
  std::vector<SurfacePoint> surface; ///< its free surface
  std::vector<Vec3> areas;           ///< of each of these points' voxel faces, outwards, mm^2
  Vec3 rest_centre;                  ///< centre of mass of the rest of the bone
  double rest_mm3 = 0;               ///< volume of the rest
};

ThickPart thick_part(const BoneShape& shape);

/// True where the bone runs on past the border of the image.
bool on_image_border(const BoneShape& shape, const SurfacePoint& point);

/// A direction with two flat ends of the thick part on opposite sides.
struct FlatEnds
{
  Vec3 axis;           ///< unit; which way is not told
  double area = 0;     ///< of the smaller end, seen along the axis, mm^2
  double flatness = 0; ///< share of that end's outline that faces along the axis: 0.2 of a ball
};

/// The candidates for the axis of a vertebral body, largest ends first; at most four, at least 35
/// degrees apart.
std::vector<FlatEnds> flat_ends(const ThickPart& part);

/// Three directions of a vertebra, right-handed: right x anterior = cranial.
struct VertebraAxes
{
  Vec3 right;
  Vec3 front;
  Vec3 up;
};

/// Axes from the cranial direction and one that is roughly anterior.
VertebraAxes axes_from(Vec3 up, Vec3 roughly_front);

/**
 * The bone resampled along given axes: i to the right, j anterior, k cranial, values 0 to 1, as
 * value_at. One step of empty room all around.
 */
image::Volume along_axes(const BoneShape& shape, const VertebraAxes& axes, double step_mm);

/// The canal: the largest hole seen through the vertebra along k, in the coordinates along the
/// axes (dot products with LPS points), mm.
struct CanalHole
{
  double x = 0, y = 0; ///< centroid
  double x_low = 0, x_high = 0, y_low = 0, y_high = 0;
  double area = 0; ///< mm^2
};

/// The canal's least area over the square of the radius of the largest ball in the body.
constexpr double least_canal = 0.25;

/// Nothing when no hole of at least `least_area` mm^2 is seen.
std::optional<CanalHole> canal_hole(const image::Volume& along, const VertebraAxes& axes,
                                    double least_area);

} // namespace calcar::anatomy
